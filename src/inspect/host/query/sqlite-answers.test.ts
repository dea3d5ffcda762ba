import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScratchStore } from '../../../store/duckdb/scratch.ts';
import type { HostColumns } from '../table.ts';
import { sqliteMacros, sqliteSettings } from './dialect.ts';
import { parseQuery, printQuery } from './query-tree.ts';
import { rewriteTree } from './rewrite-tree.ts';
import { textRows } from './run-pack.ts';
import { rewriteText } from './sqlite-text.ts';

/** Queries over the tables below, each with the rows that sqlite3 3.40.1 answers (`-json`). */
const answers = readFileSync(new URL('testdata/sqlite-answers.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as [string, Record<string, string | number | null>[]]);

const columns: Readonly<Record<string, HostColumns>> = {
  p: {
    pid: 'integer', name: 'text', path: 'text', parent: 'integer',
    uid: 'bigint', size: 'bigint', ratio: 'double', note: 'text',
  },
  s: { pid: 'integer', port: 'integer', address: 'text' },
  g: { name: 'text', kind: 'text', n: 'integer' },
}; // prettier-ignore
const rows: Readonly<Record<string, readonly (readonly (string | number | null)[])[]>> = {
  p: [
    [1, 'init', '/sbin/init', 0, 0, 100, 1.5, null],
    [20, 'sshd', '/usr/sbin/sshd', 1, 0, 2000, 0.25, '7'],
    [21, 'bash', '/bin/bash', 20, 1000, 50, 2, 'x'],
    [22, 'Bash', '/usr/bin/Bash', 21, 1000, 75, 3.5, '10'],
    [30, 'nginx', '/usr/sbin/nginx', 1, 33, 7, null, '9'],
  ],
  s: [
    [20, 22, '0.0.0.0'],
    [30, 80, '::'],
    [30, 443, '::'],
    [99, 1, null],
  ],
  g: [
    ['a', 'x', 1],
    ['b', 'x', 3],
    ['c', 'y', 2],
    ['d', 'y', null],
    ['e', null, 5],
  ],
};
const types = { text: 'text', integer: 'integer', bigint: 'integer', double: 'real' } as const;

let store: ScratchStore;
beforeAll(async () => {
  store = await ScratchStore.open({ settings: sqliteSettings, prelude: sqliteMacros });
  for (const [table, own] of Object.entries(columns)) {
    const named = Object.entries(own).map(([name, type]) => ({ name, type: types[type] }));
    await store.createTable(table, named);
    const filled = rows[table]?.map((row) => Object.fromEntries(named.map(({ name }, at) => [name, row[at] ?? null])));
    await store.append(table, named, filled ?? []);
  }
});
afterAll(() => store.close());

async function answer(sql: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const written = rewriteText(sql, {
    columnsOf: (table) => (columns[table] === undefined ? undefined : Object.keys(columns[table])),
  });
  const parsed = await parseQuery(written, store);
  rewriteTree(parsed.query, (table) => columns[table]);
  return textRows(await store.userQuery(await printQuery(parsed, store), { timeoutMs: 20_000, maxRows: 1000 }));
}

/** As texts. A whole number of a column of reals is written with a point here and by osquery, and without by JavaScript. */
function plain(row: Readonly<Record<string, string | number | null>>): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, String(value ?? '').replace(/^(?<whole>-?\d+)\.0$/, '$<whole>')]),
  );
}

it('queries give what SQLite gives', { timeout: 120_000 }, async () => {
  expect(answers.length).toBeGreaterThan(500);
  const different: unknown[] = [];
  for (const [sql, want] of answers) {
    const got = await answer(sql).catch((error: unknown) => String(error));
    const texts = typeof got === 'string' ? got : got.map(plain);
    if (JSON.stringify(texts) !== JSON.stringify(want.map(plain))) different.push({ sql, got: texts, want });
  }
  expect(different).toEqual([]);
});
