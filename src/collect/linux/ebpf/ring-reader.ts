import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const mmap = libc.func('void *mmap(void *, size_t, int, int, int, int64_t)');
const munmap = libc.func('int munmap(void *, size_t)');
const pageSize = libc.func('int getpagesize()');
const readable = 1;
const writable = 2;
const shared = 1;
const headerBytes = 8;
/** `MAP_FAILED` */
const mapFailed = -1n;
/** `BPF_RINGBUF_BUSY_BIT` and `BPF_RINGBUF_DISCARD_BIT`; below them stands the length. */
const busyBit = 0x8000_0000;
const discardBit = 0x4000_0000;
const lengthMask = 0x3fff_ffff;

/**
 * Reads a ring buffer of BPF where the kernel writes it (`kernel/bpf/ringbuf.c`): without a call or an object for each record. The first page
 * holds how far was read, the second how far was written, and then come the data, twice, so that no record is cut by the end.
 */
export class RingReader {
  readonly #bytes: number;
  readonly #page: number;
  readonly #maps: readonly [consumer: unknown, producer: unknown];
  readonly #consumed: BigInt64Array;
  readonly #produced: BigInt64Array;
  readonly #headers: Int32Array;
  readonly #data: Buffer;

  /** `bytes` is the size of the map, a power of two. */
  constructor(descriptor: number, bytes: number) {
    this.#bytes = bytes;
    this.#page = pageSize() as number;
    const producerBytes = this.#page + 2 * bytes;
    const consumer: unknown = mmap(null, this.#page, readable | writable, shared, descriptor, 0);
    const producer: unknown = mmap(null, producerBytes, readable, shared, descriptor, this.#page);
    this.#maps = [consumer, producer];
    if (this.#maps.some((map) => BigInt.asIntN(64, koffi.address(map)) === mapFailed)) {
      throw new Error('the ring buffer of the program cannot be mapped');
    }
    this.#consumed = new BigInt64Array(koffi.view(consumer, this.#page), 0, 1);
    const view = koffi.view(producer, producerBytes);
    this.#produced = new BigInt64Array(view, 0, 1);
    this.#headers = new Int32Array(view, this.#page);
    this.#data = Buffer.from(view, this.#page);
  }

  /** Hands over what is there, `most` records at most; gives how many. A record is valid during the call. */
  read(onRecord: (record: Buffer) => void, most: number): number {
    const mask = this.#bytes - 1;
    let at = Atomics.load(this.#consumed, 0);
    let count = 0;
    for (; count < most && at < Atomics.load(this.#produced, 0); count++) {
      const place = Number(at & BigInt(mask));
      const header = Atomics.load(this.#headers, place / 4);
      // Somebody is still writing it, and what comes behind it waits.
      if ((header & busyBit) !== 0) break;
      const length = header & lengthMask;
      if ((header & discardBit) === 0) {
        onRecord(this.#data.subarray(place + headerBytes, place + headerBytes + length));
      }
      at += BigInt((length + headerBytes + 7) & ~7);
      Atomics.store(this.#consumed, 0, at);
    }
    return count;
  }

  close(): void {
    munmap(this.#maps[0], this.#page);
    munmap(this.#maps[1], this.#page + 2 * this.#bytes);
  }
}
