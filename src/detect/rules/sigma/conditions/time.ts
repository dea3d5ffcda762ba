import { anyOf, never, type Condition, type Subject } from '../../../../match/condition/condition.ts';
import type { Comparison, SigmaValue, TimePart } from '../model.ts';

/** Numbers that a part can have; years outside are none that a log has. */
const ranges: Readonly<Record<Exclude<TimePart, 'week'>, readonly [first: number, last: number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  month: [1, 12],
  year: [1900, 2199],
};

/** What stands before and after the part in `2026-03-01T12:05:09…` (a blank for `T` and `/` for `-` as well). */
const around: Readonly<Record<Exclude<TimePart, 'week'>, readonly [before: string, after: string]>> = {
  year: ['^', '[-/]\\d\\d'],
  month: ['^\\d{4}[-/]', '[-/]\\d\\d'],
  day: ['^\\d{4}[-/]\\d\\d[-/]', '(?:$|[^0-9])'],
  hour: ['^\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]', ':\\d\\d'],
  minute: ['^\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:', '(?:$|[^0-9])'],
};

/**
 * A part of a time that is written as ISO 8601: a pattern of the numbers that fit. Time zones are left as they are
 * written, as the specification asks. Weeks are ISO weeks: their days are listed by year, 2000 to 2099.
 */
export function timeCondition(subject: Subject, value: Extract<SigmaValue, { type: 'time' }>): Condition {
  const fits = (number: number): boolean => holds(number, value.operator, value.value);
  if (value.part === 'week') return weekCondition(subject, fits);
  const [first, last] = ranges[value.part];
  const numbers = Array.from({ length: last - first + 1 }, (_none, index) => first + index).filter(fits);
  const digits = value.part === 'year' ? 4 : 2;
  const texts = numbers.map((number) => String(number).padStart(digits, '0'));
  const [before, after] = around[value.part];
  return texts.length === 0 ? never : pattern(subject, `${before}(?:${texts.join('|')})${after}`);
}

function pattern(subject: Subject, text: string): Condition {
  const flags = { isWhole: false, ignoreCase: false, isMultiline: false, isDotAll: false };
  return { kind: 'regex', subject, pattern: text, ...flags };
}

function holds(number: number, operator: Comparison, than: number): boolean {
  switch (operator) {
    case 'eq':
      return number === than;
    case 'lt':
      return number < than;
    case 'lte':
      return number <= than;
    case 'gt':
      return number > than;
    case 'gte':
      return number >= than;
  }
}

/** Days of a week of all years as beginnings of text: seven a year and week. */
function weekCondition(subject: Subject, fits: (week: number) => boolean): Condition {
  const days: string[] = [];
  for (let time = Date.UTC(2000, 0, 1); time < Date.UTC(2100, 0, 1); time += 86_400_000) {
    if (fits(isoWeek(time))) days.push(new Date(time).toISOString().slice(0, 10));
  }
  if (days.length === 0) return never;
  const slashed = days.map((day) => day.replaceAll('-', '/'));
  return anyOf([{ kind: 'text', subject, operator: 'startsWith', values: [...days, ...slashed], ignoreCase: false }]);
}

/** ISO 8601 week number: the week of the Thursday. */
function isoWeek(time: number): number {
  const weekday = (new Date(time).getUTCDay() + 6) % 7;
  const thursday = new Date(time + (3 - weekday) * 86_400_000);
  const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - yearStart) / 604_800_000);
}
