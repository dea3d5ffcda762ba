import type { Reason } from '../../../events/finding.ts';
import type { ActivityDay, Doing } from './activity.ts';

/** What an account did in one log before a day. */
export class Habit {
  #firstDay: number | undefined;
  #days = 0;
  #weekendDays = 0;
  readonly #most = new Map<Doing, number>();
  readonly #hours = new Set<number>();
  readonly #places = new Set<string>();

  get days(): number {
    return this.#days;
  }

  /** Days from the first to this one. */
  spanBefore(day: number): number {
    return this.#firstDay === undefined ? 0 : day - this.#firstDay;
  }

  add({ day, done, hours, places }: ActivityDay): void {
    this.#firstDay ??= day;
    this.#days++;
    if (isWeekend(day)) this.#weekendDays++;
    for (const [doing, { records }] of done) this.#most.set(doing, Math.max(records, this.#most.get(doing) ?? 0));
    for (const hour of hours) this.#hours.add(hour);
    for (const place of places) this.#places.add(place);
  }

  /** How much more was done than on any day before: a reason named after each doing of which it was enough more. */
  volume({ done }: ActivityDay, bounds: VolumeBounds): Reason[] {
    return [...done].flatMap(([doing, { records, objects }]) => {
      const most = this.#most.get(doing) ?? 0;
      const needed = doing === 'deletes' ? bounds.min_records / 3 : bounds.min_records;
      const times = records / (bounds.factor * Math.max(1, most));
      if (records < needed || times <= 1) return [];
      const things = objects > 0 ? `${grouped(records)}, of ${grouped(objects)} things` : grouped(records);
      const value = `${things} on one day, at most ${grouped(most)} before`;
      // Eight times the bound says as much as any more.
      const weight = 0.25 + 0.25 * Math.min(1, Math.log2(times) / 3) + (doing === 'deletes' ? 0.1 : 0);
      return [{ what: doing, value, weight }];
    });
  }

  /** What else was new: hours none of which it ever worked in, a weekend, places. */
  others({ day, hours, places }: ActivityDay): Reason[] {
    const reasons: Reason[] = [];
    if ([...hours].every((hour) => !this.#hours.has(hour))) {
      reasons.push({ what: 'hours', value: `${clock(hours)} UTC, never before (${clock(this.#hours)})`, weight: 0.2 });
    }
    if (isWeekend(day) && this.#weekendDays === 0) {
      reasons.push({ what: 'weekend', value: `none of ${this.#days} days before was one`, weight: 0.15 });
    }
    const fresh = [...places].filter((place) => !this.#places.has(place));
    if (fresh.length > 0 && this.#places.size > 0) {
      reasons.push({ what: 'place', value: `${fresh.slice(0, 3).join(', ')}, never before`, weight: 0.15 });
    }
    return reasons;
  }
}

export interface VolumeBounds {
  readonly min_records: number;
  readonly factor: number;
}

/** Saturday or Sunday; day 0 was a Thursday. */
function isWeekend(day: number): boolean {
  return [2, 3].includes(day % 7);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `02:00, 03:00`, at most six of them. */
function clock(hours: ReadonlySet<number>): string {
  const sorted = [...hours].sort((a, b) => a - b);
  const shown = sorted.slice(0, 6).map((hour) => `${String(hour).padStart(2, '0')}:00`);
  return `${shown.join(', ')}${sorted.length > shown.length ? ', …' : ''}`;
}
