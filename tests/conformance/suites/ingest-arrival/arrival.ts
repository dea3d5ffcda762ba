import { isDeepStrictEqual } from 'node:util';
import { parseIsoMicros } from '../../../../src/base/time.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';

export interface Leaf {
  /** Keys from the record down to the value; entries of lists by their number. */
  readonly path: readonly string[];
  readonly value: string | number | boolean;
}

/** All values of a record that say something: no nulls, no empty text, no empty objects and lists. */
export function leavesOf(record: unknown, path: readonly string[] = []): Leaf[] {
  if (record === null || record === undefined || record === '') return [];
  if (typeof record !== 'object') return [{ path, value: record as string }];
  return Object.entries(record).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

/**
 * Values of a record that have not arrived in its event: neither in `fields` nor as what a column holds. Whole numbers past
 * 2^53 are compared by their digits, so the record must have been read with them as text.
 */
export function lostLeaves(record: unknown, event: VakthundEvent): Leaf[] {
  const held = Object.values(event).flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const fields = new Set(leavesOf(JSON.parse(String(event.fields ?? '{}'))).map((leaf) => String(leaf.value)));
  return leavesOf(record).filter(({ value }) => {
    const text = String(value);
    return !fields.has(text) && !held.some((one) => tells(one, text, typeof value === 'string', event.time));
  });
}

function tells(held: unknown, text: string, isText: boolean, time: number): boolean {
  if (held === null || typeof held === 'object') return false;
  const known = String(held as string | number | boolean);
  if (known === text || known.toLowerCase() === text.toLowerCase().replace(/\.$/, '')) return true;
  if (typeof held === 'string' && isText && known.includes(text)) return true;
  if (typeof held === 'string' && known.length > 1 && text.includes(known)) return true;
  if (held === -1 && text === '4294967295') return true;
  if (held !== time) return false;
  if (Number(text) * 1e6 === time) return true;
  return parseIsoMicros(text) === time || (/^\d{16,}$/.test(text) && Math.floor(Number(text) / 1000) - time < 2);
}

/** A record as JSON with whole numbers past 2^53 as text. */
export function parseWithDigits(line: string): unknown {
  const keep = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? context?.source : value;
  return JSON.parse(line, keep) as unknown;
}

/** True when two values are the same, or one of them is not told. */
export function agrees(got: unknown, want: unknown): boolean {
  return want === undefined || want === null || want === '' || isDeepStrictEqual(got, want);
}
