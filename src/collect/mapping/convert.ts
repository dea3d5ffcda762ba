import { canonicalIp } from '../../base/ip.ts';
import { parseIsoMicros, roundHalfEven, type Micros } from '../../base/time.ts';
import type { Conversion } from '../../events/mapping.ts';

/** What a column takes. */
export type Value = string | number | boolean | readonly string[] | null;

/** A value that is there to what a column takes; undefined when it does not fit. */
export type Convert = (value: unknown) => Value | undefined;

/** Marks of formats that have only text: what stands for "not set", for an empty string or list, and between entries. */
export interface TextMarks {
  readonly unset?: string;
  readonly empty?: string;
  readonly listSeparator?: string;
}

/** Each conversion of `Conversion`, whose meaning is written there. */
export function converterOf(as: Conversion, marks: TextMarks = {}): Convert {
  const entries = (value: unknown): string[] => entriesOf(value, marks);
  const plain = (value: unknown): string => (value === marks.empty ? '' : textOf(value));
  switch (as) {
    case 'text':
      return plain;
    case 'lower':
      return (value) => asciiLower(plain(value));
    case 'name':
      return (value) => dnsName(plain(value));
    case 'hostname':
      return (value) => dnsName(withoutPort(plain(value)));
    case 'hex':
      return (value) => asciiLower(plain(value).replaceAll(':', ''));
    case 'integer':
      return integerOf;
    case 'real':
      return realOf;
    case 'boolean':
      return booleanOf;
    case 'ip':
      return (value) => (typeof value === 'string' ? canonicalIp(value) : undefined);
    case 'seconds':
      return secondsOf;
    case 'iso':
      return (value) => (typeof value === 'string' ? inRange(parseIsoMicros(value)) : undefined);
    case 'interval':
      return (value) => {
        const seconds = realOf(value);
        return seconds === undefined ? undefined : inRange(roundHalfEven(seconds * 1e6));
      };
    case 'list':
      return entries;
    case 'ips':
      return (value) => addressesIn(entries(value));
    case 'joined':
      return (value) => entries(value).join(',');
    case 'json':
      return (value) => JSON.stringify(value);
  }
}

/** Text of a JSON value: strings as they stand, numbers and booleans in their JSON spelling, the rest as JSON text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/**
 * Text with the letters A to Z in lower case. Other letters stay: names are compared so (RFC 4343), and what Unicode makes
 * of them is not the same everywhere.
 */
function asciiLower(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A DNS name in the form that all names are compared in: lower case, without the final dot; the root stays `.`. */
function dnsName(text: string): string {
  const lower = asciiLower(text);
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** A host as HTTP writes it (RFC 9110, 7.2) without the port behind it; an IPv6 address in brackets keeps them. */
function withoutPort(text: string): string {
  return text.replace(/:\d{1,5}$/, '');
}

/** Those entries that are addresses, in canonical text. */
function addressesIn(entries: readonly string[]): string[] {
  const found: string[] = [];
  for (const entry of entries) {
    const address = canonicalIp(entry);
    if (address !== undefined) found.push(address);
  }
  return found;
}

function entriesOf(value: unknown, { unset, empty, listSeparator }: TextMarks): string[] {
  if (Array.isArray(value)) return value.filter((entry) => entry !== null).map(textOf);
  if (value === empty) return [];
  if (typeof value !== 'string' || listSeparator === undefined) return [textOf(value)];
  const entries = value.split(listSeparator).filter((entry) => entry !== unset);
  return entries.map((entry) => (entry === empty ? '' : entry));
}

/** Whole numbers that a double holds exactly; text may have up to 16 digits. */
function integerOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined;
  const number = Number(value) + 0;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Decimal numbers, with an exponent or not; infinities and NaN do not fit. */
function realOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > maxDecimalLength || !decimal.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Room for every double; longer text is an attacker's. */
const maxDecimalLength = 40;

export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'T' || value === 'true') return true;
  return value === 'F' || value === 'false' ? false : undefined;
}

/** The year 10000 in seconds: no clock of a log is past it, and every store holds what is before it. */
const endSeconds = 253_402_300_800;

function inRange(micros: Micros | undefined): Micros | undefined {
  return micros !== undefined && Math.abs(micros) < endSeconds * 1e6 ? micros + 0 : undefined;
}

export function secondsOf(value: unknown): Micros | undefined {
  const number = realOf(value);
  if (number !== undefined) return epochMicros(number);
  return typeof value === 'string' ? inRange(parseIsoMicros(value)) : undefined;
}

/** Epoch seconds to microseconds; a number past the year 10000 counts milliseconds (from 1978 on). Undefined when out of range. */
function epochMicros(number: number): Micros | undefined {
  return inRange(roundHalfEven(number * (Math.abs(number) >= endSeconds ? 1e3 : 1e6)));
}
