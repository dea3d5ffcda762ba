import { canonicalIp } from '../../base/ip.ts';
import type { FlatForm } from '../../store/bulk.ts';

const quote = 34;
const comma = 44;
const minus = 45;
const point = 46;
const zero = 48;
const letterT = 84;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const smallF = 102;
const smallN = 110;
const smallT = 116;
const smallX = 120;

const nullWord = Buffer.from('null');
const trueWord = Buffer.from('true');
const falseWord = Buffer.from('false');

/** Up to this many digits every whole number is exact in a double. */
const safeDigits = 15;
/** Seconds with so many digits end in the year 5138. */
const numberDigits = 11;
/** More digits than any double needs behind the point. */
const fractionDigits = 25;
/** Milliseconds with 13 digits are of the years 2001 to 2286. */
const millisDigits = 13;
/** Longest text of an IPv6 address. */
const addressLength = 45;

/** Place after the JSON value of a form (or null) that begins at `at`; -1 when none does, or not before `limit`. */
export function flatValueEnd(form: FlatForm, bytes: Buffer, at: number, limit: number): number {
  const first = bytes[at];
  if (first === smallN) return wordEnd(bytes, at, nullWord);
  switch (form) {
    case 'integer':
      return integerEnd(bytes, at);
    case 'number':
      return secondsEnd(bytes, at);
    case 'millis':
      return millisEnd(bytes, at);
    case 'boolean':
      return booleanEnd(bytes, at);
    case 'text':
      return textEnd(bytes, at, limit);
    case 'ip':
      return ipEnd(bytes, at, limit);
    case 'iso':
      return isoEnd(bytes, at, limit);
    case 'texts':
      return listEnd(bytes, at, limit, textEnd);
    case 'numbers':
      return listEnd(bytes, at, limit, plainNumberEnd);
    case 'left':
      return first === openBracket ? listEnd(bytes, at, limit, scalarEnd) : scalarEnd(bytes, at, limit);
  }
}

type ValueEnd = (bytes: Buffer, at: number, limit: number) => number;

function scalarEnd(bytes: Buffer, at: number, limit: number): number {
  const first = bytes[at];
  if (first === quote) return textEnd(bytes, at, limit);
  return first === smallT || first === smallF ? booleanEnd(bytes, at) : numberEnd(bytes, at);
}

function booleanEnd(bytes: Buffer, at: number): number {
  return bytes[at] === smallT ? wordEnd(bytes, at, trueWord) : wordEnd(bytes, at, falseWord);
}

function wordEnd(bytes: Buffer, at: number, word: Buffer): number {
  return isAt(bytes, at, word) ? at + word.length : -1;
}

/** True where the bytes from `at` on are those. */
export function isAt(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Place of the first byte from `at` on that is no digit. */
function afterDigits(bytes: Buffer, at: number): number {
  let end = at;
  let byte = bytes[end] as number;
  while (byte >= zero && byte <= 57) byte = bytes[++end] as number;
  return end;
}

/** Digits of a whole number without zeros before it; -1 for any other, and where a fraction or exponent follows. */
function integerEnd(bytes: Buffer, at: number): number {
  const from = bytes[at] === minus ? at + 1 : at;
  const end = afterDigits(bytes, from);
  if (end === from || end - from > safeDigits || (bytes[from] === zero && end > from + 1)) return -1;
  return end;
}

/** A whole number or a decimal without an exponent. Minus zero is spelled in several ways. */
function numberEnd(bytes: Buffer, at: number): number {
  if (bytes[at] === minus && bytes[at + 1] === zero) return -1;
  const whole = integerEnd(bytes, at);
  if (whole < 0 || bytes[whole] !== point) return whole;
  const end = afterDigits(bytes, whole + 1);
  return whole - at > numberDigits || end === whole + 1 || end - whole > fractionDigits + 1 ? -1 : end;
}

/** A number that nobody spells with an exponent: DuckDB does so below 0.0001. */
function plainNumberEnd(bytes: Buffer, at: number): number {
  const end = numberEnd(bytes, at);
  return end - at > smallest.length && isAt(bytes, at, smallest) ? -1 : end;
}

const smallest = Buffer.from('0.0000');

/** A number that may be one of seconds. */
function secondsEnd(bytes: Buffer, at: number): number {
  const end = numberEnd(bytes, at);
  return afterDigits(bytes, at) - at > numberDigits ? -1 : end;
}

function millisEnd(bytes: Buffer, at: number): number {
  const end = integerEnd(bytes, at);
  return end - at === millisDigits && bytes[at] !== minus ? end : -1;
}

/**
 * A string whose escapes all readers take for the same. Half of a pair (`\ud83d`) is text to some only, and `\\x` begins
 * a byte that Zeek has escaped: such lines are decoded.
 */
function textEnd(bytes: Buffer, at: number, limit: number): number {
  if (bytes[at] !== quote) return -1;
  for (let end = at + 1; end < limit; end++) {
    const byte = bytes[end] as number;
    if (byte === quote) return end + 1;
    if (byte < 32) return -1;
    if (byte !== backslash) continue;
    end = escapeEnd(bytes, end);
    if (end < 0) return -1;
  }
  return -1;
}

/** Place of the last byte of an escape of RFC 8259, section 7; -1 for others, and for those said at `textEnd`. */
function escapeEnd(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1] as number;
  if (kind === backslash) return bytes[at + 2] === smallX ? -1 : at + 1;
  if (kind !== smallU) return plainEscapes.includes(kind) ? at + 1 : -1;
  return /^(?![dD][89a-fA-F])[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 2, at + 6)) ? at + 5 : -1;
}

const smallU = 117;
const plainEscapes = Buffer.from('"/bfnrt');

function ipEnd(bytes: Buffer, at: number, limit: number): number {
  const end = textEnd(bytes, at, limit);
  if (end < 0 || end - at > addressLength + 2) return -1;
  const text = bytes.toString('latin1', at + 1, end - 1);
  return canonicalIp(text) === text ? end : -1;
}

const isoLength = '2026-11-25T18:22:01.000042Z'.length;

/** `2026-11-25T18:22:01.000042Z` between quotes; whether the day exists, the store tells. */
function isoEnd(bytes: Buffer, at: number, limit: number): number {
  const end = textEnd(bytes, at, limit);
  if (end - at !== isoLength + 2 || bytes[at + 11] !== letterT) return -1;
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/.test(bytes.toString('latin1', at + 1, end - 1)) ? end : -1;
}

function listEnd(bytes: Buffer, at: number, limit: number, entryEnd: ValueEnd): number {
  if (bytes[at] !== openBracket) return -1;
  let end = at + 1;
  if (bytes[end] === closeBracket) return end + 1;
  while (end < limit) {
    end = entryEnd(bytes, end, limit);
    if (end < 0) return -1;
    if (bytes[end] === closeBracket) return end + 1;
    if (bytes[end++] !== comma) return -1;
    if (bytes[end] === 32) end++;
  }
  return -1;
}
