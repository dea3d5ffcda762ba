import koffi from 'koffi';

/** Numbers of `linux/netlink.h`, `linux/audit.h` and the socket headers, as on x86-64 and arm64. */
const afNetlink = 16;
const sockRawCloexec = 0x80003;
const netlinkAudit = 9;
const groupReadLog = 1;
const solSocket = 1;
const soReceiveBuffer = 8;
const soReceiveBufferForce = 33;
const msgDontWait = 0x40;
const pollIn = 1;
const eAgain = 11;
const eIntr = 4;
const eNoBufs = 105;
const auditGet = 1000;
const auditListRules = 1013;
const nlmRequest = 1;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const void *, unsigned int)');
const setsockopt = libc.func('int setsockopt(int, int, int, const void *, unsigned int)');
const poll = libc.func('int poll(void *, unsigned long, int)');
const recvfrom = libc.func('long recvfrom(int, void *, size_t, int, void *, void *)');
const send = libc.func('long send(int, const void *, size_t, int)');
const close = libc.func('int close(int)');

/** A record as the kernel sends it: `audit(1364481363.243:24287): arch=…`, or the answer to a question. */
export interface AuditMessage {
  readonly type: number;
  readonly payload: Buffer;
}

/** `struct audit_status` as far as it is looked at. */
export interface AuditStatus {
  readonly isEnabled: boolean;
  /** Process id of an audit daemon; 0 without one. */
  readonly daemonPid: number;
  /** Records that the kernel dropped since it was last set to zero. */
  readonly lost: number;
  /** Nobody can change it until the next start of the machine. */
  readonly isLocked: boolean;
  /** Records a second; 0 for no bound. */
  readonly rateLimit: number;
  /** Records that may wait. */
  readonly backlogLimit: number;
}

class AuditSocketError extends Error {
  override readonly name = 'AuditSocketError';
}

/** Longest message that the kernel sends (`MAX_AUDIT_MESSAGE_LENGTH` and its header), with room. */
const maxMessageBytes = 16_384;
const headerBytes = 16;

/** Of a type below all records. */
const noRecord: AuditMessage = { type: 0, payload: Buffer.alloc(0) };

/** The kernel's audit records, by its multicast group: beside an audit daemon, and without taking its place. */
export class AuditSocket {
  readonly #descriptor: number;
  readonly #buffer = Buffer.alloc(maxMessageBytes);
  readonly #sender = Buffer.alloc(12);
  readonly #senderLength = Buffer.alloc(4);
  readonly #pollEntry = Buffer.alloc(8);

  /** Without a group it is for questions only. Needs CAP_AUDIT_READ in the first user namespace for the group of records. */
  constructor(bufferBytes: number, group: 'records' | 'none' = 'records') {
    this.#descriptor = call('socket', socket(afNetlink, sockRawCloexec, netlinkAudit));
    try {
      const size = Buffer.alloc(4);
      size.writeInt32LE(bufferBytes);
      // Past the system's limit with CAP_NET_ADMIN, up to it without.
      if (setsockopt(this.#descriptor, solSocket, soReceiveBufferForce, size, 4) !== 0) {
        setsockopt(this.#descriptor, solSocket, soReceiveBuffer, size, 4);
      }
      const address = Buffer.alloc(12);
      address.writeUInt16LE(afNetlink, 0);
      address.writeUInt32LE(group === 'records' ? groupReadLog : 0, 8);
      call('bind', bind(this.#descriptor, address, address.length));
    } catch (error) {
      close(this.#descriptor);
      throw error;
    }
    this.#pollEntry.writeInt32LE(this.#descriptor, 0);
    this.#pollEntry.writeInt16LE(pollIn, 4);
  }

  /** Waits for something to read. Blocks the thread. */
  wait(timeoutMs: number): boolean {
    return poll(this.#pollEntry, 1, timeoutMs) > 0;
  }

  /** The next message; undefined when there is none now, `lost` when the buffer has overrun since the last call. The payload is valid until the next call. */
  receive(): AuditMessage | 'lost' | undefined {
    this.#senderLength.writeUInt32LE(this.#sender.length);
    const length = Number(
      recvfrom(this.#descriptor, this.#buffer, this.#buffer.length, msgDontWait, this.#sender, this.#senderLength),
    );
    if (length >= 0) {
      // Only the kernel has the port 0: what another program sends to this socket is no record.
      if (length < headerBytes || this.#sender.readUInt32LE(4) !== 0) return noRecord;
      return { type: this.#buffer.readUInt16LE(4), payload: this.#buffer.subarray(headerBytes, length) };
    }
    const error = koffi.errno();
    if (error === eNoBufs) return 'lost';
    if (error === eAgain || error === eIntr) return undefined;
    throw new AuditSocketError(`recvfrom failed with error ${error}`);
  }

  /** Asks for the status; the answer comes as a message of type 1000. Needs CAP_AUDIT_CONTROL; false without it. */
  askStatus(): boolean {
    return this.#ask(auditGet);
  }

  /** Asks for the rules; each comes as a message of type 1013, and one of type 3 ends them. Needs CAP_AUDIT_CONTROL; false without it. */
  askRules(): boolean {
    return this.#ask(auditListRules);
  }

  #ask(type: number): boolean {
    const request = Buffer.alloc(headerBytes);
    request.writeUInt32LE(headerBytes, 0);
    request.writeUInt16LE(type, 4);
    request.writeUInt16LE(nlmRequest, 6);
    return Number(send(this.#descriptor, request, request.length, 0)) === headerBytes;
  }

  close(): void {
    close(this.#descriptor);
  }
}

/** The status in a message; undefined for any other message. */
export function statusOf({ type, payload }: AuditMessage): AuditStatus | undefined {
  if (type !== auditGet || payload.length < 32) return undefined;
  return {
    isEnabled: payload.readUInt32LE(4) !== 0,
    isLocked: payload.readUInt32LE(4) === 2,
    daemonPid: payload.readUInt32LE(12),
    rateLimit: payload.readUInt32LE(16),
    backlogLimit: payload.readUInt32LE(20),
    lost: payload.readUInt32LE(24),
  };
}

function call(name: string, result: number): number {
  if (result < 0) throw new AuditSocketError(`${name} failed with error ${koffi.errno()}`);
  return result;
}
