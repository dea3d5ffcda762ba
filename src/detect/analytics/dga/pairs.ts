import { readFileSync } from 'node:fs';

/** Bits of the filter, a power of two, and how many of them a pair sets. */
export const pairBits = 2 ** 21;
const bitsOfPair = 5;

/** Words that stand beside each other in running text: a Bloom filter of pairs, of others one in 150 or so is taken for one. */
export class Pairs {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(pairBits / 8)) {
    if (bytes.length !== pairBits / 8) throw new RangeError('not a filter of this size');
    this.bytes = bytes;
  }

  add(first: number, second: number): void {
    for (let turn = 0; turn < bitsOfPair; turn++) {
      const bit = bitOf(first, second, turn);
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  has(first: number, second: number): boolean {
    for (let turn = 0; turn < bitsOfPair; turn++) {
      const bit = bitOf(first, second, turn);
      if (((this.bytes[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }
}

/** A bit of two words' hashes; the numbers are those of MurmurHash3's last step. */
function bitOf(first: number, second: number, turn: number): number {
  let mixed = (Math.imul(first, 3) + second + Math.imul(turn, 0x9e3779b1)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & (pairBits - 1);
}

let loaded: Pairs | undefined;

/** Those of `content/words`. */
export function commonPairs(): Pairs {
  return (loaded ??= new Pairs(readFileSync(new URL('../../../../content/words/pairs.bin', import.meta.url))));
}
