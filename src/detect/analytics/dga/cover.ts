import { firstHash, hashStep } from './hash.ts';
import { begins, dictionary, digitsOf, longest, shortest, slotOf } from './words.ts';

/** A word that stands in a label. */
export interface Part {
  readonly hash: number;
  readonly start: number;
  readonly end: number;
  /** 0 (the most frequent) to 9. */
  readonly rarity: number;
}

/** How far a label is made of words. */
export interface Cover {
  /** The words in their order. */
  readonly parts: readonly Part[];
  /** Letters that stand in words. */
  readonly letters: number;
  /** Decimal digits by which the words are likelier than random letters. */
  readonly gain: number;
}

/** Decimal digits of one letter in 26. */
const digitsOfLetter = Math.log10(26);

/** The words that explain a label best, by how rare they are in running text. Time grows with the length times the longest word. */
export function coverOf(label: string): Cover {
  const { words, rarities, beginnings } = dictionary();
  const size = label.length;
  const gain = new Float64Array(size + 1);
  /** Of the word that ends here in the best cover: where it begins, its hash and its rarity. */
  const starts = new Int16Array(size + 1).fill(-1);
  const hashes = new Uint32Array(size + 1);
  const rareness = new Uint8Array(size + 1);
  for (let start = 0; start < size; start++) {
    const before = gain[start] as number;
    if (start > 0 && before > (gain[start + 1] as number)) {
      gain[start + 1] = before;
      starts[start + 1] = -1;
    }
    let hash = firstHash;
    const most = Math.min(longest, size - start);
    for (let length = 1; length <= most; length++) {
      hash = hashStep(hash, label.charCodeAt(start + length - 1));
      if (length < shortest) continue;
      if (length === shortest && !begins(beginnings, hash)) break;
      const slot = slotOf(words, hash >>> 0);
      if (words[slot] === 0) continue;
      const end = start + length;
      const value = before + length * digitsOfLetter - digitsOf(rarities[slot] as number);
      if (value <= (gain[end] as number)) continue;
      gain[end] = value;
      starts[end] = start;
      hashes[end] = hash >>> 0;
      rareness[end] = rarities[slot] as number;
    }
  }
  return traced(starts, hashes, rareness, gain[size] as number);
}

function traced(starts: Int16Array, hashes: Uint32Array, rareness: Uint8Array, gain: number): Cover {
  const parts: Part[] = [];
  let letters = 0;
  for (let end = starts.length - 1; end > 0;) {
    const start = starts[end] as number;
    if (start < 0) {
      end--;
      continue;
    }
    parts.push({ hash: hashes[end] as number, start, end, rarity: rareness[end] as number });
    letters += end - start;
    end = start;
  }
  return { parts: parts.reverse(), letters, gain };
}
