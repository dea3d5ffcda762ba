/** Ascending copy as doubles. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Median of `sorted[from, to)`; NaN when that is empty. */
export function medianOf(sorted: ArrayLike<number>, from = 0, to = sorted.length): number {
  const count = to - from;
  if (count <= 0) return Number.NaN;
  const middle = from + (count >> 1);
  const upper = sorted[middle] ?? Number.NaN;
  return count % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Quartiles {
  readonly q1: number;
  readonly q2: number;
  readonly q3: number;
}

/** Quartiles as medians of the halves; the middle one of an odd count belongs to neither half. */
export function quartilesOf(sorted: ArrayLike<number>): Quartiles {
  const half = sorted.length >> 1;
  return {
    q1: medianOf(sorted, 0, half),
    q2: medianOf(sorted),
    q3: medianOf(sorted, sorted.length - half),
  };
}

/** Median distance from the median. */
export function medianAbsoluteDeviation(sorted: ArrayLike<number>): number {
  const median = medianOf(sorted);
  const distances = Float64Array.from(sorted, (value) => Math.abs(value - median));
  return medianOf(distances.sort());
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function ceil3(value: number): number {
  return Math.ceil(value * 1000) / 1000;
}
