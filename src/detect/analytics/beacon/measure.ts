import { microsPerDay } from '../../../base/time.ts';
import { medianOf, sortedCopy } from '../../rita/quartiles.ts';
import { clockResolution, joinVisits, meanVisitSeconds } from './intervals.ts';
import type { Calls } from './read-calls.ts';
import { findRegularity, type Regularity } from './regularity.ts';
import type { BeaconSettings } from './settings.ts';

/** What the calls of one channel look like. */
export interface Measurement {
  readonly regularity: Regularity;
  /** Seconds from the beginning of one visit to that of the next. */
  readonly periodSeconds: number;
  /** Part of the calls that it was found in: index of the first, and how many. */
  readonly first: number;
  readonly calls: number;
  readonly visits: number;
  /** Calls that follow each other within so many seconds were taken for one. */
  readonly joinedSeconds: number;
  readonly spanSeconds: number;
  /** Share of the calls whose sent bytes lie within a tenth of their median; undefined where no sizes are known. */
  readonly sizeShare: number | undefined;
  readonly medianSent: number;
  readonly medianReceived: number;
  readonly answeredShare: number;
}

/**
 * Calls so close together are one visit: the same call seen twice, a connection opened with another, retries and two
 * sensors' clocks, and then calls that come in groups.
 */
const deadSeconds = [0.1, 1, 10, 60, 300];

/** A shorter part, or more joining, must be this much more telling to be told instead. */
const clearlyBetter = 1.05;

/** Hours after which a channel counts as lasting, and how far one does that is as long as what is stored. */
const lastingHours = 12;
const wholeShare = 0.35;

/** 0 to 1: how regular, and how lasting. */
export function regularShare(regularity: Regularity): number {
  return 1 - Math.exp(-regularity.information);
}
/** By all that is stored where it is known: what a capture of a minute holds from end to end may last. */
export function persistence(spanSeconds: number, storedSeconds = Infinity): number {
  const whole = wholeShare * Math.min(1, spanSeconds / storedSeconds);
  return Math.min(1, Math.max(Math.sqrt(spanSeconds / (lastingHours * 3600)), whole));
}

/** Hours that a rhythm must last without a break, which take in a night whenever they begin, and the share of them that it must fill. */
const unbrokenHours = 36;
const unbrokenShare = 0.9;

/**
 * One timer that ran through all that is known of the channel. Where several machines stand behind an address, the rhythm of
 * what they all run is one of pieces: their timers overlay each other, and end with the day's work.
 */
export function isUnbroken({ regularity, periodSeconds, spanSeconds, first }: UnbrokenParts): boolean {
  if (first > 0 || spanSeconds < unbrokenHours * 3600) return false;
  const isOneTimer = regularity.inside >= regularity.intervals * unbrokenShare;
  return isOneTimer && regularity.inside * periodSeconds >= spanSeconds * unbrokenShare;
}
type UnbrokenParts = Pick<Measurement, 'regularity' | 'periodSeconds' | 'spanSeconds' | 'first'>;

/** The most telling part of a channel: all of it, its last week or its last day. Undefined when nothing in it is regular enough. */
export function measureCalls(calls: Calls, settings: BeaconSettings): Measurement | undefined {
  const { times } = calls;
  const resolution = clockResolution(times);
  const floor = { evidence: settings.min_evidence, information: settings.min_information };
  let best: (Pick<Measurement, 'regularity' | 'first' | 'visits' | 'joinedSeconds'> & { strength: number }) | undefined;
  for (const first of recentParts(times)) {
    const part = times.subarray(first);
    const spanSeconds = ((part.at(-1) ?? 0) - (part[0] ?? 0)) / 1e6;
    const visiting = joinVisits(part);
    let joined = Infinity;
    for (const dead of deadSeconds) {
      const { gaps, visits } = visiting(dead);
      if (visits < settings.min_calls) break;
      if (visits === joined) continue;
      joined = visits;
      const regularity = findRegularity({ sorted: gaps, dead, resolution }, floor);
      if (regularity === undefined) continue;
      const strength = regularShare(regularity) * (1 + persistence(spanSeconds));
      if (strength > (best?.strength ?? 0) * clearlyBetter) {
        best = { regularity, first, visits, joinedSeconds: dead, strength };
      }
    }
  }
  if (best === undefined) return undefined;
  const meanSeconds = meanVisitSeconds(times.subarray(best.first), best.joinedSeconds);
  return { ...describePart(calls, best.first), ...best, periodSeconds: best.regularity.period + meanSeconds };
}

/** Index where each part begins. Shorter ones only where they are much shorter: a host may have been taken lately. */
function recentParts(times: Float64Array): number[] {
  const last = times.at(-1) ?? 0;
  const span = last - (times[0] ?? 0);
  const parts = [0];
  for (const days of [7, 1]) {
    if (span < 1.5 * days * microsPerDay) continue;
    parts.push(times.findIndex((time) => time >= last - days * microsPerDay));
  }
  return parts;
}

function describePart(
  calls: Calls,
  first: number,
): Pick<Measurement, 'calls' | 'spanSeconds' | 'sizeShare' | 'medianSent' | 'medianReceived' | 'answeredShare'> {
  const times = calls.times.subarray(first);
  const sent = sortedCopy(calls.sent.subarray(first).filter((value) => !Number.isNaN(value)));
  const received = sortedCopy(calls.received.subarray(first).filter((value) => !Number.isNaN(value)));
  const medianSent = medianOf(sent);
  const near = sent.filter((value) => Math.abs(value - medianSent) <= medianSent / 10).length;
  const answered = calls.answered.subarray(first);
  return {
    calls: times.length,
    spanSeconds: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1e6,
    sizeShare: sent.length < 3 ? undefined : near / sent.length,
    medianSent,
    medianReceived: medianOf(received),
    answeredShare: answered.reduce((sum, value) => sum + value, 0) / Math.max(1, answered.length),
  };
}
