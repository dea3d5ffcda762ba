import type { Problem } from '../base/problem.ts';
import { earliestMicros, formatIso, microsPerDay, type Micros } from '../base/time.ts';

export interface ClockBounds {
  readonly earliest: Micros;
  readonly latest: Micros;
}

export function clockBounds(now: Micros): ClockBounds {
  return { earliest: earliestMicros, latest: now + microsPerDay };
}

export function isPlausible(time: Micros, bounds: ClockBounds): boolean {
  return time >= bounds.earliest && time <= bounds.latest;
}

/** Events whose clock cannot be right are kept, and told: one problem for all since the last, with the first place and the count. */
export class ClockCheck {
  readonly #bounds: ClockBounds;
  #first: { readonly time: Micros; readonly at: number | null } | undefined;
  #count = 0;

  constructor(bounds: ClockBounds) {
    this.#bounds = bounds;
  }

  look(time: Micros, at: number | null): void {
    if (isPlausible(time, this.#bounds)) return;
    this.#first ??= { time, at };
    this.#count++;
  }

  drain(): Problem[] {
    const first = this.#first;
    const problems = first === undefined ? [] : [implausible(first.time, first.at, this.#count)];
    this.#first = undefined;
    this.#count = 0;
    return problems;
  }
}

export function implausible(time: Micros, line: number | null, count: number): Problem {
  return {
    code: 'clock-implausible',
    at: line === null ? {} : { line },
    message:
      count === 1
        ? `an event carries a time that cannot be right, ${formatIso(time)}; it was kept as it is`
        : `${count} events carry a time that cannot be right, the first ${formatIso(time)}; they were kept as they are`,
    hint: "check the sensor's clock; give --since to leave them out of the analysis",
    count,
  };
}
