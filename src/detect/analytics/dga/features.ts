import { coverOf, type Cover } from './cover.ts';
import { entryOf, firstHash, hashStep } from './hash.ts';
import { shapeOf } from './shape.ts';

/** Entries of the tables that groups of characters, words and suffixes are hashed into. */
export const groupTable = 2 ** 15;
export const wordTable = 2 ** 15;
export const suffixTable = 2 ** 10;

/** What is known of a domain: `label.suffix`, the label being what somebody chose. */
export interface Features {
  /** Entries of all groups of two to four characters of the label with its ends marked. */
  readonly groups: readonly number[];
  /** Entries of the words in it, and of the first and the last as such. */
  readonly words: readonly number[];
  readonly suffix: number;
  /** Numbers that describe the label as a whole. */
  readonly shape: readonly number[];
}

export function featuresOf(label: string, suffix: string): Features {
  const cover = coverOf(label);
  return {
    groups: groupsOf(label),
    words: wordsOf(cover),
    suffix: entryOf(hashOf(suffix), suffixTable),
    shape: shapeOf(label, cover, suffix),
  };
}

const [shortestGroup, longestGroup] = [2, 4];
const [beginMark, endMark] = [94, 36];

/** The character, or the mark of the end that lies beyond. */
function codeAt(label: string, at: number): number {
  if (at < 0) return beginMark;
  return at === label.length ? endMark : label.charCodeAt(at);
}

function groupsOf(label: string): number[] {
  const groups: number[] = [];
  const size = label.length;
  for (let start = -1; start < size; start++) {
    let hash = firstHash;
    const last = Math.min(start + longestGroup - 1, size);
    for (let at = start; at <= last; at++) {
      hash = hashStep(hash, codeAt(label, at));
      if (at - start + 1 >= shortestGroup) groups.push(entryOf(hash, groupTable));
    }
  }
  return groups;
}

/** Families draw their first and their last word from lists of their own. */
function wordsOf({ parts }: Cover): number[] {
  const entries = parts.map(({ hash }) => entryOf(hash, wordTable));
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined || first === last) return entries;
  entries.push(entryOf(hashStep(first.hash, beginMark), wordTable), entryOf(hashStep(last.hash, endMark), wordTable));
  return entries;
}

function hashOf(text: string): number {
  let hash = firstHash;
  for (let at = 0; at < text.length; at++) hash = hashStep(hash, text.charCodeAt(at));
  return hash;
}
