import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { defaultCaseSettings, openLocalCase } from './local-case.ts';
import { readRecords } from './records.ts';
import type { CaseService, Verdict } from './service.ts';

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
let service: CaseService;

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

async function requests(): Promise<number> {
  const sql = "SELECT count(*) FROM http WHERE event_dataset = 'pcap.http.decrypted'";
  const { rows } = await service.query({ sql, timeoutMs: 5000, maxRows: 1 }, {});
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
    const capture = join(evidence, 'a.pcapng');
    addKeys();
    await investigate(join(evidence, 'z-keys.txt'));
    await investigate(capture);
    expect(await requests()).toBe(6);
  });

  it('is told when it comes after its capture was read', async () => {
    await investigate(evidence);
    addKeys();
    const { problems } = await investigate(evidence);
    expect(await requests()).toBe(0);
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'partly-seen', message: expect.stringMatching(/stay encrypted/) }),
    );
  });
});
