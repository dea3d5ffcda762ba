import { divergence, memorylessShare } from './memoryless.ts';

/** The window of intervals in which memoryless arrivals are least able to explain what is there. */
export interface Regularity {
  /** Seconds. */
  readonly period: number;
  /** Half width of the window, as a share of the period. */
  readonly spread: number;
  /** Windows at 1 to this many periods: above 1 when missed calls were allowed for. */
  readonly multiples: number;
  /** Intervals inside, of all. */
  readonly inside: number;
  readonly intervals: number;
  /** Share of the intervals that memoryless arrivals could put inside at most. */
  readonly bound: number;
  /** Nats per interval: 0 memoryless, 1 as ±45 % of jitter, above 3 a clock. */
  readonly information: number;
  /** Natural logarithm of how much less likely memoryless arrivals are to do this, every window tried being counted. */
  readonly evidence: number;
}

/** Half widths tried: from a clock to four fifths of the period. */
const spreads = [0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8];

/** What a window of each spread says at most: all intervals lie in it, none can be too short, and the clock is exact. */
const mostInformation = spreads.map((spread) => divergence(1, memorylessShare(spread, 1, 0)));

/** Missed calls are followed up to this many periods, and while the windows stay apart. */
const maxMultiples = 3;

export interface IntervalSample {
  /** Seconds, ascending, each above `dead`. */
  readonly sorted: Float64Array;
  /** Shortest interval that can occur, in seconds. */
  readonly dead: number;
  /** Step of the clock that wrote the times, in seconds: a window takes in that much more than it seems to. */
  readonly resolution: number;
}

/** What regularity must reach to be of interest; windows that cannot are passed over. */
export interface RegularityFloor {
  readonly evidence: number;
  readonly information: number;
}

/** Undefined when no window beats chance and the floor, or there are fewer than three intervals. */
export function findRegularity(
  { sorted, dead, resolution }: IntervalSample,
  floor: RegularityFloor = { evidence: 0, information: 0 },
): Regularity | undefined {
  const intervals = sorted.length;
  if (intervals < 3) return undefined;
  const tries = Math.log(intervals * spreads.length * maxMultiples);
  const least = leastInformation(floor, tries, intervals);
  let best: Omit<Regularity, 'evidence'> | undefined;
  for (const [index, spread] of spreads.entries()) {
    if ((mostInformation[index] as number) < least) break;
    const { count, period } = fullestWindow(sorted, spread);
    const width = spread + resolution / period;
    const single = memorylessShare(width, 1, dead / period);
    for (let multiples = 1; multiples <= maxMultiples; multiples++) {
      if (multiples > 1 && spread * Math.sqrt(multiples) > 0.5) break;
      const inside = multiples === 1 ? count : countInside(sorted, period, spread, multiples);
      // More windows hold more of anything, so the bound of one says whether the dearer one is worth its price.
      const most = divergence(inside / intervals, single);
      if (most < least || most <= (best?.information ?? 0)) continue;
      const bound = multiples === 1 ? single : memorylessShare(width, multiples, dead / period);
      const information = divergence(inside / intervals, bound);
      if (information <= (best?.information ?? 0)) continue;
      best = { period, spread, multiples, inside, intervals, bound, information };
    }
  }
  if (best === undefined) return undefined;
  const evidence = Math.max(0, intervals * best.information - tries);
  return best.information < floor.information || evidence < floor.evidence ? undefined : { ...best, evidence };
}

/** Nats per interval without which the floor is not reached. */
function leastInformation(floor: RegularityFloor, tries: number, intervals: number): number {
  const byEvidence = floor.evidence > 0 ? (floor.evidence + tries) / intervals : 0;
  // Rounding must not make a window miss the floor by a hair that the last test would let pass.
  return Math.max(floor.information, byEvidence) * (1 - 1e-9);
}

/** The window `[period·(1-spread), period·(1+spread)]` that holds most intervals. */
function fullestWindow(sorted: Float64Array, spread: number): { count: number; period: number } {
  const ratio = (1 + spread) / (1 - spread);
  let count = 0;
  let first = 0;
  let low = 0;
  for (let high = 0; high < sorted.length; high++) {
    const limit = (sorted[high] ?? 0) / ratio;
    while ((sorted[low] ?? 0) < limit) low++;
    if (high - low + 1 > count) {
      count = high - low + 1;
      first = low;
    }
  }
  const bottom = sorted[first] ?? 0;
  const top = sorted[first + count - 1] ?? bottom;
  return { count, period: (bottom / (1 - spread) + top / (1 + spread)) / 2 };
}

function countInside(sorted: Float64Array, period: number, spread: number, multiples: number): number {
  let inside = 0;
  for (let k = 1; k <= multiples; k++) {
    const half = spread * Math.sqrt(k);
    inside +=
      lowerBound(sorted, period * (k + half) * (1 + 1e-12)) - lowerBound(sorted, period * (k - half) * (1 - 1e-12));
  }
  return inside;
}

/** Index of the first value that is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
