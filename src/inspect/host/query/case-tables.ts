import type { ColumnType } from '../../../events/kind.ts';
import { kinds } from '../../../events/kinds/registry.generated.ts';
import { identifier, literal } from '../../../store/duckdb/ddl.ts';
import { derivedTables } from '../../../store/tables.ts';
import type { HostColumnType } from '../table.ts';
import { eventTables, type CaseTable } from './event-tables.ts';

/** SQLite knows neither times nor lists nor truth values: times are UTC text, lists JSON, truth 0 and 1. */
const types: Readonly<Record<ColumnType | 'number128', HostColumnType>> = {
  text: 'text',
  integer: 'bigint',
  real: 'double',
  boolean: 'integer',
  time: 'text',
  duration: 'bigint',
  ip: 'text',
  'text[]': 'text',
  json: 'text',
  number128: 'text',
};

/** A kind of event, a derived table, or one of osquery's event tables; undefined for any other name. */
export function caseTable(name: string): CaseTable | undefined {
  return eventTables.get(name) ?? stored.get(name);
}

type Column = readonly [name: string, type: ColumnType | 'number128'];

const stored: ReadonlyMap<string, CaseTable> = new Map([
  ...Object.entries(kinds).map(([id, { columns }]) => {
    return asStored(
      id,
      Object.entries(columns).map(([column, { type }]) => [column, type]),
    );
  }),
  ...Object.entries(derivedTables).map(([id, { columns }]) => {
    return asStored(
      id,
      Object.entries(columns).map(([column, [type]]) => [column, type]),
    );
  }),
]);

function asStored(name: string, columns: readonly Column[]): [string, CaseTable] {
  const table = {
    columns: Object.fromEntries(columns.map(([column, type]) => [column, types[type]])),
    from: identifier(name),
    values: Object.fromEntries(columns.map(([column, type]) => [column, valueOf(identifier(column), type)])),
  };
  return [name, table];
}

function valueOf(column: string, type: ColumnType | 'number128'): string {
  if (type === 'text[]') return `CAST(to_json(${column}) AS VARCHAR)`;
  if (type === 'boolean') return `CAST(${column} AS INTEGER)`;
  return type === 'time' || type === 'number128' ? `CAST(${column} AS VARCHAR)` : column;
}

/** Values that a column may have. */
export interface Allowed {
  readonly column: string;
  readonly values: readonly string[];
}

/** SQL of the case that reads some columns of a table, of rows that have all the values. */
export function caseQuery(table: CaseTable, columns: readonly string[], allowed: readonly Allowed[]): string {
  const list =
    columns.length === 0
      ? ['NULL']
      : columns.map((column) => `${table.values[column] ?? 'NULL'} AS ${identifier(column)}`);
  const tests = allowed.map(({ column, values }) => {
    const value = table.values[column];
    if (value === undefined || values.length === 0) return 'FALSE';
    return table.columns[column] === 'text'
      ? `CAST(${value} AS VARCHAR) IN (${values.map(literal).join(', ')})`
      : `${value} IN (${values.map(numberOf).join(', ')})`;
  });
  const where = tests.length === 0 ? '' : ` WHERE ${tests.join(' AND ')}`;
  return `SELECT ${list.join(', ')} FROM ${table.from}${where}`;
}

/** A value that is compared with a number, as SQL; what is none is equal to no number. */
function numberOf(value: string): string {
  if (/^-?\d{1,18}$/.test(value)) return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? String(number) : 'NULL';
}
