import { medianAbsoluteDeviation, medianOf, quartilesOf, round3, sortedCopy } from './quartiles.ts';

/** RITA v5, analysis/beacons.go. Each function gives undefined where RITA reports an error. */

export interface Skewness {
  readonly skewness: number;
  readonly score: number;
}

/** Bowley skewness: 0 for a symmetric distribution, and where the quartiles are too close together to tell. */
export function bowleySkewness(values: ArrayLike<number>): Skewness | undefined {
  return values.length < 3 ? undefined : skewnessOf(sortedCopy(values));
}

function skewnessOf(sorted: Float64Array): Skewness {
  const { q1, q2, q3 } = quartilesOf(sorted);
  const spread = q3 - q1;
  const isReliable = spread >= 10 && q2 !== q1 && q2 !== q3;
  const skewness = isReliable ? (q1 + q3 - 2 * q2) / spread : 0;
  return { skewness, score: 1 - Math.abs(skewness) };
}

export interface Deviation {
  readonly deviation: number;
  readonly score: number;
}

/** Median absolute deviation relative to the median; `defaultScore` where the median is below 1. */
export function deviationScore(values: ArrayLike<number>, defaultScore: number): Deviation | undefined {
  return values.length === 0 ? undefined : deviationOf(sortedCopy(values), defaultScore);
}

function deviationOf(sorted: Float64Array, defaultScore: number): Deviation {
  const median = medianOf(sorted);
  const deviation = medianAbsoluteDeviation(sorted);
  const score = median >= 1 ? (median - deviation) / median : defaultScore;
  return { deviation, score: score > 0 ? score : 0 };
}

export interface StatisticalScore {
  readonly score: number;
  readonly skewness: number;
  readonly deviation: number;
}

/** Mean of the symmetry and the deviation score. */
export function statisticalScore(values: ArrayLike<number>, defaultScore: number): StatisticalScore | undefined {
  return statisticalScoreOf(sortedCopy(values), defaultScore);
}

/** The same for values that are in ascending order already. */
export function statisticalScoreOf(sorted: Float64Array, defaultScore: number): StatisticalScore | undefined {
  if (sorted.length < 3) return undefined;
  const skew = skewnessOf(sorted);
  const mad = deviationOf(sorted, defaultScore);
  return { score: round3((skew.score + mad.score) / 2), skewness: skew.skewness, deviation: mad.deviation };
}

export interface DistinctCounts {
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly mode: number;
  readonly modeCount: number;
}

/** Distinct whole values in ascending order with their counts; the mode is the smallest of the most frequent. */
export function distinctCounts(input: ArrayLike<number>): DistinctCounts | undefined {
  if (input.length < 2) return undefined;
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sortedCopy(input)) {
    const whole = Math.trunc(value);
    const last = values.length - 1;
    if (values[last] === whole) counts[last] = (counts[last] ?? 0) + 1;
    else {
      values.push(whole);
      counts.push(1);
    }
  }
  const modeCount = counts.reduce((most, count) => Math.max(most, count), 0);
  return { values, counts, mode: values[counts.indexOf(modeCount)] ?? 0, modeCount };
}
