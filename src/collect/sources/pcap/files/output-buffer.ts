/** Bytes that are written and wait to be taken; it grows with what waits. */
export class OutputBuffer {
  #buffer = Buffer.alloc(64 * 1024);
  #length = 0;

  /** Room for so many bytes behind those that are there, and where it begins. */
  take(bytes: number): { readonly buffer: Buffer; readonly at: number } {
    const at = this.#length;
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#buffer.length, at + bytes));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#length = at + bytes;
    return { buffer: this.#buffer, at };
  }

  /** What was written since the last time; undefined when nothing was. */
  written(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const written = Uint8Array.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return written;
  }
}
