import { brotliCompressSync } from 'node:zlib';
import { firstHash, hashStep } from '../../src/detect/analytics/dga/hash.ts';
import { Pairs } from '../../src/detect/analytics/dga/pairs.ts';
import { longest, rarityOf, shortest } from '../../src/detect/analytics/dga/words.ts';
import type { Counted } from './read-lists.ts';

/** So many of the most frequent words of each length are known: of short ones most others are abbreviations and slips. */
const knownByLength = [0, 0, 60, 1000, 6000];
const knownOfOthers = 70_000;
/** Natural logarithm of how much oftener than by chance two words must follow each other. */
const leastTogether = 0.7;
/** Words in the text that the counts were taken from. */
const all = 1_024_908_267_229;

/** The words that labels are looked through for, by their length and count, and those of a dictionary that has no counts. */
export function knownWords(counts: readonly Counted[], dictionary: readonly string[]): Map<string, number> {
  const known = new Map<string, number>();
  const found = new Map<number, number>();
  const listed = new Set(dictionary);
  for (const { text, count } of counts) {
    const size = Math.min(text.length, knownByLength.length);
    const before = found.get(size) ?? 0;
    found.set(size, before + 1);
    const isListed = text.length > 3 && listed.has(text);
    if (text.length > longest || text.length < shortest) continue;
    if (isListed || before < (knownByLength[size] ?? knownOfOthers)) known.set(text, count);
  }
  return known;
}

/** What `content/words/english.br` holds. */
export function packedWords(known: ReadonlyMap<string, number>): Buffer {
  const lines = [...known].map(([word, count]) => `${word}${rarityOf(count / all)}`);
  return brotliCompressSync(Buffer.from(lines.sort().join('\n')));
}

const hashOf = (word: string): number => {
  let hash = firstHash;
  for (let at = 0; at < word.length; at++) hash = hashStep(hash, word.charCodeAt(at));
  return hash >>> 0;
};

/** Pairs of known words that follow each other oftener than by chance. */
export function pairsThatGoTogether(pairs: readonly Counted[], known: ReadonlyMap<string, number>): string[][] {
  return pairs.flatMap(({ text, count }) => {
    const words = text.split(' ');
    const [first, second] = words.map((word) => known.get(word));
    if (first === undefined || second === undefined) return [];
    return Math.log((count / first / second) * all) >= leastTogether ? [words] : [];
  });
}

/** What `content/words/pairs.bin` holds. */
export function packedPairs(pairs: readonly (readonly string[])[]): Uint8Array {
  const filter = new Pairs();
  for (const [first = '', second = ''] of pairs) filter.add(hashOf(first), hashOf(second));
  return filter.bytes;
}
