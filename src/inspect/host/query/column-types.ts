import type { HostColumns, HostColumnType } from '../table.ts';
import { columnOf, walkNodes, type QueryNode, textIn } from './query-tree.ts';

/** Types of the columns that a query names, as far as they come straight from a table. */
export class ColumnTypes {
  readonly #byAlias = new Map<string, HostColumns>();
  readonly #all: HostColumns[] = [];

  constructor(query: QueryNode, columnsOf: (table: string) => HostColumns | undefined) {
    for (const node of walkNodes(query)) {
      if (node['type'] !== 'BASE_TABLE') continue;
      const table = textIn(node, 'table_name').toLowerCase();
      const columns = columnsOf(table);
      if (columns === undefined) continue;
      this.#byAlias.set(aliasOf(node), columns);
      this.#all.push(columns);
    }
  }

  /** The type of a column; undefined for another expression, an alias of the query, or a name that tables have with several types. */
  of(node: unknown): HostColumnType | undefined {
    const parts = columnOf(node);
    const name = parts?.at(-1);
    if (parts === undefined || name === undefined) return undefined;
    const alias = parts.at(-2);
    if (alias !== undefined) return this.#byAlias.get(alias)?.[name];
    const types = new Set(this.#all.flatMap((columns) => columns[name] ?? []));
    if (types.has('integer') && types.has('bigint')) types.delete('integer');
    return types.size === 1 ? [...types][0] : undefined;
  }
}

/** The name under which a table stands in its query. */
export function aliasOf(item: QueryNode): string {
  const alias = textIn(item, 'alias');
  return (alias === '' ? textIn(item, 'table_name') : alias).toLowerCase();
}
