import type { StoreInfo, StoreSource } from './layout.ts';

/** Days after which advice is old: some hundred advisories are published on each. */
export const staleDays = 7;
const dayMs = 86_400_000;

/** What of a store is old, for people. */
export interface DataAge {
  /** Day of the newest advisories: when a file with some was fetched or changed, and no later than the store was built. */
  readonly day: string;
  /** Whole days since then. */
  readonly days: number;
  /** Addresses that could not be fetched anew for more than `staleDays` days before the store was built, with the day of what is used instead. */
  readonly left: readonly { readonly from: string; readonly day: string }[];
}

/** How old the advice in a store is. A store that is built each night of files that nobody could fetch anew is as old as they are. */
export function dataAge({ builtAt, sources }: Pick<StoreInfo, 'builtAt' | 'sources'>, now: Date): DataAge {
  const dates = sources.filter(hasAdvice).map(({ date }) => Date.parse(date));
  const built = Date.parse(builtAt);
  const newest = Math.min(built, Math.max(...(dates.length === 0 ? [built] : dates)));
  const left = sources.filter(
    ({ from, date }) => /^https?:/i.test(from) && built - Date.parse(date) > staleDays * dayMs,
  );
  return {
    day: new Date(newest).toISOString().slice(0, 10),
    days: Math.floor((now.getTime() - newest) / dayMs),
    left: left.map(({ from, date }) => ({ from, day: date.slice(0, 10) })),
  };
}

function hasAdvice({ counts }: StoreSource): boolean {
  return (counts['advisory'] ?? 0) > 0;
}
