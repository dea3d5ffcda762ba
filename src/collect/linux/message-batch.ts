import koffi from 'koffi';

const recvmmsg = koffi.load('libc.so.6').func('int recvmmsg(int, void *, unsigned int, int, void *)');
const msgDontWait = 0x40;

/** `struct mmsghdr`, `struct iovec` and `struct sockaddr_nl` of 64-bit machines, and where what is used of them stands. */
const headerBytes = 64;
const iovecPointerAt = 16;
const iovecCountAt = 24;
const lengthAt = 56;
const iovecBytes = 16;
const addressBytes = 12;
const addressSlotBytes = 16;
const portAt = 4;

/** Messages of a netlink socket that are taken by one call (recvmmsg(2)): at a flood the call costs more than the copy. */
export class MessageBatch {
  readonly #slotBytes: number;
  readonly #most: number;
  readonly #memory: unknown;
  readonly #headers: DataView;
  readonly #addresses: DataView;
  readonly #data: Buffer;

  /** For `most` messages of `slotBytes` at most; what is longer is cut by the kernel. */
  constructor(most: number, slotBytes: number) {
    this.#most = most;
    this.#slotBytes = slotBytes;
    const iovecsAt = most * headerBytes;
    const addressesAt = iovecsAt + most * iovecBytes;
    const dataAt = addressesAt + most * addressSlotBytes;
    const bytes = dataAt + most * slotBytes;
    // Outside of the heap: the kernel is given addresses in it that must stay.
    this.#memory = koffi.alloc('uint8_t', bytes);
    const view = koffi.view(this.#memory, bytes);
    const base = koffi.address(this.#memory);
    this.#headers = new DataView(view, 0, iovecsAt);
    this.#addresses = new DataView(view, addressesAt, most * addressSlotBytes);
    this.#data = Buffer.from(view, dataAt, most * slotBytes);
    new Uint8Array(view, 0, dataAt).fill(0);
    const iovecs = new DataView(view, iovecsAt, most * iovecBytes);
    for (let index = 0; index < most; index++) {
      const header = index * headerBytes;
      this.#headers.setBigUint64(header, base + BigInt(addressesAt + index * addressSlotBytes), true);
      this.#headers.setUint32(header + 8, addressBytes, true);
      this.#headers.setBigUint64(header + iovecPointerAt, base + BigInt(iovecsAt + index * iovecBytes), true);
      this.#headers.setBigUint64(header + iovecCountAt, 1n, true);
      iovecs.setBigUint64(index * iovecBytes, base + BigInt(dataAt + index * slotBytes), true);
      iovecs.setBigUint64(index * iovecBytes + 8, BigInt(slotBytes), true);
    }
  }

  /** Takes what is there; gives how many messages, or -1 with `errno` set, also where there is none. */
  take(descriptor: number): number {
    return recvmmsg(descriptor, this.#memory, this.#most, msgDontWait, null) as number;
  }

  /** Message `index` of the last call, valid until the next; empty where another program sent it: only the kernel has the port 0. */
  message(index: number): Buffer {
    const isOfKernel = this.#addresses.getUint32(index * addressSlotBytes + portAt, true) === 0;
    const length = isOfKernel ? this.#headers.getUint32(index * headerBytes + lengthAt, true) : 0;
    const at = index * this.#slotBytes;
    return this.#data.subarray(at, at + Math.min(length, this.#slotBytes));
  }

  close(): void {
    koffi.free(this.#memory);
  }
}
