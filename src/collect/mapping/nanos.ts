import { formatIso } from '../../base/time.ts';

/** ISO 8601 text of nanoseconds since 1970, as a number or digits, cut to microseconds; undefined for anything else. */
export function isoFromNanos(value: unknown): string | undefined {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof digits === 'string' && /^\d{4,19}$/.test(digits) ? formatIso(Number(digits.slice(0, -3))) : undefined;
}
