import type { SqlRow, Store } from '../store/store.ts';

/** Values asked for in one statement. */
const batch = 500;

/** Rows of a statement that ends with `IN`, for any number of values. */
export async function lookUp(store: Store, sql: string, values: readonly string[], tail = ''): Promise<SqlRow[]> {
  const rows: SqlRow[] = [];
  for (let from = 0; from < values.length; from += batch) {
    const part = values.slice(from, from + batch);
    rows.push(...(await store.query(`${sql} (${part.map(() => '?').join(', ')}) ${tail}`, part)));
  }
  return rows;
}
