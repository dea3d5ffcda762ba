import { writeVarints } from '../../src/collect/packed/varints.ts';

export interface NamedRange {
  readonly first: number;
  readonly last: number;
  readonly value: string;
}

/** Neighbours with the same value become one range; where two overlap, the earlier one keeps what both have. Input is sorted by `first`. */
export function mergeRanges(ranges: readonly NamedRange[]): NamedRange[] {
  const merged: NamedRange[] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    const first = before === undefined ? range.first : Math.max(range.first, before.last + 1);
    if (first > range.last) continue;
    if (before !== undefined && before.value === range.value && before.last + 1 === first) {
      merged[merged.length - 1] = { ...before, last: range.last };
    } else {
      merged.push({ ...range, first });
    }
  }
  return merged;
}

/** The bytes that `unpackRanges` reads. */
export function packRanges(ranges: readonly NamedRange[], numberOf: (value: string) => number): Uint8Array {
  const gaps = ranges.map(({ first }, index) => first - ((ranges[index - 1]?.last ?? -1) + 1));
  const sizes = ranges.map(({ first, last }) => last - first + 1);
  const values = ranges.map(({ value }) => numberOf(value));
  return Buffer.concat([[ranges.length], gaps, sizes, values].map((part) => writeVarints(part)));
}

/** The ranges without what lies in the holes; holes are sorted and do not overlap. */
export function withoutHoles(
  ranges: readonly NamedRange[],
  holes: readonly Pick<NamedRange, 'first' | 'last'>[],
): NamedRange[] {
  return ranges.flatMap((range) => {
    const parts: NamedRange[] = [];
    let first = range.first;
    for (const hole of holes) {
      if (hole.last < first || hole.first > range.last) continue;
      if (hole.first > first) parts.push({ ...range, first, last: hole.first - 1 });
      first = hole.last + 1;
    }
    return first > range.last ? parts : [...parts, { ...range, first }];
  });
}
