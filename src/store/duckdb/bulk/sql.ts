import { columnEntries } from '../../../events/event.ts';
import type { ColumnType } from '../../../events/kind.ts';
import type { BulkPlan, BulkRoute } from '../../bulk.ts';
import { duckdbTypes, identifier } from '../ddl.ts';
import { delimitedRows } from './delimited-rows.ts';
import { flatRows } from './flat-rows.ts';
import { anyOf } from './fragment.ts';
import type { Rows } from './rows.ts';

/**
 * The SELECT that loads rows: the columns of the route's kind that can have a value, in table order, then `evidence_line`
 * (rows that are numbered by their place: number of the first line, else NULL) and `irregular` (the row needs `decode`).
 * `from` is a table expression: `delimitedFeed` as a table, or `flatLines`.
 */
export function bulkSelect(
  plan: BulkPlan,
  route: number,
  from: string,
  evidenceId: number,
  firstLine: number,
): { sql: string } {
  const chosen = plan.routes[route];
  if (chosen === undefined) throw new RangeError(`the plan has no route ${route}`);
  const rows = rowsOf(plan.layout, chosen, firstLine);
  const own = new Map([
    ['evidence_id', `${evidenceId}`],
    ['evidence_at', rows.evidenceAt],
  ]);
  const columns = columnEntries(chosen.mapping.kind).flatMap(([name, { type }]) => {
    const value = own.get(name) ?? typed(rows.columns.get(name)?.sql, name, type);
    return value === undefined ? [] : [`${asType(value, type)} AS ${identifier(name)}`];
  });
  const irregular = [...rows.columns.values()].flatMap((fragment) => fragment.irregular);
  const list = [
    ...columns,
    `${asType(rows.evidenceLine, 'integer')} AS evidence_line`,
    `${anyOf([...irregular, ...rows.irregular])} AS irregular`,
  ];
  return { sql: `SELECT ${list.join(',\n  ')}\nFROM ${from}` };
}

function rowsOf(layout: BulkPlan['layout'], route: BulkRoute, firstLine: number): Rows {
  return layout.type === 'delimited' ? delimitedRows(layout, route, firstLine) : flatRows(route);
}

function asType(value: string, type: ColumnType): string {
  return `CAST(${value} AS ${duckdbTypes[type]})`;
}

/** Times are µs until here; a kind's `time` is never NULL: 0 stands for a time that a row does not have. */
function typed(value: string | undefined, name: string, type: ColumnType): string | undefined {
  if (type !== 'time') return value;
  if (name === 'time') return value === undefined ? 'make_timestamp(0)' : `make_timestamp(coalesce(${value}, 0))`;
  return value === undefined ? undefined : `make_timestamp(${value})`;
}
