import type { LowBytes } from './low-bytes.ts';

/** Letters that are looked at together: a word. */
const wordLength = 4;
/** Literals that one word may lead to: what has a word that more have is for an automaton. */
const maxBucket = 32;
/** Bits of the filter for each word: so few others pass. */
const filterBits = 32;
/** Turns capital ASCII letters into small ones, four at a time; of other letters it makes some equal. */
const smallLetters = 0x20202020;

/**
 * Finds literals of one length in ASCII by looking at every fourth place, a whole word there at once: wherever a literal of seven letters
 * stands, one word lies within it.
 */
export class SampledLiterals {
  /** Those that it looks for, by the index under which they are found, and those that it does not. */
  readonly literals: readonly string[];
  readonly rejected: readonly string[];
  readonly #ignoreCase: boolean;
  /** A bit for each hash that some word of a literal has. */
  readonly #filter: Int32Array;
  readonly #filterShift: number;
  /** Words by their hashes, the next place for one that is taken; where in `#entries` what each leads to begins, 0 for none. */
  readonly #words: Int32Array;
  readonly #starts: Int32Array;
  readonly #tableShift: number;
  /** Number of literals, then each by its index with the word's place in it. */
  readonly #entries: Int32Array;

  /** The shortest literal that it takes. */
  static readonly shortest = 2 * wordLength - 1;

  /**
   * ASCII literals of one length, at least the shortest, in small letters when `ignoreCase`: they are then found in texts as they are, and
   * now and then where a text has only something like them.
   */
  constructor(literals: readonly string[], ignoreCase: boolean) {
    const [taken, rejected, buckets] = distribute(literals, ignoreCase ? smallLetters : 0);
    this.literals = taken;
    this.rejected = rejected;
    this.#ignoreCase = ignoreCase;
    const bits = bitsFor(buckets.size * filterBits);
    this.#filterShift = 32 - bits;
    this.#filter = new Int32Array(1 << (bits - 5));
    const tableBits = bitsFor(buckets.size * 2);
    this.#tableShift = 32 - tableBits;
    this.#words = new Int32Array(1 << tableBits);
    this.#starts = new Int32Array(1 << tableBits);
    const entries = [0];
    for (const [word, bucket] of buckets) {
      const hash = hashOf(word, this.#filterShift);
      this.#filter[hash >> 5] = (this.#filter[hash >> 5] ?? 0) | (1 << (hash & 31));
      const slot = this.#slotOf(word);
      this.#words[slot] = word;
      this.#starts[slot] = entries.length;
      entries.push(bucket.length / 2, ...bucket);
    }
    this.#entries = Int32Array.from(entries);
  }

  /** Where the word stands in the table, or would. */
  #slotOf(word: number): number {
    const [words, starts, mask] = [this.#words, this.#starts, this.#words.length - 1];
    let slot = hashOf(word, this.#tableShift);
    while (starts[slot] !== 0 && words[slot] !== word) slot = (slot + 1) & mask;
    return slot;
  }

  /** Calls `found` with the index of each literal that these bytes (`scanLowBytes`) have, as often as they do. */
  scan({ bytes, words }: LowBytes, length: number, found: (literal: number) => void): void {
    const [filter, shift] = [this.#filter, this.#filterShift];
    const small = this.#ignoreCase ? smallLetters : 0;
    const count = length >> 2;
    for (let at = 0; at < count; at++) {
      const word = (words[at] ?? 0) | small;
      const hash = hashOf(word, shift);
      if ((((filter[hash >> 5] ?? 0) >> (hash & 31)) & 1) === 1) this.#verify(bytes, length, at << 2, word, found);
    }
  }

  #verify(bytes: Uint8Array, length: number, at: number, word: number, found: (literal: number) => void): void {
    const entries = this.#entries;
    const start = this.#starts[this.#slotOf(word)] ?? 0;
    if (start === 0) return;
    const end = start + 1 + 2 * (entries[start] ?? 0);
    const small = this.#ignoreCase ? 0x20 : 0;
    for (let entry = start + 1; entry < end; entry += 2) {
      const literal = entries[entry] ?? 0;
      if (standsAt(this.literals[literal] ?? '', bytes, length, at - (entries[entry + 1] ?? 0), small)) found(literal);
    }
  }
}

function standsAt(literal: string, bytes: Uint8Array, length: number, start: number, small: number): boolean {
  if (start < 0 || start + literal.length > length) return false;
  for (let at = 0; at < literal.length; at++) {
    if (((bytes[start + at] ?? 0) | small) !== (literal.charCodeAt(at) | small)) return false;
  }
  return true;
}

/** The literals without those that would overfill a bucket; and for each word the literals that have it, each with its place in the literal. */
function distribute(
  literals: readonly string[],
  small: number,
): [taken: string[], rejected: string[], buckets: Map<number, number[]>] {
  const [taken, rejected]: [string[], string[]] = [[], []];
  const buckets = new Map<number, number[]>();
  for (const literal of literals) {
    const places = Math.min(literal.length - wordLength + 1, wordLength);
    const words = Array.from({ length: places }, (_none, at) => wordAt(literal, at) | small);
    if (words.some((word) => (buckets.get(word)?.length ?? 0) >= 2 * maxBucket)) {
      rejected.push(literal);
      continue;
    }
    for (const [place, word] of words.entries()) {
      const bucket = buckets.get(word) ?? [];
      buckets.set(word, bucket);
      bucket.push(taken.length, place);
    }
    taken.push(literal);
  }
  return [taken, rejected, buckets];
}

/** Of a table for so many. */
function bitsFor(count: number): number {
  return Math.max(10, 32 - Math.clz32(count));
}

const oneWord = new Int32Array(1);
const bytesOfWord = Buffer.from(oneWord.buffer);

/** Four ASCII letters as the word that they are in memory. */
function wordAt(literal: string, at: number): number {
  bytesOfWord.write(literal.slice(at, at + wordLength), 'latin1');
  return oneWord[0] ?? 0;
}

function hashOf(word: number, shift: number): number {
  return Math.imul(word, 0x9e3779b1 | 0) >>> shift;
}
