import koffi from 'koffi';
import { MessageBatch } from './message-batch.ts';
import { Waiting } from './poll.ts';

/** Numbers of `linux/netlink.h` and the socket headers, as on x86-64 and arm64. */
const afNetlink = 16;
const sockRawCloexec = 0x80003;
const solSocket = 1;
const soReceiveBuffer = 8;
const soReceiveBufferForce = 33;
const eAgain = 11;
const eIntr = 4;
const eNoBufs = 105;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const void *, unsigned int)');
const setsockopt = libc.func('int setsockopt(int, int, int, const void *, unsigned int)');
const send = libc.func('long send(int, const void *, size_t, int)');
const close = libc.func('int close(int)');

class NetlinkError extends Error {
  override readonly name = 'NetlinkError';
}

/** `struct nlmsghdr`: length, type, flags, sequence, port. */
export const netlinkHeaderBytes = 16;
/** Longest message of the families that are read (`MAX_AUDIT_MESSAGE_LENGTH` and its header), with room. */
export const maxMessageBytes = 16_384;
/** Messages of one call: of most of them the kernel writes less than a page. */
const maxBatch = 128;

/** A netlink socket (netlink(7)) through libc. All calls block at most for the time that `wait` is given. */
export class NetlinkSocket {
  readonly descriptor: number;
  readonly #batch: MessageBatch;
  /** Messages of the batch, and how many of them were given out. */
  #taken = 0;
  #given = 0;
  readonly #waiting: Waiting;

  /** `groups` is the mask of multicast groups to join; 0 for questions only. Throws where the kernel refuses. */
  constructor(protocol: number, groups: number, bufferBytes: number) {
    this.descriptor = call('socket', socket(afNetlink, sockRawCloexec, protocol));
    try {
      const size = Buffer.alloc(4);
      size.writeInt32LE(bufferBytes);
      // Past the system's limit with CAP_NET_ADMIN, up to it without.
      if (setsockopt(this.descriptor, solSocket, soReceiveBufferForce, size, 4) !== 0) {
        setsockopt(this.descriptor, solSocket, soReceiveBuffer, size, 4);
      }
      const address = Buffer.alloc(12);
      address.writeUInt16LE(afNetlink, 0);
      address.writeUInt32LE(groups, 8);
      call('bind', bind(this.descriptor, address, address.length));
    } catch (error) {
      close(this.descriptor);
      throw error;
    }
    this.#batch = new MessageBatch(maxBatch, maxMessageBytes);
    this.#waiting = new Waiting([this.descriptor]);
  }

  /** Waits for something to read. Blocks the thread. */
  wait(timeoutMs: number): boolean {
    return this.#given < this.#taken || this.#waiting.wait(timeoutMs);
  }

  /**
   * The next message of the kernel with its header, valid until the next call; undefined when there is none now, `lost` when the buffer
   * has overrun since the last call. What another program sends to this socket is empty: only the kernel has the port 0.
   */
  receive(): Buffer | 'lost' | undefined {
    if (this.#given < this.#taken) return this.#batch.message(this.#given++);
    this.#given = 0;
    this.#taken = Math.max(0, this.#batch.take(this.descriptor));
    if (this.#taken > 0) return this.#batch.message(this.#given++);
    const error = koffi.errno();
    if (error === eNoBufs) return 'lost';
    if (error === eAgain || error === eIntr) return undefined;
    throw new NetlinkError(`recvmmsg failed with error ${error}`);
  }

  /** Sends a message with its header; false where the kernel refuses. */
  send(message: Buffer): boolean {
    return Number(send(this.descriptor, message, message.length, 0)) === message.length;
  }

  close(): void {
    close(this.descriptor);
    this.#batch.close();
  }
}

function call(name: string, result: number): number {
  if (result < 0) throw new NetlinkError(`${name} failed with error ${koffi.errno()}`);
  return result;
}
