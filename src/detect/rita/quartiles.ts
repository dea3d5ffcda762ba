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

/**
 * Median distance from the median, of ascending values: on both sides of the median the distances only grow, so the
 * smaller half of them is what two steps outwards meet first.
 */
export function medianAbsoluteDeviation(sorted: ArrayLike<number>): number {
  const count = sorted.length;
  const median = medianOf(sorted);
  let right = count >> 1;
  let left = right - 1;
  let [distance, before] = [Number.NaN, Number.NaN];
  for (let taken = 0; taken <= count >> 1; taken++) {
    const leftDistance = left < 0 ? Infinity : Math.abs((sorted[left] as number) - median);
    const rightDistance = right >= count ? Infinity : Math.abs((sorted[right] as number) - median);
    before = distance;
    if (leftDistance < rightDistance) left--;
    else right++;
    distance = Math.min(leftDistance, rightDistance);
  }
  if (count === 0) return Number.NaN;
  return count % 2 === 1 ? distance : (before + distance) / 2;
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function ceil3(value: number): number {
  return Math.ceil(value * 1000) / 1000;
}
