import { columnEntries, kindIds, type EventRow } from '../events/event.ts';
import { commonColumns, type ColumnType } from '../events/kind.ts';
import { keptMembers } from '../events/members.ts';
import type { FieldReference } from './condition/condition.ts';
import type { Absent, StreamField, StreamResolver, StreamValue } from './condition/resolver.ts';
import type { RowFormat } from './row-format.ts';

/**
 * Fields of our own events in conditions: a column by its name; `process_args[0]` an entry of a list column;
 * `fields[Name]` a member of the record's own fields (a name with dots also as a path), `fields[Name[]]` one that may be a list of
 * values.
 */
export const eventFormat: RowFormat = {
  id: 'event',
  resolver: {
    field: eventField,
    allFields: () => ({ type: 'list', isParsed: true, get: allTexts, plainTexts: showAll }),
  } satisfies StreamResolver<EventRow>,
  time: (row) => BigInt(Math.trunc(Number(row['time']))) * 1000n,
  type: (row) => String(row['kind']),
  columnsOf: (kind, field) =>
    field === '*' ? [...keywordColumns(kind).map(([name]) => name), 'fields'] : [field.name],
  index: {
    windows: [
      { name: 'fields', argument: 'Channel' },
      { name: 'fields', argument: 'EventID' },
    ],
    other: [{ name: 'event_action' }, { name: 'event_dataset' }],
  },
};

/** A member of `fields` that a reference names, and whether its list is taken apart. */
export interface Member {
  readonly name: string;
  readonly isList: boolean;
}

export function memberOf(reference: FieldReference): Member | undefined {
  const { name, argument } = reference;
  if (name !== 'fields' || argument === undefined) return undefined;
  return argument.endsWith('[]') ? { name: argument.slice(0, -2), isList: true } : { name: argument, isList: false };
}

/** Type of a column in the first kind that has it: columns of one name have one type in all kinds. */
export const columnTypes: ReadonlyMap<string, ColumnType> = new Map(
  kindIds.flatMap((kind) => columnEntries(kind).map(([name, { type }]) => [name, type] as const)),
);

/** Columns of a kind whose texts keywords are looked for in, beside `raw` and the members of `fields`. */
export function keywordColumns(kind: string): readonly (readonly [name: string, type: ColumnType])[] {
  return keywordColumnsOf.get(kind) ?? [];
}

const bookkeeping: ReadonlySet<string> = new Set(Object.keys(commonColumns).filter((name) => name !== 'raw'));
const keywordColumnsOf = new Map(
  kindIds.map((kind) => [
    kind as string,
    columnEntries(kind).flatMap(([name, { type }]) =>
      !bookkeeping.has(name) && (type === 'text' || type === 'ip' || type === 'text[]') ? [[name, type] as const] : [],
    ),
  ]),
);

function eventField(reference: FieldReference): StreamField<EventRow> | Absent {
  const member = memberOf(reference);
  if (member !== undefined) return memberField(member);
  const { name, argument } = reference;
  const type = columnTypes.get(name);
  if (type === undefined) return { absent: `no kind of event has a column "${name}"` };
  if (argument !== undefined) return entryField(name, type, argument);
  const get = (row: EventRow): StreamValue => row[name];
  if (type === 'text' || type === 'ip' || type === 'json') return { type: 'text', get };
  if (type === 'text[]') return { type: 'list', get };
  return { type: type === 'boolean' ? 'boolean' : 'number', get };
}

function entryField(name: string, type: ColumnType, argument: string): StreamField<EventRow> | Absent {
  const index = Number(argument);
  const isEntry = type === 'text[]' && Number.isInteger(index) && index >= 0;
  if (!isEntry) return { absent: `"${name}" has no entry ${argument}` };
  return { type: 'text', get: (row) => (row[name] as readonly string[] | null | undefined)?.[index] };
}

function memberField({ name, isList }: Member): StreamField<EventRow> {
  const path = name.split('.');
  // Our writers spell plain keys plainly, so a text without the key has no such member, at any depth: no need to parse it.
  const key = /^[\w@-]+$/.test(name) ? `"${name}":` : undefined;
  const isInherited = name in Object.prototype;
  const find = (row: EventRow): unknown => {
    if (key !== undefined && row !== parsedRow && !hasText(row, key)) return undefined;
    const fields = membersOf(row);
    if (!isInherited) {
      const value = fields[name];
      if (value !== undefined) return value;
    } else if (Object.hasOwn(fields, name)) return fields[name];
    return path.length === 1 ? undefined : walk(fields, path);
  };
  if (!isList) return { type: 'scalar', isParsed: true, get: (row) => scalarOf(find(row)), plainTexts: showMembers };
  return {
    type: 'list',
    isParsed: true,
    plainTexts: showMembers,
    get: (row) => {
      const value = find(row);
      return Array.isArray(value) ? value.map((entry) => scalarOf(entry) ?? null) : [scalarOf(value) ?? null];
    },
  };
}

function hasText(row: EventRow, key: string): boolean {
  const text = row['fields'];
  return typeof text === 'string' && text.includes(key);
}

function walk(fields: object, path: readonly string[]): unknown {
  let value: unknown = fields;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Objects and lists as JSON text, as a store gives them. */
function scalarOf(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

let parsedRow: EventRow | undefined;
let parsed: Readonly<Record<string, unknown>> = {};

/** `fields` of a row, parsed once for all tests of a record. */
function membersOf(row: EventRow): Readonly<Record<string, unknown>> {
  if (row === parsedRow) return parsed;
  const text = row['fields'];
  parsedRow = row;
  if (typeof text !== 'string' || text === '') parsed = {};
  else parsed = keptMembers(row, text) ?? (JSON.parse(text) as Record<string, unknown>);
  return parsed;
}

function allTexts(row: EventRow): string[] {
  const texts: string[] = [];
  for (const [name] of keywordColumns(String(row['kind']))) {
    const value = row[name];
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) texts.push(...value);
  }
  for (const value of Object.values(membersOf(row))) {
    const scalar = scalarOf(value);
    if (scalar !== undefined) texts.push(String(scalar));
  }
  return texts;
}

/** The members as they stand in their JSON, where only an escape takes plain letters apart. */
function showMembers(row: EventRow, show: (text: string) => void): boolean {
  const text = row['fields'];
  if (typeof text !== 'string') return true;
  if (plainEscape.test(text)) return false;
  show(text);
  return true;
}

/** How the escape of an ASCII letter begins, or of one that becomes ASCII in lower case (U+0130, U+212A). */
const plainEscape = /\\u(?:00|01|21)/;

/** The texts of `allTexts`. */
function showAll(row: EventRow, show: (text: string) => void): boolean {
  if (!showMembers(row, show)) return false;
  for (const [name] of keywordColumns(String(row['kind']))) {
    const value = row[name];
    if (typeof value === 'string') show(value);
    else if (typeof value === 'object' && value !== null) for (const text of value) show(text);
  }
  return true;
}
