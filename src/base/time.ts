/** Microseconds since 1970-01-01T00:00:00Z as a number: exact up to the year 2255. */
export type Micros = number;

export const microsPerSecond = 1_000_000;
export const microsPerMinute = 60 * microsPerSecond;
export const microsPerHour = 60 * microsPerMinute;
export const microsPerDay = 24 * microsPerHour;
/** 1990-01-01: no log format that is read here is older, so that an earlier time is one of a clock that was not set. */
export const earliestMicros: Micros = 631_152_000_000_000;

/** Rounds half to even, as DuckDB's cast from DOUBLE to BIGINT does, so that both ways to load agree. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * RFC 3339 / ISO 8601 date and time with up to nine fraction digits (cut to six) to microseconds.
 * Without a zone the text is taken as UTC. Undefined when it is not such a text; days past the end of a month count on.
 * Read character by character: every event has at least one such text, and a regular expression takes ten times as long.
 */
export function parseIsoMicros(text: string): Micros | undefined {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (text[4] !== '-' || text[7] !== '-' || !isDivider(text[10]) || text[13] !== ':') return undefined;
  let second = 0;
  let fraction = 0;
  let at = 16;
  if (text[at] === ':') {
    second = twoDigits(text, 17);
    at = 19;
    if (text[at] === '.' || text[at] === ',') {
      const end = digitsEnd(text, at + 1);
      if (end === at + 1 || end > at + 10) return undefined;
      fraction = sixDigits(text, at + 1, end);
      at = end;
    }
  }
  const zone = zoneMicros(text, at);
  const isDate = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const isTime = hour <= 24 && minute <= 59 && second <= 60;
  if (!isDate || !isTime || zone === undefined) return undefined;
  const minutes = (daysSince1970(year, month) + day - 1) * 1440 + hour * 60 + minute;
  return (minutes * 60 + second) * microsPerSecond + fraction - zone;
}

/** Between day and clock; RFC 3339, 5.6 allows a small letter and a blank. */
function isDivider(sign: string | undefined): boolean {
  return sign === 'T' || sign === ' ' || sign === 't';
}

/** Number of two ASCII digits; NaN when they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** The first six of the digits `[from, to)` as a number, as if zeros followed them. */
function sixDigits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < from + 6; at++) value = value * 10 + (at < to ? text.charCodeAt(at) - 48 : 0);
  return value;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at;
}

/** `Z`, `+02:00`, `+0200`, `+02` or nothing, up to the end of the text; undefined for anything else. */
function zoneMicros(text: string, at: number): number | undefined {
  const rest = text.length - at;
  const sign = text[at];
  if (rest === 0 || (rest === 1 && (sign === 'Z' || sign === 'z'))) return 0;
  if (sign !== '+' && sign !== '-') return undefined;
  if (rest !== 3 && rest !== 5 && (rest !== 6 || text[at + 3] !== ':')) return undefined;
  const minutes = twoDigits(text, at + 1) * 60 + (rest === 3 ? 0 : twoDigits(text, text.length - 2));
  if (Number.isNaN(minutes)) return undefined;
  return (sign === '-' ? -minutes : minutes) * microsPerMinute;
}

/** Days from 1970-01-01 to the first of a month of the Gregorian calendar, before 1582 too. */
export function daysSince1970(year: number, month: number): number {
  // Counting years from March puts the leap day last: 153 days are five months.
  const marchYear = month > 2 ? year : year - 1;
  const daysOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + daysOfYear - 719_468;
}

/** `2026-11-25T18:22:01.000042Z`: always UTC, always six digits. Text for years outside 0..9999 is clamped to them. */
export function formatIso(micros: Micros): string {
  const low = -62_167_219_200_000_000;
  const high = 253_402_300_799_999_000;
  const value = Math.min(Math.max(micros, low), high);
  const millis = Math.floor(value / 1000);
  const rest = value - millis * 1000;
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** `3 d 4 h`, `12 min`, `1.5 s`: two units at most, for people. */
export function formatDuration(micros: number): string {
  const seconds = micros / microsPerSecond;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${trim(seconds)} s`;
  if (seconds < 5400) return `${trim(seconds / 60)} min`;
  if (seconds < 129_600) return `${trim(seconds / 3600)} h`;
  return `${trim(seconds / 86_400)} d`;
}

function trim(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
