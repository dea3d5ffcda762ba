import type { ScapRecord } from '../record.ts';

/** Value of a field; undefined when the event has none. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | undefined;

/** A field of Falco's rules, read from the record at hand. `type` is what `get` returns besides undefined. */
export interface Field {
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'any';
  readonly get: (record: ScapRecord) => FieldValue;
}

/** A field, or one that is made for the argument in its brackets; undefined when the argument is no use. */
export type FieldSource = Field | ((argument: string | undefined) => Field | undefined);

export const text = (get: (record: ScapRecord) => string | undefined): Field => ({ type: 'text', get });
export const number = (get: (record: ScapRecord) => number | bigint | undefined): Field => ({ type: 'number', get });
export const flag = (get: (record: ScapRecord) => boolean | undefined): Field => ({ type: 'boolean', get });
export const list = (get: (record: ScapRecord) => readonly string[] | readonly number[] | undefined): Field => ({
  type: 'list',
  get,
});

/** A count in brackets: `[2]`; undefined when there is none. */
export function indexOf(argument: string | undefined): number | undefined {
  return argument !== undefined && /^\d{1,3}$/.test(argument) ? Number(argument) : undefined;
}
