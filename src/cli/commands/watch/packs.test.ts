import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPacks } from './packs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-packs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('packs that are asked again and again', () => {
  it('tell once of each decorator and query that fails, and go on', { timeout: 120_000 }, async () => {
    const pack = join(folder, 'pack.json');
    writeFileSync(
      pack,
      JSON.stringify({
        queries: {
          good: { query: 'SELECT 1 AS one', interval: 1, snapshot: true },
          bad: { query: 'SELECT * FROM no_such_table', interval: 1 },
        },
        decorators: { load: ["SELECT 'here' AS place", 'SELECT nothing FROM nowhere'] },
      }),
    );
    const stop = new AbortController();
    const faults: string[] = [];
    const packs = startPacks([pack], folder, stop.signal, (fault) => faults.push(fault));
    const told = (): string => {
      const files = readdirSync(join(folder, 'packs')).map((name) => join(folder, 'packs', name));
      return files.map((path) => readFileSync(path, 'utf8')).join('');
    };
    // Twice asked, so that the second time would tell again.
    await vi.waitUntil(() => told().split('"place":"here"').length > 2, { timeout: 60_000 });
    stop.abort();
    await packs.ended;
    expect(faults.toSorted()).toEqual([
      expect.stringMatching(/^pack: a decorator of the pack failed: .*nowhere/),
      expect.stringMatching(/^pack_pack_bad: .*no_such_table/),
    ]);
  });
});
