import { decodeUtf8 } from '../../base/bytes.ts';
import type { Scalar, StreamValue } from './resolver.ts';

/** The text that a text test sees; undefined for NaN, which counts as absent. */
export function textOf(value: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return decimalText(value);
  return typeof value === 'object' ? decodeUtf8(value) : String(value);
}

/**
 * A whole number below 1e38 in plain digits; other numbers by their shortest digits that read back the same, with an
 * exponent of at least two digits below 1e-4 and from 1e38 on (DuckDB's form, which starts it at 1e16: no whole number is left there).
 */
function decimalText(value: number): string | undefined {
  if (Number.isSafeInteger(value)) return String(value + 0);
  if (Number.isNaN(value)) return undefined;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return value > 0 ? 'inf' : '-inf';
  if (magnitude >= 1e38 || magnitude < 1e-4) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}

/** A number as itself, text that is wholly a number as that; undefined for all else. Mixed order tests of the two types are exact. */
export function numberOf(value: Scalar): number | bigint | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value === 'bigint') return exactNumber(value);
  return typeof value === 'string' ? numberOfText(value) : undefined;
}

const exactLimit = 10n ** 38n;

/** The number itself, or as a double when it has more than 38 digits. */
export function exactNumber(value: number | bigint): number | bigint {
  return typeof value === 'bigint' && (value >= exactLimit || value <= -exactLimit) ? Number(value) : value;
}

const wholeNumber = /^[+-]?[0-9]{1,38}$/;
const anyNumber = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function numberOfText(text: string): number | bigint | undefined {
  const first = text.charCodeAt(0);
  if (!(first <= 57 && first >= 43)) return undefined;
  if (wholeNumber.test(text)) {
    return text.length <= 15 ? Number(text) : BigInt(first === 43 ? text.slice(1) : text);
  }
  if (!anyNumber.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** One JavaScript value for numbers that are equal, whatever their type: a key for sets. */
export function numberKey(value: number | bigint): number | bigint {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Narrower than `Array.isArray`, which does not know a readonly array from the other values. */
export function isList(value: NonNullable<StreamValue>): value is readonly (Scalar | null)[] {
  return Array.isArray(value);
}

/** NaN counts as absent. */
export function isPresent(value: Scalar): boolean {
  return typeof value !== 'number' || !Number.isNaN(value);
}
