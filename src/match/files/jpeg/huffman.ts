import type { BitReader } from './bit-reader.ts';

/** Codes up to this length are found by one look. */
const quickBits = 9;
const maxLength = 16;

/** A table of codes (ITU T.81, annex C). */
export class HuffmanTable {
  readonly #values: Uint8Array;
  /** Length times 256 and value of the code that the next bits begin with; 0 when it is longer. */
  readonly #quick = new Uint16Array(1 << quickBits);
  /** By length: the largest code, -1 when there is none, and what added to a code gives the place of its value. */
  readonly #last = new Int32Array(maxLength + 1).fill(-1);
  readonly #shift = new Int32Array(maxLength + 1);

  /** `counts` holds how many codes have 1 to 16 bits, `values` what they stand for, in their order. */
  constructor(counts: Uint8Array, values: Uint8Array) {
    this.#values = values;
    for (let length = 1, code = 0, at = 0; length <= maxLength; length++, code <<= 1) {
      const count = counts[length - 1] ?? 0;
      this.#shift[length] = at - code;
      for (let index = 0; index < count && code < 1 << length; index++, code++, at++) this.#enter(code, length, at);
      if (count > 0) this.#last[length] = code - 1;
    }
  }

  /** The value of the next code; -1 when the bits are no code of the table. */
  read(bits: BitReader): number {
    const quick = this.#quick[bits.peek(quickBits)] ?? 0;
    if (quick !== 0) {
      bits.skip(quick >> 8);
      return quick & 0xff;
    }
    const next = bits.peek(maxLength);
    for (let length = quickBits + 1; length <= maxLength; length++) {
      const code = next >> (maxLength - length);
      if (code > (this.#last[length] ?? -1)) continue;
      bits.skip(length);
      return this.#values[code + (this.#shift[length] ?? 0)] ?? -1;
    }
    return -1;
  }

  #enter(code: number, length: number, at: number): void {
    if (length > quickBits) return;
    const first = code << (quickBits - length);
    this.#quick.fill((length << 8) | (this.#values[at] ?? 0), first, first + (1 << (quickBits - length)));
  }
}
