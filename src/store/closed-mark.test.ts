import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markClosed, markOpen, noteEdit, takeEdited, wasEdited } from './closed-mark.ts';

let folder: string;
let store: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-closed-'));
  store = join(folder, 'case.duckdb');
  await run('CREATE TABLE t AS SELECT range AS n FROM range(10)');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(store);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe('the mark of a closed store', () => {
  it('tells that another program took one row out, until that is told', async () => {
    markClosed(store);
    expect(wasEdited(store)).toBe(false);
    await run('DELETE FROM t WHERE n = 3');
    expect(wasEdited(store)).toBe(true);
    markOpen(store);
    noteEdit(store, 5000);
    // Whoever only asks the case is not who tells.
    markClosed(store);
    expect(wasEdited(store)).toBe(false);
    markOpen(store);
    expect([takeEdited(store), takeEdited(store)]).toEqual([5000, undefined]);
  });

  it('tells that a log of changes was laid beside it', () => {
    markClosed(store);
    writeFileSync(`${store}.wal`, 'changes');
    expect(wasEdited(store)).toBe(true);
  });

  it('tells nothing of a store that was only read, or copied elsewhere', async () => {
    markClosed(store);
    const instance = await DuckDBInstance.create(store, { access_mode: 'READ_ONLY' });
    await (await instance.connect()).run('SELECT sum(n) FROM t');
    instance.closeSync();
    expect(wasEdited(store)).toBe(false);
    const copied = join(folder, 'copy.duckdb');
    for (const end of ['', '.closed']) cpSync(`${store}${end}`, `${copied}${end}`);
    expect(wasEdited(copied)).toBe(false);
  });

  it('tells nothing of a store that this program left open, as when it was killed', async () => {
    markClosed(store);
    markOpen(store);
    await run('DELETE FROM t WHERE n = 3');
    expect(wasEdited(store)).toBe(false);
    expect(takeEdited(store)).toBeUndefined();
  });

  it('that somebody wrote, cut or removed is none', () => {
    markClosed(store);
    const whole = readFileSync(`${store}.closed`, 'utf8');
    for (const text of ['', '7', 'null', '{}', '{"closed":7,"editedSeenMs":"x"}', whole.slice(0, -3)]) {
      writeFileSync(`${store}.closed`, text);
      expect([wasEdited(store), takeEdited(store)]).toEqual([false, undefined]);
    }
    rmSync(`${store}.closed`);
    expect(wasEdited(store)).toBe(false);
    appendFileSync(`${store}.closed`, '{"editedSeenMs":1e300}');
    expect(takeEdited(store)).toBeUndefined();
  });

  it('is not left for a store that is not there', () => {
    const none = join(folder, 'none.duckdb');
    markClosed(none);
    expect(wasEdited(none)).toBe(false);
  });
});
