import type { Conversion, Mapping, Reader } from '../../../events/mapping.ts';
import { alwaysTaken, narrowEntries, partsOf, takenPaths } from '../../../events/readers.ts';
import type { DelimitedColumn, DelimitedLayout } from '../../bulk.ts';
import { cellForm, type CellColumn, type CellForm, type CellType } from './cell-form.ts';

const byConversion: Readonly<Partial<Record<Conversion, CellForm>>> = {
  integer: cellForm.integer,
  real: cellForm.seconds,
  boolean: cellForm.boolean,
  ip: cellForm.ip,
  seconds: cellForm.seconds,
  interval: cellForm.seconds,
};

/** How the cells of each column are read, from how the mapping reads them and how they stand in `fields`. */
export function cellColumns(layout: DelimitedLayout, mapping: Mapping): readonly CellColumn[] {
  const entries = narrowEntries(mapping, new Set(layout.columns.map(({ name }) => name)));
  const taken = new Set(takenPaths(mapping));
  const readers = entries.flatMap(([, reader]) => pathReaders(reader));
  const always = alwaysTaken(entries);
  return layout.columns.map((column) => {
    const uses = readers.filter(({ path }) => path === column.name);
    const mayBeLeft = !taken.has(column.name) || !always.has(column.name);
    const forms = new Set([...uses.map(({ as }) => byConversion[as]), mayBeLeft ? fieldsForm(column) : undefined]);
    const types = new Set(uses.map(typeOf));
    const [type] = types;
    return {
      forms: [...forms].filter((form) => form !== undefined),
      // Its only use, where that is a number or truth value.
      type: !mayBeLeft && !column.isList && types.size === 1 ? (type ?? 'VARCHAR') : 'VARCHAR',
    };
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
