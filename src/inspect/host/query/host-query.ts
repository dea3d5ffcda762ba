import { VakthundError } from '../../../base/errors.ts';
import { nearest } from '../../../base/nearest.ts';
import { kinds } from '../../../events/kinds/registry.generated.ts';
import { ScratchStore } from '../../../store/duckdb/scratch.ts';
import type { UserQueryOptions, UserQueryResult } from '../../../store/store.ts';
import type { TableContext } from '../table-context.ts';
import type { HostColumns } from '../table.ts';
import { hostTables } from '../tables/registry.generated.ts';
import type { HostTable } from '../table.ts';
import { unfilledTables } from '../unfilled-tables.ts';
import { sqliteMacros, sqliteSettings } from './dialect.ts';
import { caseTable } from './case-tables.ts';
import { TableFiller, type FillSource } from './fill.ts';
import { parseQuery, printQuery } from './query-tree.ts';
import { rewriteTree } from './rewrite-tree.ts';
import { rewriteText } from './sqlite-text.ts';

export interface HostQueryResult extends UserQueryResult {
  /** Tables of the query that are empty whatever the host holds, and why. */
  readonly empty: readonly { readonly table: string; readonly why: string }[];
}

/**
 * Answers one SELECT in osquery's words about a host: the tables that it names are filled from the context into a database in
 * memory, with the rows that it can want, and the engine does the rest; so are the tables of the case that the context has.
 * Nothing outside that database can be reached by it.
 */
export async function runHostQuery(
  sql: string,
  context: TableContext,
  options: UserQueryOptions,
): Promise<HostQueryResult> {
  const store = await ScratchStore.open({ settings: sqliteSettings, prelude: sqliteMacros });
  try {
    const parsed = await parseQuery(rewriteText(sql, { columnsOf: namesOf }), store);
    rewriteTree(parsed.query, (table) => allColumns(table));
    const filler = new TableFiller(parsed.query, source, context, store);
    await filler.fillAll();
    const result = await store.userQuery(await printQuery(parsed, store), options);
    return { ...result, empty: filler.empty };
  } catch (error) {
    throw namingTable(error);
  } finally {
    store.close();
  }
}

/** A table that is not known: the engine would name the nearest of its own. */
function namingTable(error: unknown): unknown {
  if (!(error instanceof VakthundError)) return error;
  const name = /Table with name ("?)(.+?)\1 does not exist/.exec(error.message)?.[2];
  if (name === undefined) return error;
  const near = nearest(name, [...tables.keys(), ...unfilledTables.keys(), ...Object.keys(kinds)]);
  return new VakthundError('STORE_QUERY', `there is no table "${name}"`, {
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}all tables: docs/reference/host-tables.md`,
    cause: error,
  });
}

const tables = new Map<string, HostTable>(Object.entries(hostTables));

const source: FillSource = {
  table: (name) => tables.get(name),
  columns: (name) => {
    const table = tables.get(name);
    if (table !== undefined) return { columns: table.columns, hidden: table.hidden ?? {} };
    const unfilled = unfilledTables.get(name);
    if (unfilled !== undefined) return unfilled;
    const ofCase = caseTable(name);
    return ofCase === undefined ? undefined : { columns: ofCase.columns, hidden: {} };
  },
};

function allColumns(table: string): HostColumns | undefined {
  const known = source.columns(table);
  return known === undefined ? undefined : { ...known.columns, ...known.hidden };
}

function namesOf(table: string): readonly string[] | undefined {
  const columns = allColumns(table);
  return columns === undefined ? undefined : Object.keys(columns);
}
