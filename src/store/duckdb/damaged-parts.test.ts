import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newEvent } from '../../events/event.ts';
import type { Store } from '../store.ts';
import { openDuckdbStore } from './duckdb-store.ts';

let folder: string;
let store: Store;
let damaged: string[];
const day = 86_400_000_000;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-damaged-'));
  damaged = [];
  await open();
  for (const at of [1, 2, 3]) await sealOn(at);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  store = await openDuckdbStore({ folder, onDamaged: (files) => damaged.push(...files) });
}

/** Two events of a day, in a part of their own. */
async function sealOn(at: number): Promise<void> {
  const evidence_id = await store.addEvidence({
    path: `${at}.log`,
    sha256: 'a',
    content_sha256: 'a',
    size: 1,
    head_sha256: 'a',
    source: 'zeek',
    done_byte: 0,
    done_line: 0,
    done_state: null,
    is_complete: false,
    added_at: day,
  });
  const events = [1, 2].map((second) =>
    Object.assign(newEvent('alert'), {
      time: at * day + second * 1_000_000,
      message: 'x'.repeat(100) + String(Math.sin(at * second)),
    }),
  );
  await store.commit({
    evidenceId: evidence_id,
    events,
    problems: [],
    progress: { byte: 1, line: 1, state: null, isComplete: true },
  });
  await store.seal(0);
}

/** Parts in the order of their days. */
function parts(): string[] {
  const below = join(folder, 'partitions');
  const names = readdirSync(below, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));
  return names.sort().map((name) => join(below, name));
}

function overwrite(path: string): void {
  writeFileSync(path, readFileSync(path).fill(0x55, 4));
}

describe('sealed parts', () => {
  it('that somebody removes while the store is open are set aside by the first question, and the rest is read on', async () => {
    const [gone = ''] = parts();
    rmSync(gone);
    expect(await store.query('SELECT count(message) AS n FROM alert')).toEqual([{ n: 4 }]);
    expect(damaged).toEqual([gone]);
    expect(await store.forgotten()).toEqual([
      { kind: 'alert', events: 2, first: day + 1_000_000, last: day + 2_000_000 },
    ]);
  });

  it('that are overwritten with as many bytes are set aside, kept, and hinder nobody who seals', async () => {
    const [, second = ''] = parts();
    overwrite(second);
    await sealOn(4);
    expect(await store.query('SELECT count(message) AS n FROM alert')).toEqual([{ n: 6 }]);
    expect(damaged).toEqual([second]);
    expect([existsSync(second), readdirSync(join(folder, 'damaged')).length]).toEqual([false, 1]);
  });

  it('that were cut or removed while nobody had the store are told when it is opened', async () => {
    const [first = '', second = ''] = parts();
    await store.close();
    truncateSync(first, 50);
    rmSync(second);
    await open();
    expect(damaged.toSorted()).toEqual([first, second]);
    expect(await store.query('SELECT count(message) AS n FROM alert')).toEqual([{ n: 2 }]);
  });

  it('that are whole are left alone by questions that fail for another reason', async () => {
    await expect(store.query('SELECT nothing FROM alert')).rejects.toThrow('nothing');
    await expect(store.query("SELECT CAST('Parquet, invalid input' AS INTEGER)")).rejects.toThrow('Parquet');
    expect([damaged, await store.query('SELECT count(message) AS n FROM alert')]).toEqual([[], [{ n: 6 }]]);
  });
});
