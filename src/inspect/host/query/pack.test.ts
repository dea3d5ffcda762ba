import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderTree } from '../../tree/folder-tree.ts';
import { TableContext } from '../table-context.ts';
import { differenceOf } from './difference.ts';
import { readPacks } from './pack.ts';
import { asResultsLog } from './results-log.ts';
import { runPacks, type PackResult, type PackState } from './run-pack.ts';

const text = `{
  // a pack as people write them
  "platform": "posix,darwin",
  "queries": {
    "hosts": { "query": "SELECT * \\
FROM etc_hosts", "interval": 3600, "version": "1.4.5" },
    "quiet": { "query": "SELECT * FROM etc_hosts", "removed": false },
    "snap": { "query": "SELECT 'a#b' AS x", "snapshot": true },
    "mac": { "query": "SELECT 1", "platform": "darwin" },
    "ubuntu": { "query": "SELECT 1", "platform": "ubuntu" },
    "future": { "query": "SELECT 1", "version": "99.0" },
    "broken": { "query": "SELECT * FROM launchd" }
  }
}`;

const host = { distribution: 'debian', hostName: 'web-1' };

describe('a pack', () => {
  it('is read with comments and with texts over several lines', () => {
    const [pack] = readPacks(text, 'p', host);
    expect(pack?.queries.map(({ name, skipped }) => [name, skipped])).toEqual([
      ['hosts', undefined],
      ['quiet', undefined],
      ['snap', undefined],
      ['mac', 'it is for darwin'],
      ['ubuntu', 'it is for ubuntu'],
      ['future', 'it needs osquery 99.0'],
      ['broken', undefined],
    ]);
    expect(pack?.queries[0]?.sql).toBe('SELECT * FROM etc_hosts');
    expect(pack?.queries[2]?.sql).toBe("SELECT 'a#b' AS x");
  });

  it('stands in a configuration too, beside a schedule', () => {
    const conf = {
      schedule: { a: { query: 'SELECT 1' } },
      packs: { q: { queries: { b: { query: 'SELECT 2' } } }, f: '/x' },
    };
    expect(readPacks(JSON.stringify(conf), 'c', host).map(({ name }) => name)).toEqual(['c', 'q']);
  });

  // SHA-1 of the names begins with 0x3b (23 %) and 0xe9 (91 %); 0 is no restriction.
  it.each([
    ['web-2', ['0', '23', '91', '100']],
    ['b', ['0', '91', '100']],
  ])('is for a share of the hosts where it says so: %s', (hostName, expected) => {
    const queries = Object.fromEntries(
      [0, 1, 22, 23, 91, 100].map((shard) => [shard, { query: 'SELECT 1', shard: String(shard) }]),
    );
    const [pack] = readPacks(JSON.stringify({ queries }), 'p', { ...host, hostName });
    const skipped = pack?.queries.filter((query) => query.skipped !== undefined) ?? [];
    expect(pack?.queries.filter((query) => query.skipped === undefined).map(({ name }) => name)).toEqual(expected);
    expect(skipped[0]?.skipped).toBe('it is for 1 % of the hosts');
  });

  it('as a whole is for a share of them', () => {
    const pack = JSON.stringify({ shard: 22, queries: { a: { query: 'SELECT 1' } } });
    expect(readPacks(pack, 'p', { ...host, hostName: 'web-2' })[0]?.queries[0]?.skipped).toMatch(/22 %/);
    expect(readPacks(pack, 'p', { ...host, hostName: 'x' })[0]?.queries[0]?.skipped).toBeUndefined();
  });

  it.each(['[', '{"queries": {"a": {}}}', '{"queries": 5}'])('%s is refused', (bad) => {
    expect(() => readPacks(bad, 'bad', host)).toThrow(/the pack "bad"/);
  });
});

describe('rows', () => {
  it('that came and went are counted', () => {
    const [a, b] = [{ x: '1' }, { x: '2' }];
    expect(differenceOf([a, a, b], [b, a])).toEqual({ added: [], removed: [a] });
    expect(differenceOf([a], [b, a, b])).toEqual({ added: [b, b], removed: [] });
    expect(differenceOf([{ x: '1', y: '2' }], [{ y: '2', x: '1' }])).toEqual({ added: [], removed: [] });
  });
});

describe('running a pack', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'vakthund-pack-'));
    mkdirSync(join(root, 'etc'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function run(state: PackState, hosts: string): Promise<Map<string, PackResult>> {
    writeFileSync(join(root, 'etc/hosts'), hosts);
    const context = new TableContext(new FolderTree(root, 'folder'));
    const results = new Map<string, PackResult>();
    const packs = readPacks(text, 'p', host);
    for await (const result of runPacks(packs, context, state, { timeoutMs: 20_000, maxRows: 100 })) {
      results.set(result.query.name, result);
    }
    return results;
  }

  it('is silent the first time, then tells what came and went', async () => {
    const state: PackState = { version: 1, queries: {} };
    const first = await run(state, '10.0.0.1 a\n');
    expect(first.get('hosts')).toMatchObject({ name: 'pack_p_hosts', counter: 0, added: [], removed: [] });
    expect(first.get('broken')?.failed).toMatch(/launchd/);
    const second = await run(state, '10.0.0.2 b\n');
    expect(second.get('hosts')).toMatchObject({
      counter: 1,
      added: [{ address: '10.0.0.2', hostnames: 'b' }],
      removed: [{ address: '10.0.0.1', hostnames: 'a' }],
    });
    expect(second.get('quiet')?.removed).toEqual([]);
    expect(second.get('snap')).toMatchObject({ rows: [{ x: 'a#b' }], added: [] });
    expect((await run(state, '10.0.0.2 b\n')).get('hosts')).toMatchObject({ counter: 2, added: [], removed: [] });
  });

  it('tells the first rows of decorators with each result, and which failed', async () => {
    writeFileSync(join(root, 'etc/hosts'), '10.0.0.1 a\n10.0.0.2 b\n');
    const conf = {
      decorators: {
        load: ["SELECT 'web' AS role", 'SELECT * FROM launchd'],
        always: ['SELECT address AS first_address FROM etc_hosts ORDER BY address'],
        interval: { 3600: ["SELECT 'x' AS never FROM etc_hosts WHERE address = ''"] },
      },
      schedule: { all: { query: 'SELECT address FROM etc_hosts', snapshot: true } },
      packs: { inner: { queries: { none: { query: 'SELECT 1 AS one' } } } },
    };
    const results: PackResult[] = [];
    const state: PackState = { version: 1, queries: {} };
    const context = new TableContext(new FolderTree(root, 'folder'));
    const packs = readPacks(JSON.stringify(conf), 'c', host);
    for await (const result of runPacks(packs, context, state, { timeoutMs: 20_000, maxRows: 100 })) {
      results.push(result);
    }
    const decorations = { role: 'web', first_address: '10.0.0.1' };
    expect(results.map((result) => [result.name, result.decorations])).toEqual([
      ['pack_c_all', decorations],
      ['pack_inner_none', decorations],
    ]);
    expect(results[0]?.problems.map(({ message }) => message)).toEqual([expect.stringMatching(/decorator.*launchd/)]);
    const [first] = results as [PackResult];
    expect(JSON.parse(asResultsLog(first, 'web-1', new Date(0)))).toMatchObject({ decorations, action: 'snapshot' });
    expect(JSON.parse(asResultsLog({ ...first, decorations: {} }, 'web-1', new Date(0)))).not.toHaveProperty(
      'decorations',
    );
  });
});
