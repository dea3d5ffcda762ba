import type { ScratchStore } from '../../../store/duckdb/scratch.ts';
import { Constraints, type ColumnConstraint } from '../constraints.ts';
import type { SqlValue } from '../../../store/store.ts';
import type { TableContext } from '../table-context.ts';
import type { HostRow } from '../host-row.ts';
import type { HostColumns, HostTable } from '../table.ts';
import { caseQuery, caseTable, type Allowed } from './case-tables.ts';
import type { CaseTable } from './event-tables.ts';
import { demandsOf, type Demand } from './demands.ts';
import { printQuery, statementOf, walkNodes, columnOf, type QueryNode, textIn } from './query-tree.ts';
import { scopesOf, type FromItem, type Scope } from './scopes.ts';

/** Rows of one table at most: a table is held in memory. */
const maxRows = 2_000_000;
/** Values that one table may ask of another: a path for each process, not for each file. */
const maxValues = 200_000;
const batch = 8192;
/** Values of one table of the case, all columns together. */
const maxCaseValues = 5_000_000;
/** Values of a column that the case is asked for; where there are more it is asked for all. */
const maxAllowed = 5000;

const writeTypes = { text: 'text', integer: 'integer', bigint: 'integer', double: 'real' } as const;

export interface FillSource {
  /** A table that is filled; undefined when it is not. */
  table(name: string): HostTable | undefined;
  /** Columns of any of osquery's tables, hidden ones apart. */
  columns(name: string): { readonly columns: HostColumns; readonly hidden: HostColumns } | undefined;
}

/** Puts the tables that a query names into the store, each with the rows that the query can want, those first that others ask. */
export class TableFiller {
  readonly #source: FillSource;
  readonly #context: TableContext;
  readonly #store: ScratchStore;
  readonly #scopes: readonly Scope[];
  readonly #named: ReadonlySet<string>;
  readonly #hasStar: boolean;
  readonly #begun = new Set<string>();
  readonly #done = new Set<string>();
  /** Tables that stay empty because they are not filled here, or the query does not say which rows it wants. */
  readonly empty: { readonly table: string; readonly why: string }[] = [];

  constructor(query: QueryNode, source: FillSource, context: TableContext, store: ScratchStore) {
    this.#source = source;
    this.#context = context;
    this.#store = store;
    this.#scopes = scopesOf(query);
    const nodes = [...walkNodes(query)];
    const joined = this.#scopes.flatMap(({ using }) => using.flatMap(({ columns }) => columns));
    this.#named = new Set([...nodes.flatMap((node) => columnOf(node)?.at(-1) ?? []), ...joined]);
    this.#hasStar = nodes.some((node) => node['class'] === 'STAR');
  }

  async fillAll(): Promise<void> {
    for (const scope of this.#scopes) {
      for (const { table } of scope.items) if (table !== undefined) await this.#fill(table);
    }
  }

  async #fill(name: string): Promise<void> {
    const known = this.#source.columns(name);
    if (known === undefined || this.#begun.has(name)) return;
    this.#begun.add(name);
    await this.#fillNew(name, known);
    this.#done.add(name);
  }

