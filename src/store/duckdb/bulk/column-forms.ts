import type { Conversion, Reader } from '../../../events/mapping.ts';
import { alwaysTaken, partsOf, type ReaderEntries } from '../../../events/readers.ts';
import type { DelimitedColumn, DelimitedLayout } from '../../bulk.ts';
import { cellForm, type CellForm } from './cell-form.ts';
import type { ColumnForms } from './survey.ts';

const byConversion: Readonly<Partial<Record<Conversion, CellForm>>> = {
  integer: cellForm.integer,
  real: cellForm.seconds,
  boolean: cellForm.boolean,
  ip: cellForm.ip,
  seconds: cellForm.seconds,
  interval: cellForm.seconds,
};

/** The forms that the cells of each column must have, from how the mapping reads them and how they stand in `fields`. */
export function columnForms(layout: DelimitedLayout, taken: ReadonlySet<string>, entries: ReaderEntries): ColumnForms {
  const readers = entries.flatMap(([, reader]) => pathReaders(reader));
  const always = alwaysTaken(entries);
  return layout.columns.map((column) => {
    const read = readers.filter(({ path }) => path === column.name).map(({ as }) => byConversion[as]);
    const mayBeLeft = !taken.has(column.name) || !always.has(column.name);
    return [...new Set([...read, mayBeLeft ? fieldsForm(column) : undefined])].filter((form) => form !== undefined);
  });
}

export type CellType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';

/** Type that DuckDB may read each column as while it cuts the lines: its only use, where that is a number or truth value. */
export function columnTypes(
  layout: DelimitedLayout,
  taken: ReadonlySet<string>,
  entries: ReaderEntries,
): readonly CellType[] {
  const readers = entries.flatMap(([, reader]) => pathReaders(reader));
  const always = alwaysTaken(entries);
  return layout.columns.map((column) => {
    const uses = readers.filter(({ path }) => path === column.name);
    const types = new Set(uses.map(typeOf));
    const [type] = types;
    const isTaken = taken.has(column.name) && always.has(column.name);
    return isTaken && !column.isList && types.size === 1 ? (type ?? 'VARCHAR') : 'VARCHAR';
  });
}

function typeOf({ as, table, otherwise }: PathReader): CellType | undefined {
  const form = byConversion[as];
  return form === undefined || table !== undefined || otherwise !== undefined ? undefined : byForm[form];
}

const byForm: Readonly<Partial<Record<CellForm, CellType>>> = {
  [cellForm.integer]: 'BIGINT',
  [cellForm.seconds]: 'DOUBLE',
  [cellForm.boolean]: 'BOOLEAN',
};

type PathReader = Extract<Reader, { path: string }>;

function pathReaders(reader: Reader): PathReader[] {
  return 'path' in reader ? [reader] : partsOf(reader).flatMap(pathReaders);
}

/** Entries of lists are looked at in SQL. */
function fieldsForm({ json, isList }: DelimitedColumn): CellForm | undefined {
  if (isList || json === undefined) return undefined;
  if (json === 'number') return cellForm.jsonNumber;
  return json === 'time' ? cellForm.fieldTime : cellForm.boolean;
}
