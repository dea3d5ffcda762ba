import type { FieldValue, RecordBuilder } from '../../windows/record.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON value as a field: null is no field, an object its JSON text. */
export function fieldOf(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value)) return JSON.stringify(value).toWellFormed();
  return value.map((entry) => (isObject(entry) || Array.isArray(entry) ? JSON.stringify(entry) : String(entry)));
}

/** Adds a value under a name of `System` or of its own; what is null is left out. */
export function addSystem(builder: RecordBuilder, name: string, value: unknown): void {
  const field = fieldOf(value);
  if (field !== undefined) builder.add('System', name.toWellFormed(), field);
}

/** A GUID as `.evtx` has it: upper case, without braces. */
export function guidOf(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^\{(?<guid>[^{}]{36})\}$/, '$<guid>').toUpperCase() : value;
}
