import type { Constraints } from './constraints.ts';
import type { HostRow } from './host-row.ts';
import type { TableContext } from './table-context.ts';

/** Types as osquery has them; `integer` and `bigint` are both kept in 64 bits. */
export type HostColumnType = 'text' | 'integer' | 'bigint' | 'double';
export type HostColumns = Readonly<Record<string, HostColumnType>>;

/** A row of a table with these columns. */
export type RowOf<Columns extends HostColumns> = {
  readonly [Name in keyof Columns]?: (Columns[Name] extends 'text' ? string : number) | null | undefined;
};

/** One of osquery's tables: same name, same columns in the same order, so that queries and packs written for osquery run. */
export interface HostTable<Id extends string = string> {
  /** osquery's name. */
  readonly id: Id;
  /** One line: what a row is. */
  readonly title: string;
  /** Where the rows come from, and how they differ from osquery's where they do: the text of the reference page. */
  readonly description: string;
  readonly columns: HostColumns;
  /** Columns that `SELECT *` does not show: they are there when a query names them. */
  readonly hidden?: HostColumns;
  /** `root`: read from files, of this machine or of any root. `live`: only the running machine knows. */
  readonly needs: 'root' | 'live';
  /** Columns of which a query must fix one (`path = …`, `LIKE …`, a join): without, the table is empty. */
  readonly required?: readonly string[];
  /** Columns whose constraints make the table cheaper. */
  readonly narrowedBy?: readonly string[];
  /** Rows for a query. They may be more than the constraints ask for: the query filters them again. Bad input is a problem of the context. */
  rows(context: TableContext, constraints: Constraints): Iterable<HostRow> | AsyncIterable<HostRow>;
}

/** Checks a table definition while keeping its literal id, and each row against its columns. */
export function defineHostTable<
  const Id extends string,
  const Columns extends HostColumns,
  const Hidden extends HostColumns = Record<never, never>,
>(
  table: Omit<HostTable<Id>, 'columns' | 'hidden' | 'rows'> & {
    readonly columns: Columns;
    readonly hidden?: Hidden;
    rows(
      context: TableContext,
      constraints: Constraints,
    ): Iterable<RowOf<NoInfer<Columns & Hidden>>> | AsyncIterable<RowOf<NoInfer<Columns & Hidden>>>;
  },
): HostTable<Id> {
  return table;
}
