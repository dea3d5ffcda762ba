import { narrowEntries, takenPaths } from '../../../events/readers.ts';
import type { BulkRoute, DelimitedLayout } from '../../bulk.ts';
import { cellJson, cellOperand } from './delimited.ts';
import { keptWhen } from './fields.ts';
import { literal, type Fragment } from './fragment.ts';
import { readerSql } from './readers.ts';
import { objectOf, type Rows } from './rows.ts';

/** Rows of `delimitedFeed` as columns of events. */
export function delimitedRows(layout: DelimitedLayout, { mapping }: BulkRoute, firstLine: number): Rows {
  const indexes = new Map(layout.columns.map((column, index) => [column.name, index]));
  const entries = narrowEntries(mapping, new Set(indexes.keys()));
  const operandOf = (name: string) => cellOperand(layout, indexes.get(name) ?? 0);
  const columns = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  const taken = new Set(takenPaths(mapping));
  columns.set('fields', delimitedFields(layout, taken, keptWhen(entries, operandOf)));
  return { columns, evidenceAt: 'NULL', evidenceLine: `${firstLine}`, irregular: [] };
}

function delimitedFields(
  layout: DelimitedLayout,
  taken: ReadonlySet<string>,
  kept: ReadonlyMap<string, string>,
): Fragment {
  const members: string[] = [];
  const irregular: string[] = [];
  for (const [index, column] of layout.columns.entries()) {
    const isTaken = taken.has(column.name);
    const condition = isTaken ? kept.get(column.name) : undefined;
    if (isTaken && condition === undefined) continue;
    const json = cellJson(column, layout, `c${index}`);
    const member = `${literal(`${JSON.stringify(column.name)}:`)} || ${json.sql}`;
    members.push(condition === undefined ? member : `CASE WHEN ${condition} THEN ${member} END`);
    irregular.push(...json.irregular);
  }
  return { sql: objectOf(members), irregular };
}
