import { daysSince1970, type Micros } from '../../base/time.ts';
import type { JsonTape } from '../json-tape.ts';

/** Length of `2021-06-06T15:59:46` and of `2021-06-06T15:59:46.457984+0200`. */
const shortLength = 19;
const longLength = 31;

/**
 * Microseconds of a time in the forms that Suricata writes, read from its bytes; undefined for every other text, which
 * `parseIsoMicros` may know. Every record has one to three of them.
 */
export function tapeIsoMicros({ bytes, start, end }: JsonTape, entry: number): Micros | undefined {
  const at = start[entry] ?? 0;
  const length = (end[entry] ?? 0) - at;
  if (length !== longLength && length !== shortLength) return undefined;
  const seconds = secondsAt(bytes, at);
  if (length === shortLength) return Number.isNaN(seconds) ? undefined : seconds * 1e6;
  const sign = bytes[at + 26];
  if (bytes[at + 19] !== 46 || (sign !== plus && sign !== minus)) return undefined;
  const offset = (two(bytes, at + 27) * 60 + two(bytes, at + 29)) * (sign === minus ? -60 : 60);
  const fraction = two(bytes, at + 20) * 10_000 + two(bytes, at + 22) * 100 + two(bytes, at + 24);
  const micros = (seconds - offset) * 1e6 + fraction;
  return Number.isNaN(micros) ? undefined : micros;
}

const plus = 43;
const minus = 45;

/** Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS` in UTC, from 1970 on; NaN for anything else. */
function secondsAt(bytes: Buffer, at: number): number {
  if (bytes[at + 4] !== minus || bytes[at + 7] !== minus || bytes[at + 10] !== 84) return Number.NaN;
  if (bytes[at + 13] !== 58 || bytes[at + 16] !== 58) return Number.NaN;
  const year = two(bytes, at) * 100 + two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  const isDate = year >= 1970 && year < 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const hour = two(bytes, at + 11);
  const minute = two(bytes, at + 14);
  const second = two(bytes, at + 17);
  if (!isDate || !(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  return (((daysSince1970(year, month) + day - 1) * 24 + hour) * 60 + minute) * 60 + second;
}

/** Number of two ASCII digits; NaN when they are none. */
function two(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
