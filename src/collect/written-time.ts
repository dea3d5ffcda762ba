import {
  daysSince1970,
  microsPerDay,
  microsPerHour,
  microsPerMinute,
  parseIsoMicros,
  type Micros,
} from '../base/time.ts';
import { secondsOf } from './mapping/convert.ts';
import { monthNumber } from './yearless-clock.ts';

/** Which of two numbers before a year is the day: `3/1/2026` does not tell. With dots it is always the first. */
export type DateOrder = 'day-first' | 'month-first';

/** 1990: a smaller number is no time of a log. */
const firstSeconds = 631_152_000;
/** No time of a log is longer. */
const maxLength = 64;

/**
 * What a value says as a time, as programs of all kinds write it: ISO 8601, seconds, milliseconds, microseconds or nanoseconds since 1970,
 * dates of many countries with a clock, names of months, the forms of Apache, mail and `ctime`. Without a zone it is UTC. Undefined for a
 * value that says none, or one that no clock shows.
 */
export function writtenMicros(value: unknown, order?: DateOrder): Micros | undefined {
  const micros = anyMicros(typeof value === 'string' ? value.trim() : value, order);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

function anyMicros(value: unknown, order: DateOrder | undefined): Micros | undefined {
  if (typeof value === 'number') return numberMicros(value);
  if (typeof value !== 'string' || value.length > maxLength) return undefined;
  const iso = parseIsoMicros(value);
  if (iso !== undefined) return iso;
  // Fourteen digits that are a date (20260301100000) are no number of milliseconds: as such they would be after the year 2500.
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(value) && !compact.test(value)) return numberMicros(Number(value));
  return textMicros(value, order);
}

function numberMicros(number: number): Micros | undefined {
  if (number < firstSeconds) return undefined;
  if (number >= 1e17) return Math.floor(number / 1000);
  if (number >= 1e14) return Math.floor(number);
  return secondsOf(number >= 1e11 ? number / 1000 : number);
}

