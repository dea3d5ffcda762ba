import type { KindId } from '../events/event.ts';
import { columnEntries } from '../events/event.ts';
import type { ColumnType } from '../events/kind.ts';
import type { FieldReference } from '../match/condition/condition.ts';
import type { Absent, SqlField, SqlResolver, SqlType } from '../match/condition/resolver.ts';
import { keywordColumns, memberOf } from '../match/event-format.ts';
import type { Macros } from './macros.ts';

const sqlTypes: Readonly<Record<ColumnType, SqlType>> = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  boolean: 'boolean',
  time: 'time',
  duration: 'integer',
  ip: 'ip',
  'text[]': 'text[]',
  json: 'text',
};

/** The fields of `eventFormat` as expressions over the stored rows of a kind. */
export function eventColumns(kind: KindId, macros: Macros): SqlResolver {
  const types = new Map(columnEntries(kind).map(([name, { type }]) => [name, type] as const));
  return {
    field: (reference) => column(reference, kind, types, macros),
    allFields: () => ({ sql: allTexts(kind, macros), type: 'text[]' }),
  };
}

function column(
  reference: FieldReference,
  kind: KindId,
  types: ReadonlyMap<string, ColumnType>,
  macros: Macros,
): SqlField | Absent {
  const member = memberOf(reference);
  if (member?.isList === true) return { sql: macros.jsonList('fields', member.name), type: 'text[]' };
  if (member !== undefined) return { sql: memberSql(member.name, macros), type: 'text' };
  const { name, argument } = reference;
  const type = types.get(name);
  if (type === undefined) return { absent: `events of kind ${kind} have no column "${name}"` };
  if (argument === undefined) return { sql: `"${name}"`, type: sqlTypes[type] };
  const index = Number(argument);
  const isEntry = type === 'text[]' && Number.isInteger(index) && index >= 0;
  if (!isEntry) return { absent: `"${name}" has no entry ${argument}` };
  return { sql: macros.listEntry(`"${name}"`, index), type: 'text' };
}

/** A name with dots is a member of that name, or else a path. */
function memberSql(name: string, macros: Macros): string {
  const whole = macros.jsonText('fields', name);
  const path = name.split('.');
  return path.length === 1 ? whole : `coalesce(${whole}, ${macros.jsonPathText('fields', path)})`;
}

function allTexts(kind: KindId, macros: Macros): string {
  const columns = keywordColumns(kind);
  const single = columns.filter(([, type]) => type !== 'text[]').map(([name]) => `"${name}"`);
  const lists = columns.filter(([, type]) => type === 'text[]').map(([name]) => `"${name}"`);
  const parts = [macros.conditions.list(single), ...lists, macros.jsonTexts('fields')];
  return macros.conditions.concatLists(parts.map((part) => `coalesce(${part}, ${macros.conditions.list([])})`));
}
