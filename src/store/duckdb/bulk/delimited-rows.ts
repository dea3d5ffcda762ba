import { narrowEntries, takenPaths } from '../../../events/readers.ts';
import type { BulkRoute, DelimitedLayout } from '../../bulk.ts';
import { columnForms, columnTypes } from './column-forms.ts';
import { cellJson, cellOperand, readColumns } from './delimited.ts';
import { keptWhen } from './fields.ts';
import { literal, type Fragment } from './fragment.ts';
import { readerSql } from './readers.ts';
import { objectOf, type Rows } from './rows.ts';
import { surveyFile } from './survey.ts';

/** Delimited text as rows; it is looked through here, and when a line is odd there are no rows. */
export function delimitedRows(layout: DelimitedLayout, { mapping }: BulkRoute, path: string, firstLine: number): Rows {
  const indexes = new Map(layout.columns.map((column, index) => [column.name, index]));
  const entries = narrowEntries(mapping, new Set(indexes.keys()));
  const taken = new Set(takenPaths(mapping));
  const survey = surveyFile(path, layout, columnForms(layout, taken, entries));
  const operandOf = (name: string) => {
    const index = indexes.get(name) ?? 0;
    return cellOperand(layout, index, survey.isPlain[index] === true);
  };
  const columns = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  columns.set('fields', delimitedFields(layout, taken, keptWhen(entries, operandOf), survey.isPlain));
  const rows = readColumns(layout, path, columnTypes(layout, taken, entries));
  return {
    from: survey.isRegular ? rows : `${rows} WHERE FALSE`,
    columns,
    evidenceAt: 'NULL',
    evidenceLine: `${firstLine}`,
    irregular: [],
  };
}

function delimitedFields(
  layout: DelimitedLayout,
  taken: ReadonlySet<string>,
  kept: ReadonlyMap<string, string>,
  isPlain: readonly boolean[],
): Fragment {
  const members: string[] = [];
  const irregular: string[] = [];
  for (const [index, column] of layout.columns.entries()) {
    const isTaken = taken.has(column.name);
    const condition = isTaken ? kept.get(column.name) : undefined;
    if (isTaken && condition === undefined) continue;
    const json = cellJson(column, layout, `c${index}`, isPlain[index] === true);
    const member = `${literal(`${JSON.stringify(column.name)}:`)} || ${json.sql}`;
    members.push(condition === undefined ? member : `CASE WHEN ${condition} THEN ${member} END`);
    irregular.push(...json.irregular);
  }
  return { sql: objectOf(members), irregular };
}
