/**
 * The /16 blocks of IPv4 in which anything is listed, one bit each. 8 KiB stay in the nearest cache, and most seen
 * addresses (the own machines above all) are in none: they never reach the large tables.
 */
export class V4Blocks {
  readonly #bits = new Uint32Array(2048);

  add(first: number, last: number): void {
    for (let block = first >>> 16; block <= last >>> 16; block++) {
      const word = block >>> 5;
      this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (block & 31));
    }
  }

  has(address: number): boolean {
    return ((this.#bits[address >>> 21] ?? 0) & (1 << ((address >>> 16) & 31))) !== 0;
  }
}
