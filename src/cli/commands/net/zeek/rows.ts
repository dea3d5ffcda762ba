import type { EventRow } from '../../../../events/event.ts';
import type { Field, FieldType, LogLayout } from './logs.ts';

/** The `#` lines above the rows of a log. `openedAt` is µs UTC. */
export function tsvHeader({ path, fields }: LogLayout, openedAt: number): string {
  const lines = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    `#open\t${dashedTime(openedAt)}`,
    `#fields\t${fields.map(([name]) => name).join('\t')}`,
    `#types\t${fields.map(([, type]) => type).join('\t')}`,
  ];
  return `${lines.join('\n')}\n`;
}

export function tsvFooter(closedAt: number): string {
  return `#close\t${dashedTime(closedAt)}\n`;
}

/** One row of Zeek's TSV. */
export function tsvRow(event: EventRow, { fields }: LogLayout): string {
  return `${fields.map((field) => tsvCell(valueOf(event, field), field[1])).join('\t')}\n`;
}

/** One row of Zeek's JSON; fields without a value are left out. */
export function jsonRow(event: EventRow, { fields }: LogLayout): string {
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    const value = valueOf(event, field);
    if (value !== null) row[field[0]] = jsonValue(value, field[1]);
  }
  return `${JSON.stringify(row)}\n`;
}

type Value = EventRow[string];

function valueOf(event: EventRow, [, , column, form]: Field): Value {
  const value = event[column] ?? null;
  return form === undefined || typeof value !== 'string' ? value : form(value);
}

function tsvCell(value: Value, type: FieldType): string {
  if (value === null) return '-';
  if (isListType(type)) {
    const list = type === 'vector[interval]' ? listOf(value).map((text) => Number(text).toFixed(6)) : listOf(value);
    return list.length === 0 ? '(empty)' : list.map((entry) => escaped(entry, ',')).join(',');
  }
  if (type === 'time' || type === 'interval') return (Number(value) / 1e6).toFixed(6);
  if (type === 'bool') return value === true ? 'T' : 'F';
  return escaped(String(value), undefined);
}

function jsonValue(value: NonNullable<Value>, type: FieldType): unknown {
  if (type === 'vector[interval]' || type === 'vector[count]') return listOf(value).map(Number);
  if (isListType(type)) return listOf(value);
  return type === 'time' || type === 'interval' ? Number(value) / 1e6 : value;
}

function isListType(type: FieldType): boolean {
  return type.startsWith('set[') || type.startsWith('vector[');
}

/** Some columns hold what is a list in Zeek's log as text, joined by commas. */
function listOf(value: NonNullable<Value>): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return value === '' ? [] : String(value).split(',');
}

/**
 * Escapes what the format gives a meaning: separators, control characters, backslashes, and texts that stand for no value. A byte that is no
 * text (0x80 and above) stands in our events as `\xHH`, as it does in the log.
 */
function escaped(text: string, separator: string | undefined): string {
  if (text === '') return '(empty)';
  if (text === '-' || text === '(empty)') return `\\x${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
  const plain = text.replaceAll(/\\(?!x[89a-f][0-9a-f])/g, String.raw`\\`);
  return plain.replaceAll(/[\p{Cc},]/gu, (character) =>
    character === ',' && separator === undefined ? ',' : hexEscape(character),
  );
}

function hexEscape(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** `2026-11-25-22-10-00`. */
function dashedTime(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
}
