import type { Problem } from '../base/problem.ts';
import { formatIso, microsPerDay, type Micros } from '../base/time.ts';
import type { VakthundEvent } from '../events/event.ts';

/** 1990-01-01: no log format that is read here is older. */
const earliest: Micros = 631_152_000_000_000;

export interface ClockBounds {
  readonly earliest: Micros;
  readonly latest: Micros;
}

export function clockBounds(now: Micros): ClockBounds {
  return { earliest, latest: now + microsPerDay };
}

export function isPlausible(time: Micros, bounds: ClockBounds): boolean {
  return time >= bounds.earliest && time <= bounds.latest;
}

/** Events whose clock cannot be right are kept, and told. One problem for a batch, with the first place and the count. */
export function clockProblems(events: readonly VakthundEvent[], bounds: ClockBounds): Problem[] {
  let first: VakthundEvent | undefined;
  let count = 0;
  for (const event of events) {
    if (event.time >= bounds.earliest && event.time <= bounds.latest) continue;
    first ??= event;
    count++;
  }
  return first === undefined ? [] : [implausible(first.time, first.evidence_at, count)];
}

export function implausible(time: Micros, line: number | null, count: number): Problem {
  return {
    code: 'clock-implausible',
    at: line === null ? {} : { line },
    message: `${count} events carry a time that cannot be right, the first ${formatIso(time)}; they were kept as they are`,
    hint: "check the sensor's clock; give --since to leave them out of the analysis",
    count,
  };
}
