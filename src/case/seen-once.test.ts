import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import type { Finding } from '../events/finding.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';

let folder: string;
const began = 1_773_100_800;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-once-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Calls every ten minutes for a day. */
const calls = Array.from({ length: 144 }, (_none, n) => ({ at: began + n * 600, port: 40_000 + n }));

function zeek(): string {
  const row = ({ at, port }: { at: number; port: number }): object => ({
    _path: 'conn',
    ts: at,
    uid: `Cz${port}`,
    'id.orig_h': '10.0.0.5',
    'id.orig_p': port,
    'id.resp_h': '203.0.113.9',
    'id.resp_p': 443,
    proto: 'tcp',
    duration: 100,
    orig_bytes: 4_000_000,
    resp_bytes: 500,
    conn_state: 'SF',
    orig_pkts: 2900,
    orig_ip_bytes: 4_116_000,
    resp_pkts: 10,
    resp_ip_bytes: 900,
  });
  return calls.map((call) => `${JSON.stringify(row(call))}\n`).join('');
}

function suricata(): string {
  const time = (at: number): string => new Date(at * 1000 + 4).toISOString();
  const flow = ({ at, port }: { at: number; port: number }): object => ({
    timestamp: time(at + 160),
    flow_id: port,
    event_type: 'flow',
    vlan: [7],
    src_ip: '10.0.0.5',
    src_port: port,
    dest_ip: '203.0.113.9',
    dest_port: 443,
    proto: 'TCP',
    flow: {
      pkts_toserver: 2900,
      pkts_toclient: 10,
      bytes_toserver: 4_156_600,
      bytes_toclient: 1040,
      start: time(at),
      end: time(at + 100),
      state: 'closed',
    },
  });
  return calls.map((call) => `${JSON.stringify(flow(call))}\n`).join('');
}

async function findings(logs: Readonly<Record<string, string>>, name: string): Promise<readonly Finding[]> {
  const [root, cased] = [join(folder, name), join(folder, `case-${name}`)];
  mkdirSync(root);
  for (const [file, text] of Object.entries(logs)) writeFileSync(join(root, file), text);
  const settings = defaultCaseSettings;
  const service = await openLocalCase({ folder: cased, settings, logger: silentLogger, now: () => began * 1_000_000 });
  try {
    const verdict = await service.investigate({ paths: [root], only: [], skip: [], indicators: [], rules: [] }, {});
    return verdict.findings;
  } finally {
    await service.close();
  }
}

/** What a reader sees of findings, without where their proof stands. */
const said = (all: readonly Finding[]): unknown =>
  all.map(({ detector, title, severity, score, reasons }) => ({ detector, title, severity, score, reasons }));

describe('connections that two sensors saw', () => {
  it('are counted once: findings are those of the sensor that tells more', async () => {
    const alone = await findings({ 'conn.log': zeek() }, 'alone');
    const both = await findings({ 'conn.log': zeek(), 'eve.json': suricata() }, 'both');
    expect(alone.map(({ detector }) => detector)).toContain('analytics/beacon');
    expect(alone.map(({ detector }) => detector)).toContain('analytics/unusual-port');
    expect(said(both)).toEqual(said(alone));
  });
});
