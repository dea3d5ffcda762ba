import { narrowEntries, takenPaths } from '../../../events/readers.ts';
import type { BulkRoute, FlatColumn, FlatForm } from '../../bulk.ts';
import { stageLineKey } from '../../store.ts';
import { identifier } from '../ddl.ts';
import { keptWhen } from './fields.ts';
import { literal, type Fragment, type Operand } from './fragment.ts';
import { readerSql } from './readers.ts';
import { objectOf, type Rows } from './rows.ts';
import { isInexact } from './time.ts';

/** Lines up to this long are read by columns. */
const maxLineBytes = 16 * 1024 * 1024;

const types: Readonly<Record<FlatForm, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
  ip: 'VARCHAR',
  millis: 'BIGINT',
  iso: 'VARCHAR',
  texts: 'VARCHAR[]',
  numbers: 'VARCHAR[]',
  left: 'JSON',
};

/** Flat JSON lines as rows: every value was looked at before, so DuckDB reads all columns with their types at once. */
export function flatRows({ mapping, columns = [] }: BulkRoute): Rows {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const operandOf = (name: string) => flatOperand(byName.get(name) ?? { name, form: 'left' });
  const entries = narrowEntries(mapping, new Set(byName.keys()));
  const values = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  values.set('fields', flatFields(columns, new Set(takenPaths(mapping)), keptWhen(entries, operandOf)));
  return {
    columns: values,
    evidenceAt: identifier(stageLineKey),
    evidenceLine: 'NULL',
    irregular: [`${identifier(stageLineKey)} IS NULL`],
  };
}

/** The lines of a staged file as a table expression. */
export function flatLines({ columns = [] }: BulkRoute, path: string): string {
  const all = [
    { name: stageLineKey, type: 'BIGINT' },
    ...columns.map(({ name, form }) => ({ name, type: types[form] })),
  ];
  const struct = all.map(({ name, type }) => `${literal(name)}: '${type}'`).join(', ');
  const options = `format = 'newline_delimited', maximum_object_size = ${maxLineBytes}, columns = {${struct}}`;
  return `read_json(${literal(path)}, ${options})`;
}

function flatOperand({ name, form }: FlatColumn): Operand {
  const cell = identifier(name);
  const text = textOf(cell, form);
  const micros = microsOf(cell, form);
  return {
    text,
    list: listOf(cell, form, text),
    json: { sql: jsonOf(cell, form), irregular: [] },
    scalar: cell,
    ...(micros === undefined ? {} : { micros }),
  };
}

function textOf(cell: string, form: FlatForm): Fragment {
  if (form === 'text' || form === 'ip' || form === 'iso') return { sql: cell, irregular: [] };
  const sql = `CAST(${cell} AS VARCHAR)`;
  // Numbers with a fraction and lists have no common spelling as text.
  return { sql, irregular: form === 'integer' || form === 'boolean' ? [] : [`${cell} IS NOT NULL`] };
}

function listOf(cell: string, form: FlatForm, text: Fragment): Fragment {
  if (form === 'texts') return { sql: cell, irregular: [] };
  if (form === 'numbers') {
    const entry = `CASE WHEN ends_with(x, '.0') THEN x[:-3] ELSE x END`;
    return { sql: `list_transform(${cell}, lambda x: ${entry})`, irregular: [] };
  }
  return { sql: `CASE WHEN ${cell} IS NOT NULL THEN [${text.sql}] END`, irregular: text.irregular };
}

function microsOf(cell: string, form: FlatForm): Fragment | undefined {
  if (form === 'millis') return { sql: `(${cell} * 1000)`, irregular: [] };
  if (form !== 'iso') return undefined;
  const sql = `epoch_us(TRY_CAST(${cell} AS TIMESTAMP))`;
  return { sql, irregular: [`${sql} IS NULL AND ${cell} IS NOT NULL`, isInexact(sql)] };
}

function jsonOf(cell: string, form: FlatForm): string {
  if (form === 'left') return `${cell}::VARCHAR`;
  if (form === 'numbers') return `'[' || array_to_string(${cell}, ',') || ']'`;
  return `to_json(${cell})::VARCHAR`;
}

/** `fields`: the columns that no reader takes, and those that one names but did not take. */
function flatFields(
  columns: readonly FlatColumn[],
  taken: ReadonlySet<string>,
  kept: ReadonlyMap<string, string>,
): Fragment {
  const members = columns.flatMap(({ name, form }) => {
    const condition = taken.has(name) ? kept.get(name) : undefined;
    if (taken.has(name) && condition === undefined) return [];
    const member = `${literal(`${JSON.stringify(name)}:`)} || ${jsonOf(identifier(name), form)}`;
    return [condition === undefined ? member : `CASE WHEN ${condition} THEN ${member} END`];
  });
  return { sql: objectOf(members), irregular: [] };
}
