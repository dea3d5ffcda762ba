import { round3, sortedCopy } from './quartiles.ts';

/** RITA v5, analysis/beacons.go: how evenly connections are spread over the hours of a day. Undefined where RITA reports an error. */

/** Edges of `bins` equal bins: `bins + 1` values, first and last exactly start and end. */
export function histogramEdges(start: number, end: number, bins: number): number[] | undefined {
  if (bins <= 0 || end <= start) return undefined;
  const step = (end - start) / bins;
  return Array.from({ length: bins + 1 }, (_none, index) => (index === bins ? end : start + index * step));
}

export interface FrequencyCounts {
  /** How many bars have a height of this group; groups are 5 % of the highest bar wide. */
  readonly heights: ReadonlyMap<number, number>;
  readonly bars: number;
  /** Longest run of bars without a gap, around the end as well. */
  readonly longestRun: number;
}

export function frequencyCounts(histogram: readonly number[], sensitivity: number): FrequencyCounts | undefined {
  if (histogram.length === 0) return undefined;
  const highest = histogram.reduce((most, bar) => Math.max(most, bar), 0);
  const width = Math.ceil(highest * sensitivity);
  const heights = new Map<number, number>();
  let bars = 0;
  for (const bar of histogram) {
    if (bar <= 0) continue;
    bars++;
    const group = Math.floor(Math.floor(bar / width) * width);
    heights.set(group, (heights.get(group) ?? 0) + 1);
  }
  return { heights, bars, longestRun: longestRunOf(histogram) };
}

function longestRunOf(histogram: readonly number[]): number {
  let longest = 0;
  let current = 0;
  for (let index = 0; index < histogram.length * 2; index++) {
    current = (histogram[index % histogram.length] ?? 0) > 0 ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return Math.min(longest, histogram.length);
}

export interface Histogram extends FrequencyCounts {
  readonly histogram: readonly number[];
}

/** What lies before the first edge counts into the first bin, what lies at or after the last into the last. */
export function createHistogram(
  edges: readonly number[],
  timestamps: ArrayLike<number>,
  sensitivity: number,
): Histogram | undefined {
  if (edges.length < 2 || timestamps.length === 0) return undefined;
  return histogramOf(
    [...edges].sort((a, b) => a - b),
    sortedCopy(timestamps),
    sensitivity,
  );
}

function histogramOf(edges: readonly number[], times: Float64Array, sensitivity: number): Histogram | undefined {
  const histogram = edges.slice(1).fill(0);
  let bin = 0;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    while (bin < histogram.length - 1 && time >= (edges[bin + 1] as number)) bin++;
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  const counts = frequencyCounts(histogram, sensitivity);
  return counts === undefined ? undefined : { histogram, ...counts };
}

/** 1 for bars of one height, 0 where they scatter as much as their mean. */
export function variationScore(histogram: readonly number[]): number | undefined {
  const total = histogram.reduce((sum, bar) => sum + bar, 0);
  if (total <= 0 || histogram.some((bar) => bar < 0)) return undefined;
  const mean = total / histogram.length;
  const variance = histogram.reduce((sum, bar) => sum + (bar - mean) ** 2, 0) / histogram.length;
  const variation = Math.sqrt(variance) / mean;
  return variation > 1 ? 0 : round3(1 - variation);
}

/** RITA's stand-in for a setting below 6: with so few hours one or two heights would always fit. */
const fallbackMinimumHours = 11;

/** Share of the bars whose height belongs to the two most frequent groups, `outliers` bars left out. */
export function bimodalFitScore(
  heights: ReadonlyMap<number, number>,
  bars: number,
  outliers: number,
  minimumHours: number,
): number | undefined {
  if (heights.size === 0 || bars <= 0) return undefined;
  if (bars < (minimumHours < 6 ? fallbackMinimumHours : minimumHours)) return 0;
  const [largest = 0, second = 0] = [...heights.values()].sort((a, b) => b - a);
  return Math.min(1, round3((largest + second) / Math.max(bars - outliers, 1)));
}

export interface HistogramSettings {
  readonly sensitivity: number;
  readonly outliers: number;
  readonly minimumHours: number;
  readonly bins: number;
}

export interface HistogramScore extends Histogram {
  readonly edges: readonly number[];
  readonly score: number;
}

/** The better of even bars and of two heights. Times in seconds. */
export function histogramScore(
  start: number,
  end: number,
  timestamps: ArrayLike<number>,
  settings: HistogramSettings,
): HistogramScore | undefined {
  const edges = histogramEdges(start, end, settings.bins);
  return edges === undefined ? undefined : histogramScoreOf(edges, sortedCopy(timestamps), settings);
}

/** The same between edges of `histogramEdges`, for times that are in ascending order already. */
export function histogramScoreOf(
  edges: readonly number[],
  times: Float64Array,
  settings: HistogramSettings,
): HistogramScore | undefined {
  const histogram = times.length === 0 ? undefined : histogramOf(edges, times, settings.sensitivity);
  if (histogram === undefined) return undefined;
  const variation = variationScore(histogram.histogram);
  const fit = bimodalFitScore(histogram.heights, histogram.bars, settings.outliers, settings.minimumHours);
  if (variation === undefined || fit === undefined) return undefined;
  return { ...histogram, edges, score: Math.max(variation, fit) };
}
