import { ceil3, round3, sortedCopy } from './quartiles.ts';
import { histogramEdges, histogramScoreOf, type HistogramSettings } from './histogram.ts';
import { distinctCounts, statisticalScoreOf, type DistinctCounts, type StatisticalScore } from './statistical-score.ts';

/** RITA v5, analysis/beacons.go: the four parts of a beacon's score. Undefined where RITA reports an error. */

export interface ListScore extends StatisticalScore {
  readonly distinct: DistinctCounts;
}

/** Regularity of the intervals between ascending times in whole seconds. Needs four times and three intervals that are not 0. */
export function timestampScore(timestamps: ArrayLike<number>): ListScore | undefined {
  const intervals = intervalsOf(timestamps);
  const score = intervals === undefined ? undefined : intervalScore(intervals);
  const distinct = intervals === undefined ? undefined : distinctCounts(intervals);
  return distinct === undefined || score === undefined ? undefined : { ...score, distinct };
}

/** In ascending order; `room`, where there is enough of it, is what they are put into. */
function intervalsOf(timestamps: ArrayLike<number>, room?: Float64Array): Float64Array | undefined {
  if (timestamps.length < 4) return undefined;
  const count = timestamps.length - 1;
  const intervals = room === undefined || room.length < count ? new Float64Array(count) : room.subarray(0, count);
  for (let index = 0; index < count; index++) {
    intervals[index] = (timestamps[index + 1] as number) - (timestamps[index] as number);
  }
  return intervals.sort();
}

function intervalScore(intervals: Float64Array): StatisticalScore | undefined {
  let firstNonZero = 0;
  while (firstNonZero < intervals.length && !((intervals[firstNonZero] as number) > 0)) firstNonZero++;
  return statisticalScoreOf(firstNonZero === 0 ? intervals : intervals.subarray(firstNonZero), 1);
}

/** Regularity of the bytes that the opener sent, one value a connection. Needs three. */
export function dataSizeScore(sizes: ArrayLike<number>): ListScore | undefined {
  const distinct = distinctCounts(sizes);
  const score = statisticalScoreOf(sortedCopy(sizes), 0);
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
  if (!areShares(scores) || !areShares(weights)) return undefined;
  if (weights.timestamps + weights.sizes + weights.duration + weights.histogram !== 1) return undefined;
  const sum =
    scores.timestamps * weights.timestamps +
    scores.sizes * weights.sizes +
    scores.duration * weights.duration +
    scores.histogram * weights.histogram;
  return round3(sum);
}

function areShares({ timestamps, sizes, duration, histogram }: BeaconParts): boolean {
  return isShare(timestamps) && isShare(sizes) && isShare(duration) && isShare(histogram);
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
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

/** Scores one pair after another: its whole seconds in ascending order, and its sizes, which are put in order in place. */
export type BeaconScorer = (times: Float64Array, sizes: Float64Array) => RitaBeacon | undefined;

/** `start` and `end` are those of the data set's last 24 hours, in whole seconds. */
export function createBeaconScorer(start: number, end: number, settings: BeaconSettings): BeaconScorer {
  const edges = histogramEdges(start, end, settings.histogram.bins);
  const room = new Float64Array(1024);
  return (times, sizes) => {
    const intervals = intervalsOf(times, room);
    const rhythm = intervals === undefined ? undefined : intervalScore(intervals);
    const bytes = statisticalScoreOf(sizes.sort(), 0);
    const histogram = edges === undefined ? undefined : histogramScoreOf(edges, times, settings.histogram);
    if (rhythm === undefined || bytes === undefined || histogram === undefined) return undefined;
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
      timestamps: rhythm.score,
      sizes: bytes.score,
      duration: duration.score,
      histogram: histogram.score,
    };
    const score = beaconScore(parts, settings.weights);
    if (score === undefined) return undefined;
    return {
      ...parts,
      score,
      intervalSkewness: rhythm.skewness,
      intervalDeviation: rhythm.deviation,
      sizeSkewness: bytes.skewness,
      sizeDeviation: bytes.deviation,
      hours: histogram.bars,
      longestRun: histogram.longestRun,
    };
  };
}
