import { describe, expect, it } from 'vitest';
import type { ColumnChunk, ReadStore, SqlRow } from './store.ts';
import { toldLimits } from './told-limits.ts';

/** Answers every question with so many rows. */
function storeOf(rows: number): ReadStore {
  const chunk = { rowCount: rows / 2 } as ColumnChunk;
  const store: ReadStore = {
    macros: {} as ReadStore['macros'],
    query: () => Promise.resolve(Array.from({ length: rows }, (): SqlRow => ({}))),
    scan: async function* scan() {
      yield* await Promise.resolve([chunk, chunk]);
    },
    count: () => Promise.resolve(rows),
    withTables: (_tables, work) => work(store),
  };
  return store;
}

async function told(rows: number, ask: (store: ReadStore) => Promise<unknown>): Promise<number[]> {
  const limits: number[] = [];
  await ask(toldLimits(storeOf(rows), (limit) => limits.push(limit)));
  return limits;
}

describe('a bound on an answer', () => {
  it('is told once when it was reached, also of scans and of tables made for a question', async () => {
    const sql = 'SELECT a FROM b ORDER BY a LIMIT 200';
    expect(await told(200, async (store) => [await store.query(sql), await store.query(sql)])).toEqual([200]);
    expect(await told(200, async (store) => Array.fromAsync(store.scan(sql)))).toEqual([200]);
    expect(await told(200, (store) => store.withTables([], (own) => own.query(sql)))).toEqual([200]);
  });

  it('is not told when it was not reached, is part of the question, or stands inside', async () => {
    expect(await told(199, (store) => store.query('SELECT a FROM b LIMIT 200'))).toEqual([]);
    expect(await told(50, (store) => store.query('SELECT a FROM b LIMIT 50'))).toEqual([]);
    expect(await told(200, (store) => store.query('SELECT a FROM (SELECT a FROM b LIMIT 200) WHERE a > 1'))).toEqual(
      [],
    );
  });
});
