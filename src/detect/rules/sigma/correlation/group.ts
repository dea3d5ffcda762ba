import type { SigmaCorrelation } from '../model.ts';
import { createMeasure, isMonotone, isWithinBounds, type Measure } from './measure.ts';

/** One event that a rule of the correlation matched. `token` is the caller's, to point at it later. */
export interface Contribution<T> {
  /** µs since 1970. */
  readonly time: number;
  /** Place of its rule among the correlation's. */
  readonly part: number;
  /** What the condition's `field` has. */
  readonly value: string | undefined;
  readonly token: T;
}

/** A moment at which the condition holds for a group. */
export interface Satisfied<T> {
  readonly time: number;
  /** It did not hold at the time before, or that is longer ago than the timespan: a finding; else the same goes on. */
  readonly isNew: boolean;
  /** Entries of the window that are still there, oldest first; none when it is not new. */
  readonly entries: readonly Contribution<T>[];
}

/** Entries that one group keeps to point at, and to put late ones in their place. Counts do not depend on them. */
const maxEntries = 1000;

/**
 * The sliding window of one group. A window ends at an event and has all events not older than the timespan, both ends
 * included; events of one time are in it together. Entries may come late: then the windows they are in are judged anew.
 */
export class Group<T> {
  readonly #correlation: SigmaCorrelation;
  readonly #spanMicros: number;
  readonly #isMonotone: boolean;
  #entries: Contribution<T>[] = [];
  #measure: Measure;
  #holds = false;
  /** Time that was judged last, and whether the condition goes on from the one before it. */
  #judged = -Infinity;
  #heldBefore = false;
  /** Time whose window is still to be judged, when more events of it may come. */
  #open: number | undefined;

  constructor(correlation: SigmaCorrelation) {
    this.#correlation = correlation;
    this.#spanMicros = correlation.timespanSeconds * 1e6;
    this.#isMonotone = isMonotone(correlation);
    this.#measure = createMeasure(correlation);
  }

  get size(): number {
    return this.#entries.length;
  }

  get newest(): number {
    return this.#entries.at(-1)?.time ?? -Infinity;
  }

  /** Entries that a window may have wanted, and that had to go to keep the bounds. */
  get lost(): number {
    return this.#measure.lost;
  }

  /** Adds an entry; the windows that it decided. */
  add(entry: Contribution<T>): Satisfied<T>[] {
    if (this.#entries.length >= maxEntries) this.#trim();
    if (entry.time < this.newest) return this.#addLate(entry);
    const satisfied: Satisfied<T>[] = [];
    if (this.#open !== undefined && this.#open < entry.time) this.#judge(this.#open, satisfied);
    this.#append(entry);
    if (this.#isMonotone) this.#judge(entry.time, satisfied);
    else this.#open = entry.time;
    return satisfied;
  }

  /** Judges the window that was left open. */
  end(): Satisfied<T>[] {
    const satisfied: Satisfied<T>[] = [];
    if (this.#open !== undefined) this.#judge(this.#open, satisfied);
    return satisfied;
  }

  #append(entry: Contribution<T>): void {
    this.#entries.push(entry);
    this.#measure.add(entry.time, entry.part, entry.value);
  }

  #judge(end: number, satisfied: Satisfied<T>[]): void {
    this.#open = undefined;
    const since = end - this.#spanMicros;
    if (end !== this.#judged) {
      this.#heldBefore = this.#holds && this.#judged >= since;
      this.#holds = false;
      this.#judged = end;
    }
    if (!isWithinBounds(this.#measure.over(since), this.#correlation.bounds)) return;
    // Of several events of one time the first that makes it hold tells it.
    const isNew = !this.#heldBefore && !this.#holds;
    satisfied.push({ time: end, isNew, entries: isNew ? this.#since(since) : [] });
    this.#holds = true;
  }

  /** Replays the group with the entry in its place; only windows that have it in them are told. */
  #addLate(entry: Contribution<T>): Satisfied<T>[] {
    const before = this.#entries;
    const place = before.findLastIndex((other) => other.time <= entry.time) + 1;
    const all = [...before.slice(0, place), entry, ...before.slice(place)];
    const wasHolding = this.#holds;
    const satisfied: Satisfied<T>[] = [];
    this.#entries = [];
    this.#measure = createMeasure(this.#correlation);
    this.#holds = false;
    this.#judged = -Infinity;
    for (const [index, one] of all.entries()) {
      this.#append(one);
      const isLastOfTime = all[index + 1]?.time !== one.time;
      if (isLastOfTime && (this.#isMonotone || index < all.length - 1)) this.#judge(one.time, satisfied);
    }
    if (!this.#isMonotone) this.#open = this.newest;
    const until = entry.time + this.#spanMicros;
    const within = satisfied.filter(({ time }) => time >= entry.time && time <= until);
    return wasHolding ? within.map((one) => ({ ...one, isNew: false })) : within;
  }

  #since(time: number): Contribution<T>[] {
    return this.#entries.slice(this.#entries.findLastIndex((entry) => entry.time < time) + 1);
  }

  /** Lets go what no window needs any more, and the older half in any case. */
  #trim(): void {
    this.#entries = this.#since(this.newest - this.#spanMicros).slice(-maxEntries / 2);
  }
}
