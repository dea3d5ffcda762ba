import type { ColumnChunk, ReadStore } from './store.ts';

/** Smaller bounds are part of a question ("the last five"), and cut nothing that somebody would miss. */
const leastTold = 100;

/**
 * The same store, which tells when an answer is as long as the question lets it be: `tell` gets each such bound once. So no analytic can pass
 * over the rest of what was stored without a word in the verdict.
 */
export function toldLimits(store: ReadStore, tell: (limit: number) => void): ReadStore {
  const told = new Set<string>();
  const check = (sql: string, rows: number): void => {
    const limit = Number(/\bLIMIT (?<limit>\d{1,9})\s*\)?\s*$/.exec(sql)?.groups?.['limit'] ?? 0);
    // The same question about another machine is told with the first.
    const question = sql.slice(0, 200);
    if (limit < leastTold || rows < limit || told.has(question)) return;
    told.add(question);
    tell(limit);
  };
  const wrapped = (inner: ReadStore): ReadStore => ({
    macros: inner.macros,
    query: async (sql, parameters) => {
      const rows = await inner.query(sql, parameters);
      check(sql, rows.length);
      return rows;
    },
    scan: (sql, parameters) => counted(inner.scan(sql, parameters), (rows) => check(sql, rows)),
    count: (kind) => inner.count(kind),
    withTables: (tables, work) => inner.withTables(tables, (own) => work(wrapped(own))),
  });
  return wrapped(store);
}

async function* counted(chunks: AsyncIterable<ColumnChunk>, done: (rows: number) => void): AsyncGenerator<ColumnChunk> {
  let rows = 0;
  for await (const chunk of chunks) {
    rows += chunk.rowCount;
    yield chunk;
  }
  done(rows);
}
