import { coverOf, type Cover } from './words.ts';

/** Entries of the tables that groups of characters and kinds of names are hashed into. */
export const groupTable = 2 ** 15;
export const kindTable = 2 ** 13;

/** What is known of a domain: `label.suffix`, the label being what somebody chose. */
export interface Features {
  /** Hashes of all groups of two to four characters of the label with its ends marked, digits being alike. */
  readonly groups: readonly number[];
  /** Numbers that describe the label as a whole. */
  readonly shape: readonly number[];
  /** Hashes of what kind of name it is: suffix, number of words, length, and these together. */
  readonly kinds: readonly number[];
}

export function featuresOf(label: string, suffix: string): Features {
  const cover = coverOf(label);
  return { groups: groupsOf(label), shape: shapeOf(label, cover), kinds: kindsOf(label, suffix, cover) };
}

function groupsOf(label: string): number[] {
  const text = `^${label.replaceAll(/\d/g, '0')}$`;
  const groups: number[] = [];
  for (let length = 2; length <= 4; length++) {
    for (let at = 0; at + length <= text.length; at++) groups.push(hashOf(text, at, length) & (groupTable - 1));
  }
  return groups;
}

/** FNV-1a over the characters, begun with their number. */
function hashOf(text: string, at: number, length: number): number {
  let hash = 2_166_136_261 ^ length;
  for (let index = at; index < at + length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  return hash ^ (hash >>> 15);
}

export const shapes = 14;

function shapeOf(label: string, cover: Cover): number[] {
  const length = Math.max(1, label.length);
  const digits = countOf(label, /\d/g);
  const vowels = countOf(label, /[aeiouy]/g);
  const runs = label.match(/[bcdfghjklmnpqrstvwxz]+/g) ?? [];
  const longestRun = runs.reduce((most, run) => Math.max(most, run.length), 0);
  return [
    1,
    length / 20,
    (length * length) / 400,
    digits / length,
    changesOf(label) / length,
    vowels / length,
    Math.abs(vowels / length - 0.42),
    countOf(label, /-/g),
    longestRun / 6,
    new Set(label).size / length,
    cover.letters / length,
    leftOf(label, cover) / 10,
    cover.words / 4,
    Math.max(0, length - 16) / 10,
  ];
}

/** Letters and digits in no word. */
function leftOf(label: string, { letters }: Cover): number {
  return label.length - countOf(label, /-/g) - letters;
}

/** How often digits begin or end. */
function changesOf(label: string): number {
  let changes = 0;
  for (let index = 1; index < label.length; index++) {
    if (isDigit(label.charCodeAt(index)) !== isDigit(label.charCodeAt(index - 1))) changes++;
  }
  return changes;
}

/** Suffixes that are looked at one by one together with other things; of the rest, whether it is a country, a word, or more than one label. */
const commonSuffixes = new Set('com net org info biz ru cc eu su me tv in'.split(' '));

function suffixClass(suffix: string): string {
  if (commonSuffixes.has(suffix)) return suffix;
  if (suffix.includes('.')) return 'M';
  return suffix.length === 2 ? 'C' : 'G';
}

function kindsOf(label: string, suffix: string, cover: Cover): number[] {
  const left = leftOf(label, cover);
  const words = Math.min(cover.words, 5);
  const wholly = left === 0 ? 2 : Number(left <= 2);
  const hyphen = Number(label.includes('-'));
  const digit = Number(/\d/.test(label));
  const length = Math.min(12, label.length >> 1);
  const size = Number(label.length >= 12) + Number(label.length >= 20);
  const kind = suffixClass(suffix);
  const last = suffix.slice(suffix.lastIndexOf('.') + 1);
  return [
    `suffix ${suffix}`,
    `last ${last} ${Number(suffix !== last)}`,
    `words ${words} ${wholly} ${hyphen}`,
    `words ${words} ${wholly} ${hyphen} ${kind}`,
    `length ${length} ${kind}`,
    `words ${words} ${wholly} length ${length}`,
    `digit ${digit} ${kind}`,
    `words ${words} ${wholly} size ${size} ${kind}`,
  ].map((text) => hashOf(text, 0, text.length) & (kindTable - 1));
}

function countOf(label: string, pattern: RegExp): number {
  return label.match(pattern)?.length ?? 0;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