  async #fillNew(name: string, known: { readonly columns: HostColumns; readonly hidden: HostColumns }): Promise<void> {
    const columns = this.#storedColumns(known.columns, known.hidden);
    const writeColumns = Object.entries(columns).map(([column, type]) => ({
      name: column,
      type: writeTypes[type],
    }));
    await this.#store.createTable(name, writeColumns);
    const table = this.#source.table(name);
    const ofCase = table === undefined ? caseTable(name) : undefined;
    if (ofCase !== undefined && this.#context.case !== undefined) {
      await this.#store.append(name, writeColumns, await this.#caseRows(name, ofCase, Object.keys(columns)));
      return;
    }
    const constraints = table === undefined ? undefined : await this.#constraints(name, table);
    const why = this.#whyEmpty(table, constraints, ofCase !== undefined);
    if (table === undefined || constraints === undefined || why !== undefined) {
      this.empty.push({ table: name, why: why ?? 'not filled' });
      return;
    }
    const names = Object.keys(columns);
    let rows: HostRow[] = [];
    let total = 0;
    for await (const row of this.#context.recordedRows(name) ?? table.rows(this.#context, constraints)) {
      rows.push(ordered(row, names));
      if (++total >= maxRows) {
        this.#context.complain('limit-reached', name, `the table has more than ${maxRows} rows; the rest is not there`);
        break;
      }
      if (rows.length < batch) continue;
      await this.#store.append(name, writeColumns, rows);
      rows = [];
    }
    await this.#store.append(name, writeColumns, rows);
  }

  /** What the case holds of a table: the columns that the query names, of rows that fit what the query says or other tables ask. */
  async #caseRows(name: string, table: CaseTable, columns: readonly string[]): Promise<HostRow[]> {
    const wanted = this.#hasStar ? columns : columns.filter((column) => this.#named.has(column));
    const allowed: Allowed[] = [];
    for (const column of wanted) {
      const values = await this.#valuesOf(name, column);
      if (values !== undefined && values.length <= maxAllowed) allowed.push({ column, values });
    }
    const most = Math.floor(maxCaseValues / Math.max(10, wanted.length));
    const { rows = [], isCut } = (await this.#context.case?.ask(caseQuery(table, wanted, allowed), most)) ?? {};
    if (isCut === true) {
      const message = `the case has more than ${most} rows of it that the query can want; the rest is not there`;
      this.#context.complain('limit-reached', name, message);
    }
    const places = columns.map((column) => [column, wanted.indexOf(column)] as const);
    return rows.map((row) => Object.fromEntries(places.map(([column, at]) => [column, scalarOf(row[at])])));
  }

  /** Values of a column that every use of a table is content with; undefined when some use wants any. */
  async #valuesOf(name: string, column: string): Promise<readonly string[] | undefined> {
    const all = new Set<string>();
    for (const { item, scope } of this.#usesOf(name)) {
      const demands = demandsOf(item, scope, [column]);
      if (demands === undefined) return undefined;
      for (const demand of demands) {
        if (demand.how === 'like' || (demand.how === 'query' && demand.isNullWanted === true)) return undefined;
        const values = demand.how === 'query' ? await this.#ask(demand, maxAllowed + 1) : demand.values;
        if (values === undefined) return undefined;
        for (const value of values) all.add(value);
      }
    }
    return [...all];
  }

  #usesOf(name: string): { readonly item: FromItem; readonly scope: Scope }[] {
    return this.#scopes.flatMap((scope) =>
      scope.items.filter((item) => item.table === name && !isShadowed(scope, name)).map((item) => ({ item, scope })),
    );
  }

  /** Hidden columns are there for queries that name them, and not for `SELECT *`. */
  #storedColumns(columns: HostColumns, hidden: HostColumns): HostColumns {
    const wanted = Object.entries(hidden).filter(([column]) => this.#named.has(column));
    return { ...columns, ...Object.fromEntries(wanted) };
  }

  #whyEmpty(table: HostTable | undefined, constraints: Constraints | undefined, isOfCase: boolean): string | undefined {
    if (isOfCase) return 'no case goes with this query: --case names one that `investigate` or `watch` filled';
    if (table === undefined) return 'this table is not filled here; it has its columns and no rows';
    if (this.#context.recordedRows(table.id) !== undefined) return undefined;
    if (table.needs === 'live' && !this.#context.isLive) return 'only the running machine knows it';
    const required = table.required ?? [];
    if (required.length === 0 || constraints?.hasAny(required) === true) return undefined;
    return `a query must fix ${required.join(' or ')}`;
  }

  async #constraints(name: string, table: HostTable): Promise<Constraints> {
    const uses = this.#usesOf(name);
    const columns = new Map<string, { equal: Set<string>; like: Set<string> }>();
    for (const use of uses) await this.#require(use, table.required ?? [], columns);
    for (const column of table.narrowedBy ?? []) narrow(uses, column, columns);
    return new Constraints(
      new Map<string, ColumnConstraint>(
        [...columns].map(([column, { equal, like }]) => [column, { equal: [...equal], like: [...like] }]),
      ),
    );
  }

  /** Of a table that must be asked for rows: what each use of it asks, together. */
  async #require(
    { item, scope }: { readonly item: FromItem; readonly scope: Scope },
    required: readonly string[],
    into: Map<string, { equal: Set<string>; like: Set<string> }>,
  ): Promise<void> {
    if (required.length === 0) return;
    for (const demand of demandsOf(item, scope, required) ?? []) {
      const values = demand.how === 'query' ? await this.#ask(demand, maxValues) : demand.values;
      if (values === undefined) continue;
      if (values.length >= maxValues) {
        const message = `more than ${maxValues} values are asked for; the rest is not looked at`;
        this.#context.complain('limit-reached', demand.column, message);
      }
      const entry = into.get(demand.column) ?? { equal: new Set(), like: new Set() };
      into.set(demand.column, entry);
      for (const value of values) entry[demand.how === 'like' ? 'like' : 'equal'].add(value);
    }
  }

  /** Values that another part of the query gives, its tables filled first. Undefined when that part cannot stand alone. */
  async #ask(demand: Extract<Demand, { how: 'query' }>, most: number): Promise<readonly string[] | undefined> {
    const query = { ...demand.query, cte_map: { map: [...demand.withs] } };
    for (const scope of scopesOf(query)) {
      for (const { table } of scope.items) {
        if (table === undefined) continue;
        await this.#fill(table);
        // Two tables that ask each other: the one that began first has no rows yet, and must not be taken for empty.
        if (this.#begun.has(table) && !this.#done.has(table)) return undefined;
      }
    }
    try {
      const sql = await printQuery(statementOf(query), this.#store);
      const rows = await this.#store.ask(`${sql} LIMIT ${most}`);
      return rows.flatMap(([value]) =>
        value === null || value === undefined || typeof value === 'object' ? [] : [String(value)],
      );
    } catch {
      return undefined;
    }
  }
}

/** Narrows by a column only when each use of the table says values for it. */
function narrow(
  uses: readonly { readonly item: FromItem; readonly scope: Scope }[],
  column: string,
  into: Map<string, { equal: Set<string>; like: Set<string> }>,
): void {
  if (into.has(column)) return;
  const equal = new Set<string>();
  for (const { item, scope } of uses) {
    const demands = demandsOf(item, scope, [column]);
    if (demands === undefined || demands.some(({ how }) => how !== 'equal')) return;
    for (const demand of demands) if (demand.how === 'equal') for (const value of demand.values) equal.add(value);
  }
  if (uses.length > 0) into.set(column, { equal, like: new Set() });
}

function isShadowed(scope: Scope, name: string): boolean {
  return scope.withs.some((entry) => textIn(entry, 'key').toLowerCase() === name);
}

/** A value of the case as a value of SQLite. */
function scalarOf(value: SqlValue | readonly SqlValue[] | undefined): string | number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** The values in the order of the columns: the writer walks over them without looking names up. */
function ordered(row: HostRow, names: readonly string[]): HostRow {
  const result: Record<string, string | number | null> = {};
  for (const name of names) result[name] = row[name] ?? null;
  return result;
}
