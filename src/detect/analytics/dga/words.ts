import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { entryOf, firstHash, hashStep } from './hash.ts';

/** Letters of the shortest and the longest word that is looked for. */
export const shortest = 2;
export const longest = 14;

/** Powers of two: some three times as many slots as there are words, and enough marks for their beginnings. */
const slots = 2 ** 18;
const marks = 2 ** 12;

/** Rarities that the list tells apart, and decimal digits of one in so many words of running text: of the first and per step. */
export const rarities = 10;
const [mostFrequent, rarityStep] = [1.5, 0.6];

/** How rare a word of this probability is: 0 to `rarities - 1`. */
export function rarityOf(probability: number): number {
  const step = Math.round((-Math.log10(probability) - mostFrequent) / rarityStep);
  return Math.max(0, Math.min(rarities - 1, step));
}

/** Decimal digits of one in so many words of running text. */
export function digitsOf(rarity: number): number {
  return mostFrequent + rarity * rarityStep;
}

/** English words, names and brands in small letters with how rare they are, from `content/words`. */
export interface Dictionary {
  /** Hash of each word at its slot or one that follows; 0 is free. */
  readonly words: Uint32Array;
  readonly rarities: Uint8Array;
  /** Whether a word begins with two letters of this hash: most places of a label are done with here. */
  readonly beginnings: Uint8Array;
}

let loaded: Dictionary | undefined;

export function dictionary(): Dictionary {
  return (loaded ??= load());
}

/** The list: a word a line with the digit of its rarity behind. */
function load(): Dictionary {
  const packed = readFileSync(new URL('../../../../content/words/english.br', import.meta.url));
  const words = new Uint32Array(slots);
  const rareness = new Uint8Array(slots);
  const beginnings = new Uint8Array(marks);
  for (const line of brotliDecompressSync(packed, { maxOutputLength: 4_000_000 }).toString('utf8').split('\n')) {
    let hash = firstHash;
    for (let at = 0; at < line.length - 1; at++) {
      hash = hashStep(hash, line.charCodeAt(at));
      if (at + 1 === shortest) beginnings[entryOf(hash, marks)] = 1;
    }
    const slot = slotOf(words, hash >>> 0);
    words[slot] = hash >>> 0;
    rareness[slot] = Number(line.at(-1));
  }
  return { words, rarities: rareness, beginnings };
}

/** Where a hash stands, or where it would. */
export function slotOf(table: Uint32Array, hash: number): number {
  let slot = (hash ^ (hash >>> 15)) & (slots - 1);
  while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) & (slots - 1);
  return slot;
}

/** Whether a word of this beginning is in the dictionary. */
export function begins(beginnings: Uint8Array, hash: number): boolean {
  return beginnings[entryOf(hash, marks)] === 1;
}
