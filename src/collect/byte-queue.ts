/** Bytes that have come and are not used yet. Taking in n bytes costs n, however they were cut. */
export class ByteQueue {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What is there, as a view that the next `push` makes invalid. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Forgets the first bytes. */
  drop(count: number): void {
    this.#start = Math.min(this.#end, this.#start + count);
  }

  #makeRoom(count: number): void {
    const needed = this.length + count;
    const target = needed * 2 > this.#buffer.length ? Buffer.alloc(needed * 2) : this.#buffer;
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    this.#buffer = target;
  }
}
