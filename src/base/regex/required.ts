import type { CodePoints } from './code-points.ts';
import type { Pattern } from './syntax.ts';

/** Alternatives that are followed at most. */
const maxTexts = 16;

/** What is known of a pattern's matches: all of them, when they are few, else texts of which each match has one. */
type Matches =
  | { readonly kind: 'exact'; readonly texts: readonly string[] }
  | { readonly kind: 'contains'; readonly texts: readonly string[] | undefined };

const unknown: Matches = { kind: 'contains', texts: undefined };

/**
 * Texts of which one stands in every text that the pattern matches, both sides after `fold`, which maps code points one by
 * one; undefined when there are none. Of several choices that whose shortest text is longest.
 */
export function requiredTexts(pattern: Pattern, fold: (letter: string) => string): readonly string[] | undefined {
  return needed(matchesOf(pattern, fold));
}

function matchesOf(pattern: Pattern, fold: (letter: string) => string): Matches {
  switch (pattern.kind) {
    case 'set':
      return lettersOf(pattern.set, fold);
    case 'assertion':
      return exactly(['']);
    case 'sequence':
      return sequence(pattern.of.map((part) => matchesOf(part, fold)));
    case 'choice':
      return choice(pattern.of.map((part) => matchesOf(part, fold)));
    case 'repeat': {
      const inner = matchesOf(pattern.of, fold);
      if (pattern.min === 0) return pattern.max === 1 ? choice([exactly(['']), inner]) : unknown;
      if (pattern.max === 1) return inner;
      const copies = Array.from({ length: Math.min(pattern.min, 4) }, () => inner);
      return sequence(pattern.min === pattern.max && copies.length === pattern.min ? copies : [...copies, unknown]);
    }
  }
}

function exactly(texts: readonly string[]): Matches {
  return { kind: 'exact', texts };
}

/** Capital and small letter count once, so that the set may be larger than what it folds to. */
function lettersOf(set: CodePoints, fold: (letter: string) => string): Matches {
  const letters = new Set<string>();
  let size = 0;
  for (let at = 0; at < set.length; at += 2) {
    const [first, last] = [set[at] ?? 0, set[at + 1] ?? 0];
    size += last - first + 1;
    if (size > 4 * maxTexts) return unknown;
    for (let point = first; point <= last; point++) letters.add(fold(String.fromCodePoint(point)));
  }
  return letters.size <= maxTexts ? exactly([...letters]) : unknown;
}

function choice(parts: readonly Matches[]): Matches {
  const texts = parts.flatMap((part) => part.texts ?? []);
  const distinct = [...new Set(texts)];
  if (parts.every(({ kind }) => kind === 'exact') && distinct.length <= maxTexts) return exactly(distinct);
  const all = parts.map(needed);
  return all.includes(undefined) ? unknown : { kind: 'contains', texts: [...new Set(all.flatMap((one) => one ?? []))] };
}

/** Neighbours whose matches are all known are joined; the best of the runs stands for the whole. */
function sequence(parts: readonly Matches[]): Matches {
  let best: readonly string[] | undefined;
  let run: readonly string[] = [''];
  let isWhole = true;
  for (const part of parts) {
    if (part.kind === 'exact' && run.length * part.texts.length <= maxTexts) {
      run = run.flatMap((start) => part.texts.map((end) => start + end));
      continue;
    }
    isWhole = false;
    best = better(better(best, needed(exactly(run))), needed(part));
    run = part.kind === 'exact' ? part.texts : [''];
  }
  return isWhole ? exactly([...new Set(run)]) : { kind: 'contains', texts: better(best, needed(exactly(run))) };
}

/** The empty text stands everywhere and says nothing. */
function needed({ texts }: Matches): readonly string[] | undefined {
  return texts === undefined || texts.length === 0 || texts.includes('') ? undefined : texts;
}

function better(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return shortest(b) > shortest(a) ? b : a;
}

function shortest(texts: readonly string[]): number {
  return texts.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
}
