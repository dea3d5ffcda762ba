import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newEvent, type EventOf, type VakthundEvent } from '../../events/event.ts';
import type { Store } from '../store.ts';
import { openDuckdbStore } from './duckdb-store.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-store-'));
  store = await openDuckdbStore({ folder });
});

afterEach(async () => {
  await store.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const progress = { byte: 0, line: 0, state: null, isComplete: false };

async function addEvidence(path = 'conn.log'): Promise<number> {
  return store.addEvidence({
    path,
    sha256: 'a',
    content_sha256: 'a',
    size: 1,
    head_sha256: 'a',
    source: 'zeek',
    done_byte: 0,
    done_line: 0,
    done_state: null,
    is_complete: false,
    added_at: 1_772_000_000_000_000,
  });
}

function flow(fields: Partial<EventOf<'flow'>>): EventOf<'flow'> {
  return Object.assign(newEvent('flow'), { time: 1_772_000_000_000_001 }, fields);
}

describe('commit', () => {
  it('gives back every column type as it was, and null where nothing was', async () => {
    const evidenceId = await addEvidence();
    const events = [
      flow({
        source_ip: '10.0.0.1',
        source_port: 1,
        is_open: true,
        tunnel_parents: ['a', 'b'],
        source_bytes: 9_007_199_254_740_991,
        event_duration: -5,
        fields: '{"a":"å"}',
        evidence_at: 7,
      }),
      flow({ tunnel_parents: [] }),
      flow({}),
    ];
    await store.commit({ evidenceId, events, problems: [], progress });
    const rows = await store.query(
      'SELECT time, source_ip, source_port, is_open, tunnel_parents, source_bytes, event_duration, fields, evidence_at, evidence_id FROM flow',
    );
    expect(rows).toEqual([
      {
        time: 1_772_000_000_000_001,
        source_ip: '10.0.0.1',
        source_port: 1,
        is_open: true,
        tunnel_parents: ['a', 'b'],
        source_bytes: 9_007_199_254_740_991,
        event_duration: -5,
        fields: '{"a":"å"}',
        evidence_at: 7,
        evidence_id: evidenceId,
      },
      expect.objectContaining({ tunnel_parents: [], source_ip: null, source_port: null, is_open: null }),
      expect.objectContaining({ tunnel_parents: null, source_bytes: null }),
    ]);
    expect(await store.count('flow')).toBe(3);
  });

  it('writes more rows than one vector holds, nulls included', async () => {
    const evidenceId = await addEvidence();
    const events = Array.from({ length: 5000 }, (_none, index) =>
      flow(index % 3 === 0 ? {} : { source_port: index, uid: `u${index}` }),
    );
    await store.commit({ evidenceId, events, problems: [], progress });
    const [row] = await store.query('SELECT count(*) AS n, sum(source_port)::BIGINT AS s, count(uid) AS u FROM flow');
    expect(row).toEqual({ n: 5000, s: events.reduce((sum, event) => sum + (event.source_port ?? 0), 0), u: 3333 });
  });

  it('keeps events, problems and progress together, and shows them after reopening', async () => {
    const evidenceId = await addEvidence();
    await store.commit({
      evidenceId,
      events: [flow({})],
      problems: [{ code: 'bad-value', at: { line: 3 }, message: 'a port is "x"' }],
      progress: { byte: 10, line: 3, state: 's', isComplete: true },
    });
    await store.close();
    store = await openDuckdbStore({ folder });
    expect(await store.evidence()).toMatchObject([
      { evidence_id: evidenceId, done_byte: 10, done_state: 's', is_complete: true },
    ]);
    expect(await store.problems()).toMatchObject([{ code: 'bad-value', at: { line: 3 }, count: 1 }]);
    expect(await store.count('flow')).toBe(1);
  });
});

describe('a commit of many events', () => {
  const day = 86_400_000_000;
  const many = (days: number): VakthundEvent[] =>
    Array.from({ length: 12_000 }, (_none, index) =>
      flow({
        time: 1_772_000_000_000_000 + (index % days) * day,
        evidence_at: index + 1,
        uid: `C${index}`,
        tunnel_parents: index % 5 === 0 ? ['a', 'b'] : null,
      }),
    );

  it.each([
    [1, 1],
    [3, 3],
    [100, 1],
  ])('puts those of a kind into parts of their own when they are of %i days', async (days, folders) => {
    const events = many(days);
    const dns = newEvent('dns');
    const evidenceId = await addEvidence();
    await store.commit({ evidenceId, events: [...events, dns], problems: [], progress });
    expect(await store.query('SELECT count(*) AS n FROM hot.flow')).toEqual([{ n: 0 }]);
    expect(await store.query('SELECT count(*) AS n FROM hot.dns')).toEqual([{ n: 1 }]);
    expect(readdirSync(join(folder, 'partitions', 'flow'))).toHaveLength(folders);
    expect(readdirSync(join(folder, 'staging'))).toEqual([]);
    expect(await store.count('flow')).toBe(12_000);
    const rows = await store.query('SELECT * FROM flow ORDER BY evidence_at');
    expect(rows).toEqual(events.map(({ kind: _kind, ...columns }) => ({ ...columns, evidence_id: evidenceId })));
  });
});

describe('scan', () => {
  it('hands over numbers, times and nulls by column', async () => {
    const evidenceId = await addEvidence();
    await store.commit({ evidenceId, events: [flow({ source_port: 5 }), flow({ time: -1 })], problems: [], progress });
    const seen: number[][] = [];
    const texts: (string | null)[] = [];
    for await (const chunk of store.scan(
      'SELECT time, source_port, source_port / 2.0 AS half, uid FROM flow ORDER BY time',
    )) {
      for (const column of [0, 1, 2]) seen.push([...chunk.numbers(column)]);
      texts.push(...chunk.texts(3));
    }
    expect(seen).toEqual([
      [-1, 1_772_000_000_000_001],
      [Number.NaN, 5],
      [Number.NaN, 2.5],
    ]);
    expect(texts).toEqual([null, null]);
  });
});

describe('seal', () => {
  it('moves hot rows into one part a day, and the view shows the same rows', async () => {
    const evidenceId = await addEvidence();
    const day = 86_400_000_000;
    const events = [0, 1, 2].flatMap((index) => [
      flow({ time: 1_772_000_000_000_000 + index * day, evidence_at: index * 2 + 1 }),
      flow({ time: 1_772_000_000_000_000 + index * day + 1, evidence_at: index * 2 + 2 }),
    ]);
    await store.commit({ evidenceId, events, problems: [], progress });
    const before = await store.query('SELECT * FROM flow ORDER BY evidence_at');
    await store.seal(0);
    expect(await store.query('SELECT * FROM flow ORDER BY evidence_at')).toEqual(before);
    expect(await store.query('SELECT count(*) AS n FROM hot.flow')).toEqual([{ n: 0 }]);
    expect(readdirSync(join(folder, 'partitions', 'flow')).sort()).toHaveLength(3);
  });

  it('keeps one file when clocks are spread over centuries', async () => {
    const evidenceId = await addEvidence();
    const events = Array.from({ length: 500 }, (_none, index) => flow({ time: index * 86_400_000_000 }));
    await store.commit({ evidenceId, events, problems: [], progress });
    await store.seal(0);
    expect(readdirSync(join(folder, 'partitions', 'flow'))).toEqual(['mixed']);
    expect(await store.query('SELECT count(*) AS n FROM flow')).toEqual([{ n: 500 }]);
  });

  it('drops what is older than asked for', async () => {
    const evidenceId = await addEvidence();
    for (const time of [1, 1_772_000_000_000_000]) {
      await store.commit({ evidenceId, events: [flow({ time })], problems: [], progress });
      await store.seal(0);
    }
    expect(await store.retain(1_000_000_000_000_000)).toEqual([{ kind: 'flow', events: 1, first: 1, last: 1 }]);
    expect(await store.query('SELECT count(*) AS n FROM flow')).toEqual([{ n: 1 }]);
  });
});

describe('disk that events may take', () => {
  const day = 86_400_000_000;
  const start = 1_772_000_000_000_000;
  const now = start + 10 * day;

  /** Seals events of one kind into a part of their own. */
  async function sealed(...events: VakthundEvent[]): Promise<void> {
    await store.commit({ evidenceId: await addEvidence(), events, problems: [], progress });
    await store.seal(0);
  }
  const parts = async () => store.query('SELECT kind, first_time FROM part ORDER BY part_id');
  /** Bytes of the parts with these places in the order of storing. */
  async function sizeOf(...places: number[]): Promise<number> {
    const rows = await store.query('SELECT size FROM part ORDER BY part_id');
    return places.reduce((sum, place) => sum + Number(rows[place]?.['size']), 0);
  }
  const files = (): string[] => readdirSync(join(folder, 'partitions'), { recursive: true, encoding: 'utf8' });
  const dns = (time: number): VakthundEvent => Object.assign(newEvent('dns'), { time });

  it('lets the oldest parts of the kinds go together, and keeps those that fit', async () => {
    // Stored out of order, as rotated logs are read.
    await sealed(flow({ time: start + 3 * day }), flow({ time: start + 3 * day + 5 }));
    await sealed(flow({ time: start }), flow({ time: start + 7 }));
    await sealed(dns(start + day));
    await sealed(Object.assign(newEvent('process'), { time: start }));
    await sealed(flow({ time: start + 2 * day }));
    expect(await store.shrink(await sizeOf(0, 1, 2, 4), ['flow', 'dns'], now)).toEqual([]);
    expect(await store.shrink(await sizeOf(0, 4), ['flow', 'dns'], now)).toEqual([
      { kind: 'flow', events: 2, first: start, last: start + 7 },
      { kind: 'dns', events: 1, first: start + day, last: start + day },
    ]);
    expect((await parts()).map(({ kind, first_time }) => [kind, first_time])).toEqual([
      ['flow', start + 3 * day],
      ['process', start],
      ['flow', start + 2 * day],
    ]);
    expect(files().filter((name) => name.endsWith('.parquet'))).toHaveLength(3);
    expect(await store.query('SELECT count(*) AS n FROM flow')).toEqual([{ n: 3 }]);
    expect(await store.query('SELECT count(*) AS n FROM dns')).toEqual([{ n: 0 }]);
  });

  it('does not let clocks that run ahead push out what is true', async () => {
    const forged = flow({ time: now + 30 * 365 * day });
    await sealed(flow({ time: start }));
    await sealed(forged);
    await sealed(flow({ time: start + day }), forged);
    expect(await store.shrink((await sizeOf(0, 1, 2)) - 1, ['flow'], now)).toMatchObject([{ first: forged.time }]);
    expect(await store.shrink(await sizeOf(1), ['flow'], now)).toMatchObject([{ first: start, last: start }]);
  });

  it('remembers all that was forgotten, by age too, and over a restart', async () => {
    await sealed(flow({ time: start }));
    await store.commit({
      evidenceId: await addEvidence(),
      events: [flow({ time: start + 1 }), dns(start + 2)],
      problems: [],
      progress,
    });
    await store.retain(start + day, ['flow', 'dns']);
    await sealed(flow({ time: start + 2 * day }));
    await store.shrink(0, ['flow'], now);
    await store.close();
    store = await openDuckdbStore({ folder });
    expect(await store.forgotten()).toEqual([
      { kind: 'flow', events: 3, first: start, last: start + 2 * day },
      { kind: 'dns', events: 1, first: start + 2, last: start + 2 },
    ]);
  });
});

describe('opening', () => {
  it('removes what a killed process left behind', async () => {
    await store.close();
    writeFileSync(join(folder, 'staging', 'half.parquet'), 'x');
    writeFileSync(join(folder, 'partitions', 'orphan.parquet'), 'x');
    store = await openDuckdbStore({ folder });
    expect(readdirSync(join(folder, 'staging'))).toEqual([]);
    expect(readdirSync(join(folder, 'partitions'))).toEqual([]);
  });
});

describe('a query of a user', () => {
  const options = { timeoutMs: 5000, maxRows: 10 };

  it('returns rows with names and says when it was cut', async () => {
    const result = await store.userQuery('SELECT range AS n FROM range(20)', options);
    expect(result.columns).toEqual([{ name: 'n', type: 'BIGINT' }]);
    expect(result.rows).toHaveLength(10);
    expect(result.isCut).toBe(true);
  });

  it.each([
    ['a write', 'DELETE FROM hot.flow'],
    ['a table', 'CREATE TABLE x (i INT)'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a setting', 'SET threads = 1'],
    ['a pragma that sets', 'PRAGMA threads = 1'],
    ['an insert', "INSERT INTO setting VALUES ('a', 'b')"],
  ])('refuses %s', async (_what, sql) => {
    await expect(store.userQuery(sql, options)).rejects.toMatchObject({ code: 'QUERY_REFUSED' });
  });

  it.each([
    ["SELECT * FROM read_text('/etc/passwd')"],
    ["SELECT * FROM glob('/etc/*')"],
    ["SELECT * FROM '/etc/passwd'"],
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ["SELECT * FROM read_blob('../../../etc/passwd')"],
    ["COPY (SELECT 1) TO '/tmp/x.csv'"],
    ["ATTACH '/tmp/x.db'"],
  ])('cannot reach a file: %s', async (sql) => {
    await expect(store.userQuery(sql, options)).rejects.toMatchObject({
      code: expect.stringMatching(/^(STORE_QUERY|QUERY_REFUSED)$/),
    });
  });

  it('is stopped when its time is over', async () => {
    const sql = 'SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range, b.range) = 1';
    await expect(store.userQuery(sql, { timeoutMs: 200, maxRows: 1 })).rejects.toMatchObject({ code: 'QUERY_LIMIT' });
  });

  it('is stopped when it is cancelled', async () => {
    const controller = new AbortController();
    const sql = 'SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range, b.range) = 1';
    const running = store.userQuery(sql, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: 'QUERY_LIMIT', message: 'the query was cancelled' });
  });

  it('fails with the place of a syntax error', async () => {
    await expect(store.userQuery('SELEC 1', options)).rejects.toMatchObject({ code: 'STORE_QUERY' });
  });

  it('is exported whole, and cannot name the file itself', async () => {
    const path = join(store.stagingFolder, 'out.csv');
    expect(await store.exportQuery('SELECT 1 AS a -- end', { ...options, path, format: 'csv' })).toBe(1);
    await expect(
      store.exportQuery("SELECT 1) TO '/tmp/x' (FORMAT csv); --", { ...options, path, format: 'csv' }),
    ).rejects.toThrow(/syntax error|Parser Error/i);
  });
});

describe('a second owner', () => {
  it('is told that the case is taken', async () => {
    const { execFileSync } = await import('node:child_process');
    const script = `import { openDuckdbStore } from ${JSON.stringify(new URL('./duckdb-store.ts', import.meta.url).href)};
      try { await openDuckdbStore({ folder: ${JSON.stringify(folder)} }); console.log('opened'); } catch (error) { console.log(error.code); }`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(output.trim()).toBe('STORE_LOCKED');
  });
});

describe('restartEvidence', () => {
  it('takes one content out of hot rows, of parts of its own and of parts that it shares, and nothing else', async () => {
    const [first, second] = [await addEvidence('a.log'), await addEvidence('b.log')];
    const add = async (evidenceId: number, uid: string): Promise<void> => {
      const problems = [{ code: 'bad-record' as const, at: { line: 1 }, message: uid }];
      await store.commit({
        evidenceId,
        events: [flow({ uid, evidence_at: 3 })],
        problems,
        progress: { ...progress, isComplete: true },
      });
    };
    await add(first, 'shared-1');
    await add(second, 'shared-2');
    await store.seal(0);
    await add(first, 'own');
    await store.seal(0);
    await add(first, 'hot-1');
    await add(second, 'hot-2');
    await store.restartEvidence(first, 'other');
    const rows = await store.query('SELECT evidence_id, uid, evidence_at FROM flow ORDER BY uid');
    expect(rows).toEqual([
      { evidence_id: second, uid: 'hot-2', evidence_at: 3 },
      { evidence_id: second, uid: 'shared-2', evidence_at: 3 },
    ]);
    expect(await store.evidenceCounts()).toEqual([{ evidence_id: second, kind: 'flow', events: 2 }]);
    expect((await store.problems()).map(({ message }) => message)).toEqual(['shared-2', 'hot-2']);
    const [row] = await store.evidence();
    expect(row).toMatchObject({ evidence_id: first, source: 'other', done_byte: 0, is_complete: false });
    const files = readdirSync(join(folder, 'partitions'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
  });
});
