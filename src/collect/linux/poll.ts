import koffi from 'koffi';

const poll = koffi.load('libc.so.6').func('int poll(void *, unsigned long, int)');
const pollIn = 1;
const entryBytes = 8;

/** Waits for something to read on any of some descriptors (poll(2)). Blocks the thread. */
export class Waiting {
  readonly #entries: Buffer;

  constructor(descriptors: readonly number[]) {
    this.#entries = Buffer.alloc(descriptors.length * entryBytes);
    for (const [index, descriptor] of descriptors.entries()) {
      this.#entries.writeInt32LE(descriptor, index * entryBytes);
      this.#entries.writeInt16LE(pollIn, index * entryBytes + 4);
    }
  }

  wait(timeoutMs: number): boolean {
    return poll(this.#entries, this.#entries.length / entryBytes, timeoutMs) > 0;
  }
}
