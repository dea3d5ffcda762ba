import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createLocalNetworks } from '../base/networks.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import type { Store } from '../store/store.ts';
import { FollowedFiles } from './followed-files.ts';
import { ingest, type IngestSummary } from './ingest.ts';
import { keepInspection } from './inspection.ts';

let folder: string;
let store: Store;
let shown: string[];
let followed: FollowedFiles;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-follow-'));
  store = await openDuckdbStore({ folder: join(folder, 'case'), networks: createLocalNetworks() });
  shown = [];
  followed = new FollowedFiles();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (path: string): string =>
  `${JSON.stringify({ output: path, priority: 'Warning', rule: 'Read sensitive file', source: 'syscall', time: '2026-11-26T01:00:00.000000000Z', output_fields: { 'fd.name': path } })}\n`;

async function look(memory = followed): Promise<IngestSummary> {
  return ingest([join(folder, 'falco.json')], {
    store,
    limits: defaultOpenLimits,
    bulkMinBytes: Infinity,
    now: () => 1_800_000_000_000_000,
    logger: silentLogger,
    signal: undefined,
    onProgress: () => undefined,
    followed: memory,
    onDecoded: (events) => shown.push(...events.map((event) => String((event as { message?: unknown }).message))),
  });
}

async function stored(): Promise<number> {
  return store.count('alert');
}

describe('a followed file', () => {
  it('shows each event once, as it grows', async () => {
    const path = join(folder, 'falco.json');
    writeFileSync(path, line('/a') + line('/b'));
    await look();
    expect(shown).toHaveLength(2);
    await look();
    expect(shown).toHaveLength(2);
    appendFileSync(path, line('/c').slice(0, 30));
    await look();
    appendFileSync(path, line('/c').slice(30) + line('/d'));
    await look();
    expect(shown).toHaveLength(4);
    expect(await stored()).toBe(4);
    expect(await store.evidence()).toHaveLength(1);
    expect(await store.problems()).toEqual([]);
  });

  it('is gone on with after a restart, without doubles', async () => {
    const path = join(folder, 'falco.json');
    writeFileSync(path, line('/a'));
    await look();
    appendFileSync(path, line('/b'));
    await look(new FollowedFiles());
    expect(shown).toHaveLength(2);
    expect(await stored()).toBe(2);
  });

  it('is gone on with when it has outgrown the bytes that its head is known by', async () => {
    const path = join(folder, 'falco.json');
    for (const name of ['/a', `/b${'b'.repeat(1500)}`, '/c']) {
      appendFileSync(path, line(name));
      await look(new FollowedFiles());
    }
    expect(await stored()).toBe(3);
    expect(await store.evidence()).toHaveLength(1);
  });

  it('that nobody recognises has one row however often it grows, and is told once', async () => {
    const path = join(folder, 'falco.json');
    writeFileSync(path, Buffer.alloc(3000, 0xff));
    for (let round = 0; round < 4; round++) {
      await look();
      appendFileSync(path, Buffer.alloc(100, 0xfe));
    }
    expect(await store.evidence()).toHaveLength(1);
    expect(await store.problems()).toMatchObject([{ code: 'unknown-format' }]);
  });

  it('is read although its content was inspected before', async () => {
    const path = join(folder, 'falco.json');
    writeFileSync(path, line('/a'));
    const sha256 = createHash('sha256').update(line('/a')).digest('hex');
    const claim = {
      detector: 'a/b',
      title: 't',
      severity: 'low',
      score: 0.3,
      path,
      entities: [],
      attack: [],
      reasons: [],
      vanishes: '',
      next: '',
    } as const;
    const inspection = { subject: '/', by: 'host inspect', claims: [claim], problems: [], notChecked: [], ran: [] };
    await keepInspection({ inspection, files: [{ path, sha256, size: line('/a').length }] }, store, 1);
    await look();
    expect(await stored()).toBe(1);
  });

  it('that was rotated or cut is read from its start, under a row of its own', async () => {
    const path = join(folder, 'falco.json');
    writeFileSync(path, line('/a'.repeat(600)) + line('/b'));
    await look();
    renameSync(path, `${path}.1`);
    writeFileSync(path, line('/c'));
    await look();
    writeFileSync(path, line('/d') + line('/e'));
    await look();
    expect(shown).toHaveLength(5);
    expect(await store.evidence()).toHaveLength(3);
  });
});
