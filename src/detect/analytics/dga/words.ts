import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** Letters of the shortest and the longest word that is looked for. */
export const shortest = 3;
export const longest = 12;
/** Letters that a word must explain beyond its own: many short words explain everything and tell nothing. */
const priceOfWord = 1.2;

let loaded: ReadonlySet<string> | undefined;

/** English words and names in small letters, from `content/words`. */
function dictionary(): ReadonlySet<string> {
  loaded ??= new Set(load());
  return loaded;
}

function load(): string[] {
  const packed = readFileSync(new URL('../../../../content/words/english.br', import.meta.url));
  return brotliDecompressSync(packed, { maxOutputLength: 4_000_000 }).toString('utf8').split('\n');
}

/** How far a label is made of words. */
export interface Cover {
  readonly words: number;
  /** Letters that stand in words. */
  readonly letters: number;
}

/** The words that explain most of a label, as few of them as will do. Time grows with the length times the longest word. */
export function coverOf(label: string): Cover {
  const words = dictionary();
  const size = label.length;
  const gain = new Float64Array(size + 1);
  const counts = new Uint8Array(size + 1);
  const covered = new Uint8Array(size + 1);
  for (let end = 1; end <= size; end++) {
    gain[end] = gain[end - 1] ?? 0;
    counts[end] = counts[end - 1] ?? 0;
    covered[end] = covered[end - 1] ?? 0;
    for (let length = shortest; length <= Math.min(longest, end); length++) {
      const start = end - length;
      const value = (gain[start] ?? 0) + length - priceOfWord;
      if (value <= (gain[end] ?? 0) || !words.has(label.slice(start, end))) continue;
      gain[end] = value;
      counts[end] = (counts[start] ?? 0) + 1;
      covered[end] = (covered[start] ?? 0) + length;
    }
  }
  return { words: counts[size] ?? 0, letters: covered[size] ?? 0 };
}
