const chunkBytes = 2 ** 20;
const firstScratchBytes = 2 ** 14;

/**
 * Names of a tree as UTF-8, one behind the other in pieces of a mebibyte: a string for each takes three times as much, and is one
 * more object for the collector to look at. A name is first put down by `take`, and then kept or compared with those that are.
 */
export class Names {
  readonly #chunks: Buffer[] = [];
  #used = chunkBytes;
  #scratch = Buffer.allocUnsafeSlow(firstScratchBytes);
  #length = 0;

  /** Puts a name down for `keep` and `isAt`; gives a hash of it that begins with `seed`. */
  take(name: string, seed: number): number {
    if (name.length * 3 > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(name.length * 3);
    const scratch = this.#scratch;
    this.#length = name.length;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code >= 0x80) {
        this.#length = scratch.write(name);
        break;
      }
      scratch[at] = code;
    }
    let hash = seed;
    for (let at = 0; at < this.#length; at++) {
      hash = Math.imul(hash ^ (scratch[at] as number), 0x0100_0193);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  /** Bytes of the name that was put down. */
  get length(): number {
    return this.#length;
  }

  /** Keeps the name that was put down; gives where it stands. At most 4 GiB are kept, and no name longer than a mebibyte. */
  keep(): number {
    if (this.#used + this.#length > chunkBytes) {
      this.#chunks.push(Buffer.allocUnsafeSlow(chunkBytes));
      this.#used = 0;
    }
    const chunk = this.#chunks.length - 1;
    const at = this.#used;
    this.#chunks[chunk]?.set(this.#scratch.subarray(0, this.#length), at);
    this.#used += this.#length;
    return chunk * chunkBytes + at;
  }

  /** Whether the name at a place, which is as long as the one that was put down, is the same. */
  isAt(place: number): boolean {
    const chunk = this.#chunks[Math.floor(place / chunkBytes)];
    const from = place % chunkBytes;
    if (chunk === undefined) return false;
    for (let at = 0; at < this.#length; at++) if (chunk[from + at] !== this.#scratch[at]) return false;
    return true;
  }

  nameAt(place: number, length: number): string {
    const from = place % chunkBytes;
    return this.#chunks[Math.floor(place / chunkBytes)]?.toString('utf8', from, from + length) ?? '';
  }
}
