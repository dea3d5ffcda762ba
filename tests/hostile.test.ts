import {
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
  existsSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import { openLocalCase } from '../src/case/local-case.ts';
import { defaultCaseSettings } from '../src/case/case-settings.ts';
import type { CaseService, Verdict } from '../src/case/service.ts';

let folder: string;
let logs: string;
let service: CaseService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-hostile-'));
  logs = join(folder, 'logs');
  mkdirSync(logs);
  service = await openLocalCase({
    folder: join(folder, 'case'),
    settings: defaultCaseSettings,
    logger: silentLogger,
    now: () => 1_773_144_000_000_000,
  });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const header =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\n';
const row = (time: number | string, uid = 'C1'): string => `${time}\t${uid}\t10.0.0.5\t1\t203.0.113.9\t443\ttcp\n`;
const eve = (fields: string): string =>
  `{"timestamp":"2026-03-10T00:00:00.000000+0000","flow_id":1,"event_type":"flow","src_ip":"10.0.0.5","src_port":1,"dest_ip":"203.0.113.9","dest_port":2,"proto":"TCP"${fields}}\n`;

async function read(): Promise<{ verdict: Verdict; codes: string[]; flows: number }> {
  const verdict = await service.investigate({ paths: [logs], only: ['none'], skip: [], indicators: [], rules: [] }, {});
  const { rows } = await service.query({ sql: 'SELECT count(*) FROM flow', timeoutMs: 10_000, maxRows: 1 }, {});
  return { verdict, codes: verdict.problems.map((problem) => problem.code), flows: Number(rows[0]?.[0]) };
}

function put(name: string, content: string | Uint8Array): void {
  writeFileSync(join(logs, name), content);
}

/** Where the first problem of a code was met: `name:line`. */
function place(verdict: Verdict, code: string): string {
  const problem = verdict.problems.find((one) => one.code === code);
  return `${problem?.at.path?.split('/').at(-1) ?? ''}:${problem?.at.line ?? ''}`;
}

describe('hostile evidence is read as far as it goes, and what is wrong has its place', () => {
  it('a log cut in the middle of a row', async () => {
    put('conn.log', header + row(1_773_100_800) + row(1_773_100_801).slice(0, 20));
    const { verdict, flows } = await read();
    expect(flows).toBe(1);
    expect(place(verdict, 'truncated')).toBe('conn.log:9');
  });

  it('bytes that are no text, alone and between rows', async () => {
    put('noise.bin', Buffer.from(Array.from({ length: 5000 }, (_none, index) => (index * 7919) % 256)));
    put(
      'conn.log',
      Buffer.concat([
        Buffer.from(header + row(1_773_100_800)),
        Buffer.from([0, 255, 254, 9, 200, 10]),
        Buffer.from(row(1_773_100_801)),
      ]),
    );
    const { verdict, codes, flows } = await read();
    expect(flows).toBe(2);
    expect(codes).toContain('unknown-format');
    expect(place(verdict, 'bad-record')).toBe('conn.log:9');
  });

  it('one line of 100 MB', async () => {
    const file = openSync(join(logs, 'eve.json'), 'w');
    writeSync(file, eve(''));
    writeSync(file, '{"timestamp":"2026-03-10T00:00:00.000000+0000","event_type":"flow","x":"');
    const piece = 'a'.repeat(1 << 20);
    for (let index = 0; index < 100; index++) writeSync(file, piece);
    writeSync(file, `"}\n${eve('')}`);
    closeSync(file);
    const { verdict, flows } = await read();
    expect(flows).toBe(2);
    expect(place(verdict, 'record-too-long')).toBe('eve.json:2');
  }, 120_000);

  it('wrong encodings', async () => {
    put('eve.json', Buffer.concat([Buffer.from(eve(',"app_proto":"a')), Buffer.from(eve('')).subarray(0, 0)]));
    put('latin1.json', Buffer.from(eve(',"host":"G\u00f6teborg"'), 'latin1'));
    const utf16 = Buffer.from(`\uFEFF${eve('')}`, 'utf16le');
    put('utf16.json', utf16);
    const { verdict, codes, flows } = await read();
    expect(flows).toBe(2);
    expect(codes).toContain('bad-encoding');
    const sha256 = createHash('sha256').update(utf16).digest('hex');
    expect(verdict.evidence.find((one) => one.path.endsWith('utf16.json'))).toMatchObject({
      source: 'suricata-eve',
      sha256,
    });
  });

  it('a gzip bomb', async () => {
    const gzip = createGzip({ level: 9 });
    gzip.pipe(createWriteStream(join(logs, 'bomb.gz')));
    const zeros = Buffer.alloc(8 << 20);
    for (let index = 0; index < 100; index++) if (!gzip.write(zeros)) await once(gzip, 'drain');
    gzip.end();
    await once(gzip, 'close');
    put('conn.log', header + row(1_773_100_800));
    const { codes, flows } = await read();
    expect(flows).toBe(1);
    expect(codes).toContain('limit-reached');
  }, 120_000);

  it('an archive whose names point outside, and links', async () => {
    const pack = tar.pack();
    pack.entry({ name: '../../../../../../tmp/vakthund-escaped.log' }, header + row(1_773_100_800));
    pack.entry({ name: 'link', type: 'symlink', linkname: '/etc/passwd' });
    pack.finalize();
    const parts: Buffer[] = [];
    for await (const part of pack) parts.push(part as Buffer);
    put('archive.tar.gz', gzipSync(Buffer.concat(parts)));
    symlinkSync('/etc/passwd', join(logs, 'passwd'));
    const { codes, flows } = await read();
    expect(flows).toBe(1);
    expect(codes.filter((code) => code === 'unsafe-path')).toHaveLength(2);
    expect(existsSync('/tmp/vakthund-escaped.log')).toBe(false);
  });

  it('clocks of 1970 and 2100', async () => {
    put('conn.log', header + row(12.5) + row(1_773_100_800) + row(4_102_444_800));
    const { verdict, flows } = await read();
    expect(flows).toBe(3);
    const problem = verdict.problems.find((one) => one.code === 'clock-implausible');
    expect(problem).toMatchObject({ at: { line: 8 }, count: 2 });
    expect(verdict.span?.first).toBe(1_773_100_800_000_000);
  });

  it('a machine that has no clock', async () => {
    put('conn.log', header + row(12.5) + row(14));
    const { verdict, flows } = await read();
    expect(flows).toBe(2);
    expect(verdict.span).toEqual({ first: 12_500_000, last: 14_000_000 });
  });

  it('keys that stand twice, deep nesting and names of the language', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    put(
      'eve.json',
      eve('') +
        eve(',"proto":"UDP"') +
        eve(`,"__proto__":{"polluted":true},"constructor":1`) +
        eve(`,"x":${deep}`) +
        eve(''),
    );
    const { verdict, flows } = await read();
    expect(flows).toBeGreaterThanOrEqual(4);
    expect(place(verdict, 'duplicate-key')).toBe('eve.json:2');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a stream that goes on without a line end, of a log that is loaded by columns', async () => {
    const rows = Array.from({ length: 1000 }, (_none, index) => row(1_773_100_800 + index)).join('');
    const zeros = gzipSync(Buffer.alloc(32 << 20));
    put('conn.log.gz', Buffer.concat([gzipSync(header + rows), ...Array.from({ length: 6 }, () => zeros)]));
    const { verdict, flows } = await read();
    expect(flows).toBe(1000);
    expect(place(verdict, 'record-too-long')).toBe('conn.log.gz:1008');
  });

  it('ten thousand broken lines make few problems, all counted', async () => {
    put('conn.log', header + row(1_773_100_800) + 'broken\n'.repeat(10_000) + row(1_773_100_801));
    const { verdict, flows } = await read();
    const broken = verdict.problems.filter((one) => one.code === 'bad-record');
    expect(flows).toBe(2);
    expect(broken.length).toBeLessThan(50);
    expect(broken.reduce((sum, one) => sum + (one.count ?? 1), 0)).toBe(10_000);
  });
});
