import { daysSince1970, type Micros } from '../../base/time.ts';
import type { JsonTape } from '../json-tape.ts';

/** Length of `2021-06-06T15:59:46.457984+0200`. */
const commonLength = 31;

/**
 * Microseconds of a time in the form that Suricata writes, read from its bytes; undefined for every other text, which
 * `parseIsoMicros` may know. Every record has one to three of them.
 */
export function tapeIsoMicros({ bytes, start, end }: JsonTape, entry: number): Micros | undefined {
  const at = start[entry] ?? 0;
  if ((end[entry] ?? 0) - at !== commonLength || !hasMarks(bytes, at)) return undefined;
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  const hour = two(bytes, at + 11);
  const minute = two(bytes, at + 14);
  const second = two(bytes, at + 17);
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || !(hour < 24 && minute < 60 && second < 60)) return undefined;
  const days = daysSince1970(two(bytes, at) * 100 + two(bytes, at + 2), month) + day - 1;
  const offset = (two(bytes, at + 27) * 60 + two(bytes, at + 29)) * (bytes[at + 26] === minus ? -1 : 1);
  const seconds = (days * 1440 + hour * 60 + minute - offset) * 60 + second;
  const micros = seconds * 1e6 + two(bytes, at + 20) * 10_000 + two(bytes, at + 22) * 100 + two(bytes, at + 24);
  return Number.isNaN(micros) ? undefined : micros;
}

const minus = 45;

/** `----`-`--`-`--`T`--`:`--`:`--`.`------` and a sign. */
function hasMarks(bytes: Buffer, at: number): boolean {
  if (bytes[at + 4] !== minus || bytes[at + 7] !== minus || bytes[at + 10] !== 84) return false;
  if (bytes[at + 13] !== 58 || bytes[at + 16] !== 58 || bytes[at + 19] !== 46) return false;
  return bytes[at + 26] === 43 || bytes[at + 26] === minus;
}

/** Number of two ASCII digits; NaN when they are none. */
function two(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - 48;
  const ones = (bytes[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
