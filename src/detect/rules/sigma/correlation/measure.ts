import { numberOf } from '../../../../match/condition/values.ts';
import type { Bound, SigmaCorrelation } from '../model.ts';

/** What counts in one window: fed in the order of time, and asked for what lies between `since` and the newest. */
export interface Measure {
  add(time: number, part: number, value: string | undefined): void;
  /** The measured number over entries at or after `since`; undefined when there is nothing to measure. */
  over(since: number): number | undefined;
  /** Entries that had to go although a window may have wanted them. */
  readonly lost: number;
}

/** Numbers that one window keeps, and the largest threshold: more of either is another tool's work. */
const maxKept = 100_000;

/** Types whose number only grows with more entries: with lower bounds alone they can be judged at once. */
export function isMonotone({ type, bounds }: Pick<SigmaCorrelation, 'type' | 'bounds'>): boolean {
  const grows = !type.startsWith('value_') || type === 'value_count';
  return grows && bounds.every(({ operator }) => operator === 'gt' || operator === 'gte');
}

export function isWithinBounds(number: number | undefined, bounds: readonly Bound[]): boolean {
  return number !== undefined && bounds.every((bound) => holds(number, bound));
}

function holds(number: number, { operator, value }: Bound): boolean {
  switch (operator) {
    case 'gt':
      return number > value;
    case 'gte':
      return number >= value;
    case 'lt':
      return number < value;
    case 'lte':
      return number <= value;
    case 'eq':
      return number === value;
    case 'neq':
      return number !== value;
  }
}

export function createMeasure({ type, percentile, rules, bounds }: SigmaCorrelation): Measure {
  // A count above all bounds is as good as any larger one: no more is kept than tells it.
  const enough = Math.min(maxKept, 1 + Math.max(...bounds.map((bound) => Math.ceil(Math.abs(bound.value)))));
  switch (type) {
    case 'event_count':
      return new EventCount(enough);
    case 'value_count':
      return new LatestByKey((_part, value) => value, enough);
    case 'temporal':
      return new LatestByKey((part) => part, rules.length);
    case 'temporal_ordered':
      return new OrderedChain(rules.length);
    case 'value_sum':
      return new Numbers((sorted) => sorted.reduce((sum, value) => sum + value, 0));
    case 'value_avg':
      return new Numbers((sorted) => sorted.reduce((sum, value) => sum + value, 0) / sorted.length);
    case 'value_median':
      return new Numbers((sorted) => quantile(sorted, 0.5));
    case 'value_percentile':
      return new Numbers((sorted) => quantile(sorted, percentile / 100));
  }
}

class EventCount implements Measure {
  readonly lost = 0;
  readonly #times: TimeQueue<undefined>;

  constructor(enough: number) {
    this.#times = new TimeQueue(enough);
  }

  add(time: number): void {
    this.#times.push(time, undefined);
  }

  over(since: number): number {
    return this.#times.trim(since);
  }
}

/** Number of different keys: of each the latest time, oldest first, so that what falls out of the window stands in front. */
class LatestByKey<K> implements Measure {
  readonly lost = 0;
  readonly #latest = new Map<K, number>();
  readonly #key: (part: number, value: string | undefined) => K | undefined;

  readonly #enough: number;

  constructor(key: (part: number, value: string | undefined) => K | undefined, enough: number) {
    this.#key = key;
    this.#enough = enough;
  }

  add(time: number, part: number, value: string | undefined): void {
    const key = this.#key(part, value);
    if (key === undefined) return;
    this.#latest.delete(key);
    this.#latest.set(key, time);
    if (this.#latest.size <= this.#enough) return;
    const [oldest] = this.#latest.keys();
    if (oldest !== undefined) this.#latest.delete(oldest);
  }

  over(since: number): number {
    for (const [key, time] of this.#latest) {
      if (time >= since) break;
      this.#latest.delete(key);
    }
    return this.#latest.size;
  }
}

/**
 * Length of the longest chain of rules in their given order. `#starts[length][part]` is the latest start of a chain of
 * that length that ends in that rule: a later start is in every window that an earlier one is in.
 */
class OrderedChain implements Measure {
  readonly lost = 0;
  readonly #starts: Float64Array[];
  readonly #parts: number;

  constructor(parts: number) {
    this.#parts = parts;
    this.#starts = Array.from({ length: parts }, () => new Float64Array(parts).fill(-Infinity));
  }

  add(time: number, part: number): void {
    for (let length = this.#parts - 1; length > 0; length--) {
      const shorter = this.#starts[length - 1];
      const row = this.#starts[length];
      if (shorter === undefined || row === undefined) continue;
      for (let before = 0; before < part; before++) {
        row[part] = Math.max(row[part] ?? -Infinity, shorter[before] ?? -Infinity);
      }
    }
    const [single] = this.#starts;
    if (single !== undefined) single[part] = time;
  }

  over(since: number): number {
    for (let length = this.#parts; length > 0; length--) {
      if (this.#starts[length - 1]?.some((start) => start >= since) === true) return length;
    }
    return 0;
  }
}

/** A number computed anew from all numbers of the window; values that are no numbers are left out. */
class Numbers implements Measure {
  readonly #values = new TimeQueue<number>(maxKept);
  readonly #compute: (sorted: Float64Array) => number;

  constructor(compute: (sorted: Float64Array) => number) {
    this.#compute = compute;
  }

  get lost(): number {
    return this.#values.dropped;
  }

  add(time: number, _part: number, value: string | undefined): void {
    const number = value === undefined ? undefined : numberOf(value);
    if (number !== undefined) this.#values.push(time, Number(number));
  }

  over(since: number): number | undefined {
    if (this.#values.trim(since) === 0) return undefined;
    return this.#compute(Float64Array.from(this.#values.values()).sort());
  }
}

/** Quantile between neighbours, as SQL's `quantile_cont`. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** Values in order of time that leave at the front: by age, and when there are more than `most`. */
class TimeQueue<T> {
  readonly #most: number;
  dropped = 0;
  #times: number[] = [];
  #values: T[] = [];
  #start = 0;

  constructor(most: number) {
    this.#most = most;
  }

  push(time: number, value: T): void {
    this.#times.push(time);
    this.#values.push(value);
    if (this.#times.length - this.#start <= this.#most) return;
    this.#start++;
    this.dropped++;
    this.#compact();
  }

  /** Lets go what is before `since`; how many are left. */
  trim(since: number): number {
    while (this.#start < this.#times.length && (this.#times[this.#start] ?? 0) < since) this.#start++;
    this.#compact();
    return this.#times.length - this.#start;
  }

  #compact(): void {
    if (this.#start <= 1024 || this.#start * 2 <= this.#times.length) return;
    this.#times = this.#times.slice(this.#start);
    this.#values = this.#values.slice(this.#start);
    this.#start = 0;
  }

  values(): readonly T[] {
    return this.#values.slice(this.#start);
  }
}
