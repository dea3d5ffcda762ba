import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { entryOf, firstHash, hashStep } from './hash.ts';

/** Letters of the shortest and the longest word that is looked for. */
export const shortest = 3;
export const longest = 12;
/** Letters that a word must explain beyond its own: many short words explain everything and tell nothing. */
const priceOfWord = 1.2;

/** Powers of two: four times as many slots as there are words, and enough marks for their beginnings. */
const slots = 2 ** 18;
const marks = 2 ** 15;

/** English words and names in small letters, from `content/words`. */
interface Dictionary {
  /** Hash of each word at its slot or one that follows; 0 is free. */
  readonly words: Uint32Array;
  /** Whether a word begins with three letters of this hash: most places of a label are done with here. */
  readonly beginnings: Uint8Array;
}

let loaded: Dictionary | undefined;

function dictionary(): Dictionary {
  return (loaded ??= load());
}

function load(): Dictionary {
  const packed = readFileSync(new URL('../../../../content/words/english.br', import.meta.url));
  const words = new Uint32Array(slots);
  const beginnings = new Uint8Array(marks);
  for (const word of brotliDecompressSync(packed, { maxOutputLength: 4_000_000 }).toString('utf8').split('\n')) {
    let hash = firstHash;
    for (let at = 0; at < word.length; at++) {
      hash = hashStep(hash, word.charCodeAt(at));
      if (at + 1 === shortest) beginnings[entryOf(hash, marks)] = 1;
    }
    words[slotOf(words, hash >>> 0)] = hash >>> 0;
  }
  return { words, beginnings };
}

/** Where a hash stands, or where it would. */
function slotOf(table: Uint32Array, hash: number): number {
  let slot = (hash ^ (hash >>> 15)) & (slots - 1);
  while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & (slots - 1);
  return slot;
}

/** How far a label is made of words. */
export interface Cover {
  /** Hashes of the words, in their order. */
  readonly words: readonly number[];
  /** Letters that stand in words. */
  readonly letters: number;
}

/** The words that explain most of a label, as few of them as will do. Time grows with the length times the longest word. */
export function coverOf(label: string): Cover {
  const { words, beginnings } = dictionary();
  const size = label.length;
  const gain = new Float64Array(size + 1);
  /** Of the word that ends here in the best cover: where it begins, and its hash. */
  const begins = new Int16Array(size + 1).fill(-1);
  const hashes = new Uint32Array(size + 1);
  for (let start = 0; start < size; start++) {
    const before = gain[start] as number;
    if (before > (gain[start + 1] as number)) {
      gain[start + 1] = before;
      begins[start + 1] = -1;
    }
    let hash = firstHash;
    const most = Math.min(longest, size - start);
    for (let length = 1; length <= most; length++) {
      hash = hashStep(hash, label.charCodeAt(start + length - 1));
      if (length < shortest) continue;
      if (length === shortest && beginnings[entryOf(hash, marks)] === 0) break;
      const end = start + length;
      const value = before + length - priceOfWord;
      if (value <= (gain[end] as number) || words[slotOf(words, hash >>> 0)] === 0) continue;
      gain[end] = value;
      begins[end] = start;
      hashes[end] = hash >>> 0;
    }
  }
  return traced(begins, hashes);
}

function traced(begins: Int16Array, hashes: Uint32Array): Cover {
  const words: number[] = [];
  let letters = 0;
  for (let end = begins.length - 1; end > 0;) {
    const begin = begins[end] ?? -1;
    if (begin < 0) {
      end--;
      continue;
    }
    words.unshift(hashes[end] ?? 0);
    letters += end - begin;
    end = begin;
  }
  return { words, letters };
}
