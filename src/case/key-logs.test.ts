import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { FollowedFiles } from './followed-files.ts';
import type { IngestSummary } from './ingest.ts';
import { openLocalCase } from './local-case.ts';
import type { OwnedCase } from './owned-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import { readRecords } from './records.ts';
import type { UserQueryResult } from '../store/store.ts';
import type { Verdict } from './service.ts';

const sources = join(import.meta.dirname, '../collect/sources');
const secretsBlock = 10;

/** The capture without the secrets that it carries. */
function withoutSecrets(pcapng: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < pcapng.length; at += pcapng.readUInt32LE(at + 4)) {
    if (pcapng.readUInt32LE(at) !== secretsBlock) kept.push(pcapng.subarray(at, at + pcapng.readUInt32LE(at + 4)));
  }
  return Buffer.concat(kept);
}

let folder: string;
let evidence: string;
let service: OwnedCase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-keys-'));
  evidence = join(folder, 'evidence');
  mkdirSync(evidence);
  const capture = readFileSync(join(sources, 'pcap/testdata/decrypted.pcapng'));
  writeFileSync(join(evidence, 'a.pcapng'), withoutSecrets(capture));
  service = await openLocalCase({
    folder: join(folder, 'case'),
    settings: defaultCaseSettings,
    logger: silentLogger,
    now: () => 1_800_000_000_000_000,
  });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const addKeys = (): void => copyFileSync(join(sources, 'tls-key-log/testdata/keys.txt'), join(evidence, 'z-keys.txt'));

async function investigate(...paths: string[]): Promise<Verdict> {
  return service.investigate({ paths, only: [], skip: [], indicators: [], rules: [] }, {});
}

/** Reads what is there, or one file of it, without judging: that takes most of the time. */
async function read(name = ''): Promise<IngestSummary> {
  return service.follow([join(evidence, name)], { followed: new FollowedFiles(), signal: undefined });
}

async function ask(sql: string): Promise<UserQueryResult['rows']> {
  return (await service.query({ sql, timeoutMs: 60_000, maxRows: 10 }, {})).rows;
}

async function requests(): Promise<number> {
  const rows = await ask("SELECT count(*) FROM http WHERE event_dataset = 'pcap.http.decrypted'");
  return Number(rows[0]?.[0]);
}

describe('a key log beside a capture', () => {
  it('decrypts it, also when its name comes later, and stands in the ledger', async () => {
    addKeys();
    const verdict = await investigate(evidence);
    expect(await requests()).toBe(6);
    expect(verdict.evidence.map(({ source }) => source)).toEqual(expect.arrayContaining(['pcap', 'tls-key-log']));
    expect(verdict.problems).toEqual([]);
  });

  it('opens the records that a finding points to, too', async () => {
    addKeys();
    const verdict = await investigate(evidence);
    const capture = verdict.evidence.find(({ source }) => source === 'pcap');
    const range = { first: 1, last: 1000 };
    const opened = await readRecords(capture?.path ?? '', 'pcap', range, verdict.evidence);
    expect(opened.lines.filter((line) => /"kind":"http".*"\/tls12"/.test(line))).toHaveLength(1);
    const closed = await readRecords(capture?.path ?? '', 'pcap', range);
    expect(closed.lines.join()).not.toContain('/tls12');
  });

  it('decrypts captures of later runs', async () => {
    addKeys();
    await read('z-keys.txt');
    await read('a.pcapng');
    expect(await requests()).toBe(6);
  });

  it('has a capture that was read before it read again, in place of what that gave', async () => {
    await read();
    const before = await service.verdict();
    const [flows] = await ask('SELECT list(uid ORDER BY uid) FROM flow');
    addKeys();
    const after = await investigate(join(evidence, 'z-keys.txt'));
    expect(await requests()).toBe(6);
    expect(await ask('SELECT list(uid ORDER BY uid) FROM flow')).toEqual([flows]);
    expect(await ask('SELECT count(*), count(*) FILTER (WHERE tls_decrypted) FROM tls')).toEqual([[4, 4]]);
    const capture = ({ evidence: all }: Verdict) => all.find(({ source }) => source === 'pcap');
    expect(capture(after)?.evidence_id).toBe(capture(before)?.evidence_id);
    expect(capture(after)?.events.flow).toBe(capture(before)?.events.flow);
    expect(after.problems).toEqual([]);
  });

  it('leaves what a run that follows files has met to the next investigation', async () => {
    await read();
    addKeys();
    const { problems } = await read();
    expect(problems).toContainEqual(expect.objectContaining({ code: 'partly-seen' }));
    expect(await requests()).toBe(0);
    await investigate();
    expect(await requests()).toBe(6);
  });

  it('says of a capture that is gone that it stays as it was', async () => {
    await read();
    const { evidence: before } = await service.verdict();
    rmSync(join(evidence, 'a.pcapng'));
    addKeys();
    const { problems, evidence: after } = await investigate(evidence);
    expect(after[0]?.events).toEqual(before[0]?.events);
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'partly-seen', message: expect.stringMatching(/gone/) }),
    );
  });
});
