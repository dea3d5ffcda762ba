import { hexDigit, minus, nine, zero } from './bytes.ts';
import { hasSpecial, isQuoted, looksHex, type Fields } from './fields.ts';
import { key, KeySet, type Key } from './keys.ts';

/**
 * Fields that the kernel and libaudit write in quotes, or in hexadecimal when the text holds a blank, a quote or
 * anything that is no printable ASCII (the `encoded` ones of the audit project's field dictionary).
 */
const encoded = new KeySet(
  'acct cgroup cmd comm cwd data device dir exe file grp info invalid_context key name new-chardev new-disk new-fs ' +
    'new-net new-rng new_group ocomm old-chardev old-disk old-fs old-net old-rng path proctitle profile root_dir sw vm watch',
);

/** True when the value at `index` is text written in hexadecimal. */
export function isHexText(fields: Fields, index: number): boolean {
  return ((fields.marks[index] ?? 0) & looksHex) !== 0 && encoded.has(fields.keys[index] ?? noKey);
}

/** The value as text: quotes gone, hexadecimal decoded, UTF-8 read (what is none becomes U+FFFD). */
export function textAt(fields: Fields, index: number): string {
  if (isHexText(fields, index)) return hexText(fields, index);
  const raw = fields.rawAt(index);
  return ((fields.marks[index] ?? 0) & hasSpecial) === 0 ? raw : fromLatin1(raw);
}

/** Text of a field; null when it is absent, empty, or one of the marks for "none": `(null)`, `(none)`, `?`. */
export function text(fields: Fields, name: Key): string | null {
  const index = fields.indexOf(name);
  return index < 0 || isNone(fields, index) ? null : textAt(fields, index);
}

export function isNone(fields: Fields, index: number): boolean {
  const from = fields.starts[index] ?? 0;
  const length = (fields.ends[index] ?? 0) - from;
  if (length === 0) return true;
  if (length === 1) return fields.memory.bytes[from] === 0x3f;
  if (length !== 6 || ((fields.marks[index] ?? 0) & isQuoted) !== 0) return false;
  const raw = fields.rawAt(index);
  return raw === '(null)' || raw === '(none)';
}

/** A decimal number; null when the field is absent or is none. */
export function integer(fields: Fields, name: Key): number | null {
  const index = fields.indexOf(name);
  return index < 0 ? null : integerAt(fields, index);
}

/** More digits do not fit a 53-bit number. */
const maxDigits = 15;

export function integerAt(fields: Fields, index: number): number | null {
  const { bytes } = fields.memory;
  const from = fields.starts[index] ?? 0;
  const to = fields.ends[index] ?? 0;
  const isNegative = bytes[from] === minus;
  const start = isNegative ? from + 1 : from;
  if (start >= to || to - start > maxDigits) return null;
  let value = 0;
  for (let at = start; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return null;
    value = value * 10 + byte - zero;
  }
  return isNegative ? -value : value;
}

/** -1 and 4294967295 stand for "unset" in user, group and session ids. */
export const unsetId = 4_294_967_295;

/** A user, group or session id; unset is -1. */
export function id(fields: Fields, name: Key): number | null {
  const value = integer(fields, name);
  return value === unsetId ? -1 : value;
}

/** Low 32 bits of a hexadecimal number such as the system call arguments a0 to a3; null when it is none. */
export function lowBits(fields: Fields, name: Key): number | null {
  const index = fields.indexOf(name);
  if (index < 0) return null;
  const { bytes } = fields.memory;
  const to = fields.ends[index] ?? 0;
  let from = fields.starts[index] ?? 0;
  if (bytes[from] === zero && bytes[from + 1] === 0x78) from += 2;
  if (from >= to) return null;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = hexDigit[bytes[at] ?? 0] ?? 255;
    if (digit === 255) return null;
    value = (value * 16 + digit) % 0x1_0000_0000;
  }
  return value;
}

const noKey = key('');
let scratch = Buffer.alloc(4096);

/** Bytes of a value in hexadecimal, in memory that the next call uses again. */
export function hexBytes(fields: Fields, index: number): Buffer {
  const { bytes } = fields.memory;
  const from = fields.starts[index] ?? 0;
  const length = ((fields.ends[index] ?? 0) - from) >> 1;
  if (scratch.length < length) scratch = Buffer.alloc(length * 2);
  for (let at = 0; at < length; at++) {
    const high = hexDigit[bytes[from + 2 * at] ?? 0] ?? 0;
    scratch[at] = (high << 4) | (hexDigit[bytes[from + 2 * at + 1] ?? 0] ?? 0);
  }
  return scratch.subarray(0, length);
}

function hexText(fields: Fields, index: number): string {
  const bytes = hexBytes(fields, index);
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) > 0x7e) return bytes.toString('utf8');
  return bytes.toString('latin1');
}

function fromLatin1(raw: string): string {
  for (let at = 0; at < raw.length; at++) {
    if (raw.charCodeAt(at) > 0x7e) return Buffer.from(raw, 'latin1').toString('utf8');
  }
  return raw;
}
