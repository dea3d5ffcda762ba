import { canonicalIp } from '../../../base/ip.ts';

/** What the cells of a column must look like, so that DuckDB and the row decoder take them for the same. Numbers, for speed. */
export const cellForm = { integer: 1, seconds: 2, fieldTime: 3, boolean: 4, ip: 5, jsonNumber: 6 } as const;
export type CellForm = (typeof cellForm)[keyof typeof cellForm];

export type CellType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';

/** How the cells of a column are read. */
export interface CellColumn {
  /** Forms that its cells must have; none where any text will do. */
  readonly forms: readonly CellForm[];
  /** A type other than text stands with exactly one form. */
  readonly type: CellType;
}

const minus = 45;
const point = 46;
/** Up to this many digits every whole number is exact in a double. */
const safeDigits = 15;
/** Numbers of seconds with so many digits before the point are all in range: they end in the year 5138. */
const secondDigits = 11;
/** The year 10000 in seconds, as in `collect/mapping/convert.ts`. */
const endSeconds = 253_402_300_800;
/** The year 1000: before it, years have fewer digits, and not everyone writes zeros before them. */
const year1000 = -30_610_224_000;
/** Longest text of an IPv6 address. */
const addressLength = 45;

/** True when the cell `bytes[start, end)` has the form. The forms are narrow: what is odd costs a decode, no harm. */
export function hasForm(form: CellForm, bytes: Buffer, start: number, end: number): boolean {
  const from = bytes[start] === minus ? start + 1 : start;
  if (from >= end) return false;
  switch (form) {
    case cellForm.integer:
      return end - from <= safeDigits && afterDigits(bytes, from) === end;
    case cellForm.seconds:
      return isSeconds(bytes, start, end, -endSeconds);
    case cellForm.fieldTime:
      return isSeconds(bytes, start, end, year1000);
    case cellForm.boolean:
      return end - start === 1 && (bytes[start] === 84 || bytes[start] === 70);
    case cellForm.jsonNumber:
      return end - start <= numberLength && jsonNumber.test(bytes.toString('latin1', start, end));
    case cellForm.ip:
      return end - start <= addressLength && isCanonicalIp(bytes.toString('latin1', start, end));
  }
}

function isCanonicalIp(text: string): boolean {
  return canonicalIp(text) === text;
}

function isSeconds(bytes: Buffer, start: number, end: number, from: number): boolean {
  if (end - start > numberLength) return false;
  const text = bytes.toString('latin1', start, end);
  return decimal.test(text) && Number(text) > from && Number(text) < endSeconds;
}

/** As in `collect/mapping/convert.ts`. */
const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** RFC 8259, section 6. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Longer than any number that a sensor writes. */
const numberLength = 40;

/** Position of the first byte from `start` on that is no digit. */
function afterDigits(bytes: Buffer, start: number): number {
  let at = start;
  let byte = bytes[at] as number;
  while (byte >= 48 && byte <= 57) byte = bytes[++at] as number;
  return at;
}

/**
 * Where a cell of the form that begins at `start` must end, if it is written as nearly all are; `start` when it is not.
 * The caller looks whether it ends there, and asks `hasForm` when it does not. The loops stand here one by one because
 * this runs for every cell: shared in functions they take half as long again.
 */
export function usualEnd(form: number, bytes: Buffer, start: number): number {
  let at = start;
  let byte = bytes[at] as number;
  if (form === cellForm.integer) {
    while (byte >= 48 && byte <= 57) byte = bytes[++at] as number;
    return at - start > safeDigits ? start : at;
  }
  if (form === cellForm.seconds || form === cellForm.fieldTime) {
    while (byte >= 48 && byte <= 57) byte = bytes[++at] as number;
    if (byte !== point || at === start || at - start > secondDigits) return start;
    const whole = at;
    byte = bytes[++at] as number;
    while (byte >= 48 && byte <= 57) byte = bytes[++at] as number;
    return at - whole === 7 ? at : start;
  }
  if (form === cellForm.ip) return usualAddressEnd(bytes, start);
  if (form === cellForm.boolean) return byte === 84 || byte === 70 ? at + 1 : start;
  return start;
}

/** Four numbers up to 255 without leading zeros. */
function usualAddressEnd(bytes: Buffer, start: number): number {
  let at = start;
  let byte = bytes[at] as number;
  let from = at;
  let value = 0;
  let octets = 1;
  for (;;) {
    if (byte === point) {
      if (at === from) return start;
      octets++;
      value = 0;
      from = at + 1;
    } else {
      if (byte < 48 || byte > 57) break;
      if (at > from && value === 0) return start;
      value = value * 10 + byte - 48;
      if (value > 255) return start;
    }
    byte = bytes[++at] as number;
  }
  return octets === 4 && at > from ? at : start;
}
