import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import { ownAddressOf } from './own-address.ts';
import type { Verdict } from './service.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Connections in Zeek's JSON, a minute apart. */
function connections(pairs: readonly (readonly [source: string, destination: string])[], answerBytes: number): string {
  const lines = pairs.map(([source, destination], index) =>
    JSON.stringify({
      _path: 'conn',
      ts: 1_773_100_800 + index * 60,
      uid: `C${index}`,
      'id.orig_h': source,
      'id.orig_p': 40_000 + index,
      'id.resp_h': destination,
      'id.resp_p': 443,
      proto: 'tcp',
      conn_state: 'SF',
      orig_bytes: 500,
      resp_bytes: answerBytes,
    }),
  );
  return `${lines.join('\n')}\n`;
}

/** Reads them into the case, which goes on where it was. */
async function investigate(
  pairs: Parameters<typeof connections>[0],
  localNetworks = defaultCaseSettings.localNetworks,
  answerBytes = 900,
): Promise<Verdict & { local: unknown }> {
  const path = join(folder, 'conn.log');
  writeFileSync(path, connections(pairs, answerBytes));
  const settings = { ...defaultCaseSettings, localNetworks };
  const options = { folder: join(folder, 'case'), settings, logger: silentLogger, now: () => 1_773_144_000_000_000 };
  const service = await openLocalCase(options);
  try {
    const verdict = await service.investigate({ paths: [path], only: [], skip: [], indicators: [], rules: [] }, {});
    const sql = "SELECT is_local FROM address WHERE ip = '198.51.100.7'";
    const { rows } = await service.query({ sql, timeoutMs: 5000, maxRows: 1 }, {});
    return { ...verdict, local: rows[0]?.[0] };
  } finally {
    await service.close();
  }
}

const server = Array.from({ length: 60 }, (_none, index) => ['198.51.100.7', `203.0.113.${index % 3}`] as const);
const notes = ({ notChecked }: Verdict): string[] =>
  notChecked.filter(({ what }) => what.startsWith('connections between')).map(({ why }) => why);

describe('a machine with a public address', () => {
  it('is ours when it is an end of nearly all connections, is told, and its beacon is seen', async () => {
    const verdict = await investigate(server);
    expect(notes(verdict)).toEqual([expect.stringContaining('198.51.100.7 is an end of nearly all of them')]);
    expect(verdict.local).toBe(true);
    expect(verdict.findings.map(({ detector }) => detector)).toContain('analytics/beacon');
    expect(notes(await investigate(server))).toHaveLength(1);
  });

  it('is not ours when the settings name other networks; what is passed by is told', async () => {
    const verdict = await investigate(server, ['192.0.2.0/24']);
    expect(notes(verdict)).toEqual([expect.stringMatching(/^60 of 60: detectors .* pass them by/)]);
    expect(verdict.local).toBe(false);
    expect(verdict.findings.map(({ detector }) => detector)).not.toContain('analytics/beacon');
  });

  it('is not who searches a network from outside', async () => {
    const searched = Array.from({ length: 60 }, (_none, index) => ['203.0.113.9', `198.51.100.${index}`] as const);
    const verdict = await investigate(searched, undefined, 0);
    expect(notes(verdict)).toEqual([expect.stringMatching(/^60 of 60: /)]);
    expect(verdict.local).toBe(false);
  });

  it('is ours no more when the case has become one about others', async () => {
    expect((await investigate(server)).local).toBe(true);
    const inside = Array.from({ length: 60 }, () => ['10.0.0.5', '203.0.113.1'] as const);
    const verdict = await investigate([...server, ...inside]);
    expect(notes(verdict)).toEqual([expect.stringMatching(/^60 of 120: /)]);
    expect(verdict.local).toBe(false);
  });

  it('is looked for only among connections without an end of ours', async () => {
    const inside = server.map(([, far]) => ['10.0.0.5', far] as const);
    expect(notes(await investigate(inside))).toEqual([]);
  });
});

describe('the address that is ours', () => {
  it.each([
    [100, 100, 100, 80, '198.51.100.7'],
    [100, 100, 100, 79, undefined],
    [100, 100, 19, 19, undefined],
    [100, 125, 100, 100, '198.51.100.7'],
    [100, 126, 100, 100, undefined],
  ])('of %i foreign connections among %i, %i answered, is an end of %i: %s', (connections, of, answered, most, ip) => {
    const busiest = { ip: '198.51.100.7', answered: most };
    expect(ownAddressOf({ connections, of, answered, busiest })).toBe(ip);
  });
});
