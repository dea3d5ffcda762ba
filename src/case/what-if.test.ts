import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { openLocalCase } from './local-case.ts';
import type { OwnedCase } from './owned-case.ts';
import { defaultCaseSettings } from './case-settings.ts';

const start = Date.UTC(2026, 2, 10) / 1000;
const now = (start + 7 * 86_400) * 1e6;
let folder: string;
let service: OwnedCase;

/** A call every ten minutes for a day, as Zeek's JSON. */
function beaconLog(): string {
  return Array.from({ length: 144 }, (_none, call) =>
    JSON.stringify({
      _path: 'conn',
      ts: start + call * 600,
      uid: `C${call}`,
      'id.orig_h': '10.1.2.3',
      'id.orig_p': 40_000 + call,
      'id.resp_h': '203.0.113.7',
      'id.resp_p': 443,
      proto: 'tcp',
      duration: 0.4,
      orig_bytes: 300,
      resp_bytes: 120,
      conn_state: 'SF',
    }),
  ).join('\n');
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-what-if-'));
  writeFileSync(join(folder, 'conn.log'), beaconLog());
  const settings = { ...defaultCaseSettings, bulkMinBytes: Infinity };
  service = await openLocalCase({ folder: join(folder, 'case'), settings, logger: silentLogger, now: () => now });
  await service.investigate(
    { paths: [join(folder, 'conn.log')], only: [], skip: ['rules'], indicators: [], rules: [] },
    {},
  );
}, 60_000);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const detectors = (findings: readonly { readonly detector: string }[]): string[] =>
  findings.map(({ detector }) => detector).filter((detector) => detector === 'analytics/beacon');

describe('what a change would have done', () => {
  it('of a threshold, without storing it', async () => {
    const settings = { analytics: { beacon: { min_calls: 500 } }, silencing: [] };
    const { before, after } = await service.whatIf({ settings, suppressions: [], rules: [] }, {});
    expect([detectors(before.findings), detectors(after.findings)]).toEqual([['analytics/beacon'], []]);
    expect(detectors((await service.verdict()).findings)).toEqual(['analytics/beacon']);
  });

  it('of a suppression: the finding is silenced, and its incident gone', async () => {
    const entry = { id: 's', detector: 'analytics/beacon', reason: 'r', author: 'a' };
    const { before, after } = await service.whatIf({ suppressions: [entry], rules: [] }, {});
    expect(after.suppressed.map(({ by }) => by.id)).toEqual(['s']);
    expect(after.incidents.length).toBe(before.incidents.length - 1);
    expect((await service.verdict()).suppressed).toEqual([]);
  });

  it('in the time that is asked for', async () => {
    const { before, after } = await service.whatIf({ since: now, suppressions: [], rules: [] }, {});
    expect([detectors(before.findings), detectors(after.findings)]).toEqual([[], []]);
  });
});
