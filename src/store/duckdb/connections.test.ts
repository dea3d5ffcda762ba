import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../store.ts';
import { openDuckdbStore } from './duckdb-store.ts';

let folder: string;
let stop: AbortController;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-stop-'));
  stop = new AbortController();
  store = await openDuckdbStore({ folder, signal: stop.signal });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Hours of work for any machine. */
const endless =
  'SELECT count(*) AS n FROM range(1000000) a, range(1000000) b, range(100) c WHERE (a.range * b.range) % 7 = c.range';

describe('a store that is to stop', () => {
  it.each([
    ['a question', () => store.query(endless)],
    ['a narrowed one', () => store.narrowed([]).query(endless)],
    ['work tables', () => store.withTables([{ name: 'work', sql: endless }], async (own) => own.query('FROM work'))],
    ['what is derived', () => store.derive([`CREATE OR REPLACE TEMP TABLE x AS ${endless}`])],
  ])('gives up %s at once', async (_name, calculate) => {
    const outcome = calculate().then(String, String);
    await sleep(300);
    const startedAt = performance.now();
    stop.abort();
    expect(await outcome).toMatch(/Interrupted|stopped/);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('begins nothing new, and what was stored before is whole', async () => {
    await store.setSetting('kept', 'yes');
    stop.abort();
    await expect(store.query('SELECT 1')).rejects.toThrow('stopped');
    await store.close();
    store = await openDuckdbStore({ folder });
    expect(await store.setting('kept')).toBe('yes');
  });
});
