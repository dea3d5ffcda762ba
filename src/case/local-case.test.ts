import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import type { CaseService, Verdict } from './service.ts';

let folder: string;
let logs: string;
let service: CaseService;
const now = 1_773_144_000_000_000;

async function open(): Promise<CaseService> {
  return openLocalCase({
    folder: join(folder, 'case'),
    settings: defaultCaseSettings,
    logger: silentLogger,
    now: () => now,
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-case-'));
  logs = join(folder, 'logs');
  mkdirSync(logs);
  service = await open();
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Exec records of an audit log, two lines each. */
function audit(from: number, to: number): string {
  let text = '';
  for (let serial = from; serial < to; serial++) {
    const id = `msg=audit(1773100800.${String(serial % 1000).padStart(3, '0')}:${serial}):`;
    text += `type=SYSCALL ${id} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="ls" exe="/usr/bin/ls" key="exec"\n`;
    text += `type=EXECVE ${id} argc=2 a0="ls" a1="-${serial}"\n`;
  }
  return text;
}

async function investigate(...paths: string[]): Promise<Verdict> {
  return service.investigate({ paths, only: [], skip: [], indicators: [], rules: [] }, {});
}

async function commands(): Promise<string[]> {
  const sql = 'SELECT process_command_line FROM process ORDER BY process_pid';
  const { rows } = await service.query({ sql, timeoutMs: 5000, maxRows: 100_000 }, {});
  return rows.map(([text]) => String(text));
}

const expected = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_none, index) => `ls -${from + index}`);

describe('a case', () => {
  it('reads a folder, keeps the ledger with hashes and counts, and points to lines', async () => {
    writeFileSync(join(logs, 'audit.log'), audit(1, 101));
    writeFileSync(join(logs, 'picture.bin'), Buffer.from([1, 2, 3, 0, 255]));
    const verdict = await investigate(logs);
    expect(verdict.evidence).toMatchObject([
      { path: join(logs, 'audit.log'), source: 'auditd', events: { process: 100 }, is_complete: true },
      { path: join(logs, 'picture.bin'), source: null, events: {} },
    ]);
    expect(verdict.evidence[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(verdict.problems.map((problem) => problem.code)).toContain('unknown-format');
    expect(verdict.notChecked).toContainEqual({
      what: join(logs, 'picture.bin'),
      why: 'no source recognises the format',
    });
    const { rows } = await service.query(
      { sql: 'SELECT evidence_at FROM process ORDER BY 1 LIMIT 2', timeoutMs: 5000, maxRows: 9 },
      {},
    );
    expect(rows).toEqual([[1], [3]]);
  });

  it('says which events it has forgotten, and why they are not judged', async () => {
    const path = join(logs, 'audit.log');
    writeFileSync(path, audit(1, 21));
    await investigate(logs);
    expect(await service.retain(now)).toBe(20);
    expect(await investigate(logs)).toMatchObject({
      evidence: [{ path, events: { process: 20 } }],
      notChecked: expect.arrayContaining([
        {
          what: 'process events from 2026-03-10T00:00:00.001000Z to 2026-03-10T00:00:00.020000Z',
          why: '20 of them were forgotten, by age, by disk or on demand, or their files were gone or damaged',
        },
      ]),
    });
  });

  it('adds nothing when the same content comes again, under its name, another, or packed', async () => {
    const path = join(logs, 'audit.log');
    writeFileSync(path, audit(1, 51));
    await investigate(logs);
    await investigate(logs);
    renameSync(path, join(logs, 'audit.log.1'));
    await investigate(logs);
    rmSync(join(logs, 'audit.log.1'));
    writeFileSync(join(logs, 'audit.log.1.gz'), gzipSync(audit(1, 51)));
    const verdict = await investigate(logs);
    expect(await commands()).toEqual(expected(1, 51));
    expect(verdict.evidence).toHaveLength(1);
  });

  it('adds the tail of a file that has grown, also after it was turned over', async () => {
    const path = join(logs, 'audit.log');
    writeFileSync(path, audit(1, 21));
    await investigate(logs);
    appendFileSync(path, audit(21, 41));
    await investigate(logs);
    appendFileSync(path, audit(41, 61));
    renameSync(path, join(logs, 'audit.log.1'));
    writeFileSync(path, audit(61, 71));
    const verdict = await investigate(logs);
    expect(await commands()).toEqual(expected(1, 71));
    expect(verdict.evidence.map((row) => row.events['process'])).toEqual([60, 10]);
    const { rows } = await service.query(
      { sql: 'SELECT max(evidence_at) FROM process WHERE process_pid < 61', timeoutMs: 5000, maxRows: 9 },
      {},
    );
    expect(rows).toEqual([[119]]);
  });

  it('reads a line again, whole, that was cut in the middle when it was first read', async () => {
    const whole = audit(1, 11);
    const path = join(logs, 'audit.log');
    writeFileSync(path, whole.slice(0, -40));
    await investigate(logs);
    writeFileSync(path, whole + audit(11, 21));
    const verdict = await investigate(logs);
    expect((await commands()).at(-1)).toBe('ls -20');
    expect(await commands()).toHaveLength(20);
    expect(verdict.problems.filter((problem) => problem.code === 'truncated')).toEqual([]);
  });

  it('reads a line of free text again that went on after it was first read', async () => {
    const line = (second: number): string =>
      `2026-03-01T10:00:${second}+00:00 node1 sshd[7]: Failed password for root from 203.0.113.9 port 40${second} ssh2\n`;
    const path = join(logs, 'auth.log');
    const whole = line(10) + line(11) + line(12);
    writeFileSync(path, whole.slice(0, -30));
    await investigate(logs);
    writeFileSync(path, whole + line(13));
    const verdict = await investigate(logs);
    expect(verdict.evidence).toMatchObject([{ events: { user_session: 4, log: 1 }, problems: 0 }]);
    const { rows } = await service.query(
      { sql: 'SELECT evidence_at FROM user_session ORDER BY time', timeoutMs: 5000, maxRows: 9 },
      {},
    );
    expect(rows).toEqual([[1], [2], [3], [4]]);
  });

  it('goes on after being opened again', async () => {
    writeFileSync(join(logs, 'audit.log'), audit(1, 11));
    await investigate(logs);
    await service.close();
    service = await open();
    const verdict = await investigate(logs);
    expect(verdict.evidence).toMatchObject([{ events: { process: 10 } }]);
    expect(await commands()).toHaveLength(10);
  });

  it('says what is not there and reads the rest', async () => {
    writeFileSync(join(logs, 'audit.log'), audit(1, 3));
    const verdict = await investigate(join(folder, 'nothing'), logs);
    expect(verdict.problems.map((problem) => problem.code)).toContain('unreadable');
    expect(await commands()).toHaveLength(2);
  });

  it('stops when it is told to, and the next run completes it', async () => {
    writeFileSync(join(logs, 'audit.log'), audit(1, 20_001));
    const controller = new AbortController();
    const running = service.investigate(
      { paths: [logs], only: [], skip: [], indicators: [], rules: [] },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(running).rejects.toThrow(/abort/i);
    await investigate(logs);
    expect(await commands()).toEqual(expected(1, 20_001));
  });

  it('takes no settings that an analytic does not know', async () => {
    writeFileSync(join(logs, 'audit.log'), audit(1, 3));
    await service.close();
    const settings = { ...defaultCaseSettings, analytics: { execution: { nonsense: 1 } } };
    service = await openLocalCase({ folder: join(folder, 'case'), settings, logger: silentLogger, now: () => now });
    await expect(investigate(logs)).rejects.toMatchObject({ code: 'CONFIG' });
  });

  it('keeps the list of indicators that stood when its file is no list any more', async () => {
    const list = join(folder, 'bad.txt');
    const request = { paths: [], only: [], skip: [], indicators: [list], rules: [] };
    const listed = async (): Promise<unknown> => {
      const sql = 'SELECT list_name, value FROM indicator';
      return (await service.query({ sql, timeoutMs: 5000, maxRows: 10 }, {})).rows;
    };
    writeFileSync(list, 'evil.test\n');
    await service.investigate(request, {});
    writeFileSync(list, Buffer.from([1, 2, 3, 0, 255]));
    const { problems } = await service.investigate(request, {});
    expect(problems).toContainEqual(expect.objectContaining({ code: 'unknown-format' }));
    expect(await listed()).toEqual([['bad', 'evil.test']]);
  });
});
