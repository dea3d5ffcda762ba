import { microsPerDay, type Micros } from '../base/time.ts';
import type { KindId } from '../events/event.ts';
import type { ReadStore } from './store.ts';

/** Days without a record up to which somebody is taken to have watched: a weekend, and a holiday behind it. */
const quietDays = 3;

/** Starts of the UTC days that have events of these kinds, in turn. */
export async function readRecordedDays(store: ReadStore, kinds: readonly KindId[]): Promise<Micros[]> {
  const { macros } = store;
  const parts = kinds.map((kind) => `SELECT DISTINCT ${macros.dayMicros('time')} AS day FROM ${kind}`);
  const rows = await store.query(`SELECT DISTINCT day FROM (${parts.join(' UNION ALL ')}) AS t ORDER BY day`);
  return rows.map((row) => Number(row['day']));
}

/**
 * Since when records go on until that time without a longer pause: what was not there before is news from then on only. Two captures of different
 * years in one case say nothing about the years between.
 *
 * @param days as `readRecordedDays` gives them.
 * @param first time of the first record of all.
 */
export function watchedSince(days: readonly Micros[], first: Micros, time: Micros): Micros {
  let since = Math.floor(time / microsPerDay) * microsPerDay;
  // From the last day on: what is asked about is mostly late, and the days of a hostile clock are many.
  for (let at = days.length - 1; at >= 0; at--) {
    const day = days[at] ?? 0;
    if (day >= since) continue;
    if (since - day > (quietDays + 1) * microsPerDay) break;
    since = day;
  }
  return Math.min(Math.max(since, first), time);
}
