import { calmSpread, leastGrowth } from './queries.ts';

/** One call of a channel. Sizes in bytes, `at` in µs. */
export interface Call {
  readonly at: number;
  readonly sent: number;
  readonly received: number;
  readonly address: string;
  readonly evidenceId: number;
  readonly evidenceAt: number;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly agent: string | undefined;
}

/** A channel whose calls were alike, and from one call on are not. */
export interface Change {
  readonly before: readonly Call[];
  readonly after: readonly Call[];
  /** Bytes sent by a usual call, and by a usual call after the change. */
  readonly usualBefore: number;
  readonly usualAfter: number;
  readonly mostBefore: number;
  /** Bytes that went out beyond what was usual. */
  readonly extra: number;
}

export interface Bounds {
  readonly calm: number;
  readonly changed: number;
  readonly more: number;
}

/** Calls after the change that must send more than any before it, as a share: the old program may still run elsewhere. */
const changedShare = 0.8;

/** The change of a channel; undefined when its calls were never alike, or grew by little, or went back to what they were. */
export function findChange(calls: readonly Call[], { calm, changed, more }: Bounds): Change | undefined {
  let low = Infinity;
  let high = 0;
  let count = 0;
  for (const { sent } of calls) {
    if (Math.max(high, sent) > calmSpread * Math.min(low, sent)) break;
    low = Math.min(low, sent);
    high = Math.max(high, sent);
    count++;
  }
  const [before, after] = [calls.slice(0, count), calls.slice(count)];
  if (before.length < calm || after.length < changed) return undefined;
  const larger = after.filter(({ sent }) => sent >= leastGrowth * high && sent >= high + more);
  if (larger.length < changed || larger.length < changedShare * after.length) return undefined;
  const usualBefore = median(before.map(({ sent }) => sent));
  return {
    before,
    after: larger,
    usualBefore,
    usualAfter: median(larger.map(({ sent }) => sent)),
    mostBefore: high,
    extra: larger.reduce((sum, { sent }) => sum + sent - usualBefore, 0),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
