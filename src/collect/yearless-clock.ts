import { daysSince1970, microsPerDay, type Micros } from '../base/time.ts';

const namedDay = /(?:^|\D)(?<year>(?:19|20)\d\d)[-_.]?(?<month>0[1-9]|1[0-2])[-_.]?(?<day>[0-2]\d|3[01])(?:\D|$)/g;
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Number of a month from its English name in three letters; undefined for other text. */
export function monthNumber(name: string): number | undefined {
  const index = monthNames.indexOf(name.toLowerCase());
  return index < 0 ? undefined : index + 1;
}

/**
 * Years for the times of a log that has none, as syslog of RFC 3164. The first line is of the latest year that puts it before
 * the content was written: before the day that its name has (`syslog-20260301`), or before its file was changed. Later lines
 * follow, and January after December begins a new year. Where nothing is known, the year is 1970.
 */
export class YearlessClock {
  #year: number | undefined;
  #month = 0;
  readonly #before: Micros | undefined;

  constructor(name: string, modified: Micros | undefined, state: string | undefined) {
    this.#before = dayAfter(name) ?? modified;
    const known = /^(?<year>\d{1,4})-(?<month>\d{1,2})$/.exec(state ?? '')?.groups;
    if (known === undefined) return;
    this.#year = Number(known['year']);
    this.#month = Number(known['month']);
  }

  /** What it must know to go on; undefined before the first time. */
  get state(): string | undefined {
    return this.#year === undefined ? undefined : `${this.#year}-${this.#month}`;
  }

  /** The time of a month and day with a time of day in microseconds. */
  time(month: number, day: number, clock: Micros): Micros {
    const at = (year: number): Micros => (daysSince1970(year, month) + day - 1) * microsPerDay + clock;
    if (this.#year === undefined) this.#year = this.#before === undefined ? 1970 : latestYear(at, this.#before);
    else if (this.#isNewYear(month, at)) this.#year++;
    // A line that came late from December stands among those of January.
    else if (month > this.#month + 6) return at(this.#year - 1);
    this.#month = month;
    return at(this.#year);
  }

  #isNewYear(month: number, at: (year: number) => Micros): boolean {
    if (month >= this.#month - 6) return false;
    return this.#before === undefined || at((this.#year ?? 0) + 1) <= this.#before;
  }
}

/** Logs are a day ahead of UTC at most. */
function latestYear(at: (year: number) => Micros, before: Micros): number {
  const year = new Date(before / 1000).getUTCFullYear();
  return at(year) <= before + microsPerDay ? year : year - 1;
}

/** The end of the last day that a name has. */
function dayAfter(name: string): Micros | undefined {
  const last = [...name.slice(-4096).matchAll(namedDay)].at(-1)?.groups;
  if (last === undefined) return undefined;
  return (daysSince1970(Number(last['year']), Number(last['month'])) + Number(last['day'])) * microsPerDay;
}
