import type { IndicatorKind } from '../format.ts';

export interface PatternValue {
  readonly kind: IndicatorKind;
  readonly text: string;
}
export interface PatternValues {
  readonly values: readonly PatternValue[];
  /** What the pattern demands beside the values and is not checked, or why a part gave no value. */
  readonly unchecked: readonly string[];
}

/** The most telling first: of tests that must hold together the first kind that is there stands for all. */
const byStrength: readonly IndicatorKind[] = [
  'sha256',
  'sha1',
  'md5',
  'url',
  'email',
  'ja3',
  'domain',
  'address',
  'cidr',
  'user-agent',
  'file',
];

/**
 * Of tests that must hold together the most telling value is kept, all hashes of one file included, and the others are named as unchecked; a
 * hash alone needs no others.
 */
export function ofAll(parts: readonly PatternValues[]): PatternValues {
  const telling = parts.filter((part) => part.values.length > 0);
  const rank = (part: PatternValues): number => Math.max(...part.values.map((value) => byStrength.indexOf(value.kind)));
  const [best] = telling.toSorted((a, b) => rank(a) - rank(b));
  const unchecked = parts.flatMap((part) => part.unchecked);
  if (best === undefined) return { values: [], unchecked };
  if (isHash(best)) return { values: telling.filter(isHash).flatMap((part) => part.values), unchecked: [] };
  const others = telling
    .filter((part) => part !== best)
    .flatMap((part) => part.values.map((value) => `${value.kind} ${value.text}`));
  return { values: best.values, unchecked: [...unchecked, ...others] };
}

function isHash(part: PatternValues): boolean {
  return part.values.every(({ kind }) => kind === 'md5' || kind === 'sha1' || kind === 'sha256');
}
