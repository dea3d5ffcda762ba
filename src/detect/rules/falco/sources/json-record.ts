import { parseIsoMicros } from '../../../../base/time.ts';
import type { StreamValue } from '../../../../match/condition/resolver.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** One JSON event of a plug-in's source. */
export interface JsonRecord {
  readonly value: JsonObject;
  /** `evt.num`, from 1. */
  readonly number: number;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
}

/** A field that is read from the JSON of an event. */
export interface JsonField {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly isList: boolean;
  readonly argument: 'none' | 'allowed' | 'required';
  /** The getter for an argument, made once. */
  getter(argument: string): (record: JsonRecord) => StreamValue;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys. */
export function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** As the plug-ins of Falco turn JSON into text: text as it is, all else as JSON. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Only text counts. */
export function stringOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function elements(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** A text field without argument. */
export function textField(name: string, get: (value: JsonObject) => StreamValue): JsonField {
  return { name, type: 'text', isList: false, argument: 'none', getter: () => (record) => get(record.value) };
}

/** A text field that stands at a path. */
export function pathField(name: string, ...path: readonly string[]): JsonField {
  return textField(name, (value) => textOf(at(value, ...path)));
}

/** RFC 3339 text to nanoseconds; undefined when it is none. */
export function nanosOf(value: JsonValue | undefined): bigint | undefined {
  if (typeof value !== 'string') return undefined;
  const micros = parseIsoMicros(value);
  if (micros === undefined) return undefined;
  const fraction = /\.(?<digits>\d{7,9})/.exec(value)?.groups?.['digits'] ?? '';
  return BigInt(micros) * 1000n + BigInt(fraction.slice(6).padEnd(3, '0'));
}