const compact = /^(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d$/;
const weekday = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? +/i;
/** Each with a clock behind it, or nothing. */
const dates: readonly RegExp[] = [
  /^(?<year>\d{4})(?<sign>[-/.])(?<month>\d{1,2}|[A-Za-z]{3,9})\k<sign>(?<day>\d{1,2})(?=\D|$)/,
  /^(?<first>\d{1,2})(?<sign>[-/.])(?<second>\d{1,2})\k<sign>(?<year>\d{4}|\d\d)(?=\D|$)/,
  /^(?<day>\d{1,2})[-/ ](?<month>[A-Za-z]{3,9})\.?,?[-/ ](?<year>\d{4}|\d\d)(?=\D|$)/,
  /^(?<month>[A-Za-z]{3,9})\.? {1,2}(?<day>\d{1,2}),? (?<year>\d{4})(?=\D|$)/,
  /^(?<year>(?:19|20)\d\d)(?<month>\d\d)(?<day>\d\d)(?=\D|\d{6}|$)/,
];
/** `Mar  1 10:00:00 2026`, with a zone before the year on some systems. */
const clockInside =
  /^(?<month>[A-Za-z]{3}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?<zone> [A-Z]{3,4})? (?<year>\d{4})$/;
const clock =
  /^(?<hour>\d{1,2}):?(?<minute>\d\d)(?::?(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?:\s?(?<half>[AaPp])\.?[Mm]\.?)?(?:\s?(?<zone>Z|[+-]\d\d(?::?\d\d)?|[A-Za-z]{2,5}))?$/;
/** RFC 5322, 4.3, and the zones of Europe. Other names stand for several zones. */
const zones: ReadonlyMap<string, number> = new Map([
  ...['z', 'utc', 'gmt', 'ut', 'wet'].map((name): [string, number] => [name, 0]),
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
  ['west', 1],
  ['cet', 1],
  ['cest', 2],
  ['eet', 2],
  ['eest', 3],
  ['msk', 3],
]);

function textMicros(text: string, order: DateOrder | undefined): Micros | undefined {
  const plain = text.replace(weekday, '');
  const inside = clockInside.exec(plain)?.groups;
  if (inside !== undefined) return joined(dayOf(inside, order), `${inside['clock']}${inside['zone'] ?? ''}`);
  for (const pattern of dates) {
    const found = pattern.exec(plain);
    if (found?.groups === undefined) continue;
    const rest = plain.slice(found[0].length).replace(/^(?:T|[ ,:]{1,3}(?:at )?)/, '');
    // American dates are those that go with a clock of twelve hours.
    const told = order ?? (/\d\s?[AaPp]\.?[Mm]/.test(rest) ? 'month-first' : 'day-first');
    return joined(dayOf(found.groups, told), rest);
  }
  return undefined;
}

function joined(day: Micros | undefined, rest: string): Micros | undefined {
  if (day === undefined || rest === '') return day;
  const time = clockMicros(rest);
  return time === undefined ? undefined : day + time;
}

/** A time of the day in microseconds, moved by its zone; undefined for a text that is none. */
function clockMicros(text: string): Micros | undefined {
  const found = clock.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { half, fraction = '', zone = 'Z' } = found;
  const [hour = 0, minute = 0, second = 0] = [found['hour'], found['minute'], found['second'] ?? 0].map(Number);
  const shift = zoneMicros(zone);
  const isTime = (half === undefined ? hour <= 24 : hour >= 1 && hour <= 12) && minute <= 59 && second <= 60;
  if (!isTime || shift === undefined) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (/p/i.test(half) ? 12 : 0);
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return hours * microsPerHour + minute * microsPerMinute + second * 1_000_000 + micros - shift;
}

function zoneMicros(zone: string): Micros | undefined {
  const named = zones.get(zone.toLowerCase());
  if (named !== undefined) return named * microsPerHour;
  const found = /^(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)?$/.exec(zone)?.groups;
  if (found === undefined) return undefined;
  const minutes = Number(found['hours']) * 60 + Number(found['minutes'] ?? 0);
  return (found['sign'] === '-' ? -minutes : minutes) * microsPerMinute;
}

/** The beginning of a day; undefined where the numbers are no day. */
function dayOf(found: Readonly<Record<string, string>>, order: DateOrder | undefined): Micros | undefined {
  const year = Number(found['year']);
  const { first = '', second = '', sign } = found;
  let { day = first, month = second } = found;
  const isTold = order === 'month-first' && sign !== '.' && Number(first) <= 12;
  const isMonthFirst = Number(second) > 12 || isTold;
  if (first !== '' && isMonthFirst) [day, month] = [second, first];
  const number = /^\d/.test(month) ? Number(month) : monthNumber(month.slice(0, 3));
  if (number === undefined || number < 1 || number > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
  return (daysSince1970(year < 100 ? 2000 + year : year, number) + Number(day) - 1) * microsPerDay;
}

/** A date without a clock, and a clock without a date, as some logs have them in two columns. */
export const isClock = (text: string): boolean =>
  text.length <= maxLength && clockMicros(text.trim()) !== undefined && text.includes(':');

/** Numbers of a date with slashes, anywhere in a text. */
const slashed = /(?<![\d/])(?<first>\d{1,2})\/(?<second>\d{1,2})\/(?:\d{4}|\d\d)(?!\d)/g;

/** Which order the dates with slashes in a text have: one number above 12 tells. Undefined where none does, with an example if there are any. */
export function dateOrderIn(text: string): { readonly order?: DateOrder; readonly example?: string } {
  let example: string | undefined;
  for (const { groups, 0: whole } of text.matchAll(slashed)) {
    if (Number(groups?.['first']) > 12) return { order: 'day-first' };
    if (Number(groups?.['second']) > 12) return { order: 'month-first' };
    example ??= whole;
  }
  return example === undefined ? {} : { example };
}
