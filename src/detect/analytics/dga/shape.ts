import type { Cover, Part } from './cover.ts';
import { commonPairs } from './pairs.ts';
import { rarities } from './words.ts';

export const shapes = 33;

/** Kinds of characters, by code below 128. */
const [other, vowel, consonant, digit, hyphen] = [0, 1, 2, 3, 4];
const kinds = Uint8Array.from({ length: 128 }, (_none, code) => kindOf(String.fromCharCode(code)));

function kindOf(character: string): number {
  if ('aeiouy'.includes(character)) return vowel;
  if ('bcdfghjklmnpqrstvwxz'.includes(character)) return consonant;
  if ('0123456789'.includes(character)) return digit;
  return character === '-' ? hyphen : other;
}

/** Counts over the characters of a label. */
class Counts {
  readonly byKind = new Uint16Array(5);
  readonly longestRun = new Uint16Array(5);
  /** Neighbours of which one is a digit. */
  digitEdges = 0;
  /** Neighbours of which one is a vowel and the other a consonant. */
  turns = 0;
  /** Neighbours that are the same. */
  doubled = 0;
  hexadecimal = 0;
  /** Different characters. */
  distinct = 0;
  readonly #seen = new Uint16Array(128);
  readonly #length: number;

  constructor(label: string) {
    this.#length = label.length;
    let [run, before, codeBefore] = [0, -1, -1];
    for (let at = 0; at < label.length; at++) {
      const code = label.charCodeAt(at) & 127;
      const kind = kinds[code] ?? other;
      this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
      const sightings = this.#seen[code] ?? 0;
      if (sightings === 0) this.distinct++;
      this.#seen[code] = sightings + 1;
      if (kind === digit || (code >= 97 && code <= 102)) this.hexadecimal++;
      run = kind === before ? run + 1 : 1;
      this.longestRun[kind] = Math.max(this.longestRun[kind] ?? 0, run);
      if (before >= 0) this.#addNeighbours(before, kind);
      if (code === codeBefore) this.doubled++;
      [before, codeBefore] = [kind, code];
    }
  }

  #addNeighbours(before: number, kind: number): void {
    if ((kind === digit) !== (before === digit)) this.digitEdges++;
    if ((before === vowel && kind === consonant) || (before === consonant && kind === vowel)) this.turns++;
  }

  /** Bits a character. */
  entropy(): number {
    let sum = 0;
    for (const count of this.#seen) {
      if (count > 0) sum -= (count / this.#length) * Math.log2(count / this.#length);
    }
    return sum;
  }
}

/** `shapes` numbers that describe a label as a whole, most of them 0 to 1. */
export function shapeOf(label: string, cover: Cover, suffix: string): number[] {
  const length = Math.max(1, label.length);
  const counts = new Counts(label);
  const { byKind, longestRun, digitEdges, turns, doubled, hexadecimal } = counts;
  const [, vowels = 0, , digits = 0, hyphens = 0] = byKind;
  return [
    1,
    length / 20,
    (length * length) / 400,
    Number(length <= 5),
    Math.max(0, length - 16) / 10,
    digits / length,
    digitEdges / length,
    Number(digits === length),
    vowels / length,
    Math.abs(vowels / length - 0.42) * 2,
    Math.min(3, hyphens) / 2,
    (longestRun[consonant] ?? 0) / 6,
    (longestRun[vowel] ?? 0) / 4,
    turns / length,
    Number(turns === length - 1),
    doubled / 3,
    counts.distinct / length,
    counts.entropy() / 4,
    Number(hexadecimal === length),
    cover.letters / length,
    Number(suffix.includes('.')),
    ...wordShapeOf(label, cover),
  ];
}

/** Place of a letter in the alphabet, 0 to 1. */
function placeOf(label: string, at: number): number {
  return (label.charCodeAt(at) - 97) / 25;
}

/** Numbers of the words and of how they go together. */
function wordShapeOf(label: string, { parts, gain }: Cover): number[] {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return Array.from({ length: 12 }, () => 0);
  const rareness = parts.map(({ rarity }) => rarity / rarities);
  const [neighbours, together] = neighboursOf(parts);
  return [
    Math.min(parts.length, 5) / 4,
    Number(parts.length === 2),
    gain / label.length,
    gain / 20,
    rareness.reduce((sum, rarity) => sum + rarity, 0) / rareness.length,
    Math.max(...rareness),
    Math.min(...rareness),
    Math.min(neighbours - together, 4) / 3,
    together / Math.max(1, neighbours),
    parts.filter(({ start, end }) => end - start < 4).length / parts.length,
    placeOf(label, first.start),
    placeOf(label, last.start),
  ];
}

/** Words that stand beside each other, with a hyphen between or without, and how many of these do so in running text. */
function neighboursOf(parts: readonly Part[]): [neighbours: number, together: number] {
  const pairs = commonPairs();
  let [neighbours, together] = [0, 0];
  for (let at = 1; at < parts.length; at++) {
    const [before, after] = [parts[at - 1] as Part, parts[at] as Part];
    if (after.start - before.end > 1) continue;
    neighbours++;
    if (pairs.has(before.hash, after.hash)) together++;
  }
  return [neighbours, together];
}
