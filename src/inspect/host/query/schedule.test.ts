import { expect, it } from 'vitest';
import { MemoryTree } from '../../../../tests/support/memory-tree.ts';
import { TableContext } from '../table-context.ts';
import { readPacks } from './pack.ts';
import { asResultsLog } from './results-log.ts';
import type { PackResult } from './run-pack.ts';
import { runSchedule } from './schedule.ts';

const pack = JSON.stringify({
  queries: {
    hosts: { query: 'SELECT address, hostnames FROM etc_hosts', interval: 60 },
    accounts: { query: 'SELECT username FROM users', interval: '150' },
    broken: { query: 'SELECT nothing FROM etc_hosts', interval: 0 },
    all: { query: 'SELECT count(*) AS n FROM users', interval: 3600, snapshot: true },
  },
});

/** Six minutes by a clock that only sleeping moves; a name comes to the host file after the first. */
async function watched(state = { version: 1 as const, queries: {} }): Promise<[number, PackResult][]> {
  const stop = new AbortController();
  const results: [number, PackResult][] = [];
  let nowMs = 0;
  await runSchedule(readPacks(pack, 'p', { distribution: 'debian', hostName: 'h' }), {
    context: () =>
      new TableContext(
        new MemoryTree({
          '/etc/hosts': nowMs < 60_000 ? '10.0.0.1 a\n' : '10.0.0.1 a\n203.0.113.9 deb.debian.org\n',
          '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        }),
      ),
    state,
    limits: { maxRows: 1000, timeoutMs: 60_000 },
    signal: stop.signal,
    clockMs: () => nowMs,
    sleep: (ms) => {
      nowMs += ms;
      if (nowMs > 360_000) stop.abort();
      return Promise.resolve();
    },
    onResult: (result) => results.push([nowMs / 1000, result]),
  });
  return results;
}

it(
  'queries run at their intervals, the first time without a word, and then tell what came',
  { timeout: 60_000 },
  async () => {
    const state = { version: 1 as const, queries: {} };
    const results = await watched(state);
    const times = (name: string): number[] => results.filter(([, one]) => one.query.name === name).map(([at]) => at);
    expect(times('hosts')).toEqual([0, 60, 120, 180, 240, 300, 360]);
    expect(times('accounts')).toEqual([0, 150, 300]);
    // An interval that is none is an hour; what fails is tried again.
    expect(times('broken')).toEqual([0]);
    const lines = results.map(([, result]) => asResultsLog(result, 'web1', new Date(0))).filter((line) => line !== '');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { name: 'pack_p_all', action: 'snapshot', snapshot: [{ n: '1' }] },
      {
        name: 'pack_p_hosts',
        hostIdentifier: 'web1',
        counter: 1,
        action: 'added',
        columns: { address: '203.0.113.9', hostnames: 'deb.debian.org' },
      },
    ]);
    // After a restart with what was kept, a row that went is told at once.
    const [first] = await watched(state);
    expect(first?.[1]).toMatchObject({ counter: 7, removed: [{ address: '203.0.113.9' }] });
  },
);
