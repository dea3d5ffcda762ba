import { ceil3, round3, sortedCopy } from './quartiles.ts';
import { histogramScore, type HistogramSettings } from './histogram.ts';
import { distinctCounts, statisticalScore, type DistinctCounts, type StatisticalScore } from './statistical-score.ts';

/** RITA v5, analysis/beacons.go: the four parts of a beacon's score. Undefined where RITA reports an error. */

export interface ListScore extends StatisticalScore {
  readonly distinct: DistinctCounts;
}

/** Regularity of the intervals between ascending times in whole seconds. Needs four times and three intervals that are not 0. */
export function timestampScore(timestamps: ArrayLike<number>): ListScore | undefined {
  if (timestamps.length < 4) return undefined;
  const intervals = new Float64Array(timestamps.length - 1);
  for (let index = 0; index < intervals.length; index++) {
    intervals[index] = (timestamps[index + 1] ?? 0) - (timestamps[index] ?? 0);
  }
  intervals.sort();
  const firstNonZero = intervals.findIndex((interval) => interval > 0);
  if (firstNonZero < 0 || intervals.length - firstNonZero < 3) return undefined;
  const distinct = distinctCounts(intervals);
  const score = statisticalScore(intervals.subarray(firstNonZero), 1);
  return distinct === undefined || score === undefined ? undefined : { ...score, distinct };
}

/** Regularity of the bytes that the opener sent, one value a connection. Needs three. */
export function dataSizeScore(sizes: ArrayLike<number>): ListScore | undefined {
  const distinct = distinctCounts(sizes);
  const score = sizes.length < 3 ? undefined : statisticalScore(sizes, 0);
  return distinct === undefined || score === undefined ? undefined : { ...score, distinct };
}

export interface DurationInput {
  readonly datasetStart: number;
  readonly datasetEnd: number;
  readonly first: number;
  readonly last: number;
  readonly bars: number;
  readonly longestRun: number;
  readonly minimumHours: number;
  readonly idealHours: number;
}

export interface DurationScore {
  readonly coverage: number;
  readonly consistency: number;
  readonly score: number;
}

/** How much of the data set it spans, or how long it ran without an empty hour; 0 when seen in too few hours. */
export function durationScore(input: DurationInput): DurationScore | undefined {
  if (input.minimumHours < 1 || input.idealHours < 1) return undefined;
  if (input.datasetEnd <= input.datasetStart || input.last <= input.first) return undefined;
  if (input.bars < input.minimumHours) return { coverage: 0, consistency: 0, score: 0 };
  const coverage = Math.min(1, ceil3((input.last - input.first) / (input.datasetEnd - input.datasetStart)));
  const consistency = Math.min(1, ceil3(input.longestRun / input.idealHours));
  return { coverage, consistency, score: Math.max(coverage, consistency) };
}

export interface BeaconParts {
  readonly timestamps: number;
  readonly sizes: number;
  readonly duration: number;
  readonly histogram: number;
}

/** Weighted mean. Undefined when a score or a weight lies outside 0..1, or the weights do not sum to exactly 1. */
export function beaconScore(scores: BeaconParts, weights: BeaconParts): number | undefined {
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  const all = [...Object.values<number>({ ...scores }), ...Object.values<number>({ ...weights })];
  if (!all.every(isShare)) return undefined;
  if (weights.timestamps + weights.sizes + weights.duration + weights.histogram !== 1) return undefined;
  const sum =
    scores.timestamps * weights.timestamps +
    scores.sizes * weights.sizes +
    scores.duration * weights.duration +
    scores.histogram * weights.histogram;
  return round3(sum);
}

export interface BeaconSettings {
  readonly weights: BeaconParts;
  readonly histogram: HistogramSettings;
  readonly durationMinimumHours: number;
  readonly durationIdealHours: number;
}

export interface RitaBeacon extends BeaconParts {
  readonly score: number;
  /** What the parts stand on. Deviations in seconds and bytes, hours with a connection, and the longest run of them. */
  readonly intervalSkewness: number;
  readonly intervalDeviation: number;
  readonly sizeSkewness: number;
  readonly sizeDeviation: number;
  readonly hours: number;
  readonly longestRun: number;
}

/** All four parts for one pair. `timestamps` in whole seconds, `start` and `end` those of the data set's last 24 hours. */
export function scoreBeacon(
  timestamps: ArrayLike<number>,
  sizes: ArrayLike<number>,
  start: number,
  end: number,
  settings: BeaconSettings,
): RitaBeacon | undefined {
  const times = sortedCopy(timestamps);
  const intervals = timestampScore(times);
  const bytes = dataSizeScore(sizes);
  const histogram = histogramScore(start, end, times, settings.histogram);
  if (intervals === undefined || bytes === undefined || histogram === undefined) return undefined;
  const duration = durationScore({
    datasetStart: start,
    datasetEnd: end,
    first: times[0] ?? 0,
    last: times.at(-1) ?? 0,
    bars: histogram.bars,
    longestRun: histogram.longestRun,
    minimumHours: settings.durationMinimumHours,
    idealHours: settings.durationIdealHours,
  });
  if (duration === undefined) return undefined;
  const parts = {
    timestamps: intervals.score,
    sizes: bytes.score,
    duration: duration.score,
    histogram: histogram.score,
  };
  const score = beaconScore(parts, settings.weights);
  if (score === undefined) return undefined;
  return {
    ...parts,
    score,
    intervalSkewness: intervals.skewness,
    intervalDeviation: intervals.deviation,
    sizeSkewness: bytes.skewness,
    sizeDeviation: bytes.deviation,
    hours: histogram.bars,
    longestRun: histogram.longestRun,
  };
}
