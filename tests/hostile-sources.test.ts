import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../src/base/logger.ts';
import { openLocalCase } from '../src/case/local-case.ts';
import { defaultCaseSettings } from '../src/case/case-settings.ts';
import type { CaseService, Verdict } from '../src/case/service.ts';
import { maxLineBytes } from '../src/collect/lines.ts';

/** A log of one source: a record of a second of the day, and one that says a thing twice. */
interface Sample {
  readonly source: string;
  readonly name: string;
  readonly table: string;
  readonly header: string;
  readonly record: (seconds: number, text?: string) => string;
  readonly twice: string;
  /** What the record that says a thing twice is told as. */
  readonly twiceIs: string;
  /** A cut line of text is kept as a record by sources that do not need its end. */
  readonly keepsCutLine: boolean;
}

const suspiciousBytes = 4_000_000;
const day = 1_773_100_800;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, -1);

const zeekHeader =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n' +
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\n';
const zeekJson = (seconds: number, rest: string): string =>
  `{"_path":"conn","ts":${seconds}.5,"uid":"C${seconds}","id.orig_h":"10.0.0.5","id.orig_p":1,"id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp",${rest}}\n`;
const eve = (seconds: number, rest: string): string =>
  `{"timestamp":"${iso(seconds)}000+0000","flow_id":1,"event_type":"flow","src_ip":"10.0.0.5","src_port":1,"dest_ip":"203.0.113.9","dest_port":2,"proto":"TCP",${rest}}\n`;
const audit = (seconds: number, rest: string): string =>
  `type=SYSCALL msg=audit(${seconds}.500:${seconds % 100_000}): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=77 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 ${rest} exe="/usr/bin/ls" key="k"\n`;
const falco = (seconds: number, rest: string): string =>
  `{"hostname":"h","output":"x","output_fields":{"proc.name":"sh",${rest}},"priority":"Warning","rule":"R","source":"syscall","tags":[],"time":"${iso(seconds)}000000Z"}\n`;

const samples: readonly Sample[] = [
  {
    source: 'zeek',
    name: 'conn.log',
    table: 'flow',
    header: zeekHeader,
    record: (seconds, text = 'ssl') => `${seconds}.5\tC${seconds}\t10.0.0.5\t1\t203.0.113.9\t443\ttcp\t${text}\n`,
    twice: `${day}.5\tC1\t10.0.0.5\t1\t203.0.113.9\t443\ttcp\tssl\tssl\n`,
    twiceIs: 'bad-record',
    keepsCutLine: true,
  },
  {
    source: 'zeek',
    name: 'conn.json',
    table: 'flow',
    header: '',
    record: (seconds, text = 'ssl') => zeekJson(seconds, `"service":"${text}"`),
    twice: zeekJson(day, '"service":"ssl","service":"http"'),
    twiceIs: 'duplicate-key',
    keepsCutLine: false,
  },
  {
    source: 'suricata-eve',
    name: 'eve.json',
    table: 'flow',
    header: '',
    record: (seconds, text = 'tls') => eve(seconds, `"app_proto":"${text}"`),
    twice: eve(day, '"app_proto":"tls","app_proto":"http"'),
    twiceIs: 'duplicate-key',
    keepsCutLine: false,
  },
  {
    source: 'auditd',
    name: 'audit.log',
    table: 'process',
    header: '',
    record: (seconds, text = 'ls') => audit(seconds, `comm="${text}"`),
    twice: audit(day, 'ppid=2 comm="ls"'),
    twiceIs: 'duplicate-key',
    keepsCutLine: true,
  },
  {
    source: 'falco-json',
    name: 'falco.json',
    table: 'alert',
    header: '',
    record: (seconds, text = 'a') => falco(seconds, `"fd.name":"${text}"`),
    twice: falco(day, '"fd.name":"a","fd.name":"b"'),
    twiceIs: 'duplicate-key',
    keepsCutLine: false,
  },
];

/** Texts of a variant, each beginning at a time of its own: contents that are the same are read once. */
const variants: Readonly<Record<string, (sample: Sample, from: number) => Buffer>> = {
  cut: ({ header, record }, from) => Buffer.from(header + record(from) + record(from + 1).slice(0, 40)),
  binary: ({ header, record }, from) =>
    Buffer.concat([
      Buffer.from(header + record(from)),
      Buffer.from([0, 255, 254, 9, 200, 10]),
      Buffer.from(record(from + 1)),
    ]),
  long: ({ header, record }, from) => {
    const text = record(from + 1, 'a'.repeat(maxLineBytes + 1000));
    return Buffer.from(header + record(from) + text + record(from + 2));
  },
  latin1: ({ header, record }, from) =>
    Buffer.from(header + record(from) + record(from + 1, 'G\u00F6teborg') + record(from + 2), 'latin1'),
  utf16: ({ header, record }, from) => Buffer.from(`\uFEFF${header}${record(from)}${record(from + 1)}`, 'utf16le'),
  utf16be: ({ header, record }, from) =>
    Buffer.from(`\uFEFF${header}${record(from)}${record(from + 1)}`, 'utf16le').swap16(),
  marked: ({ header, record }, from) => Buffer.from(`\uFEFF${header}${record(from)}${record(from + 1)}`),
  clocks: ({ header, record }, from) => Buffer.from(header + record(12) + record(from) + record(4_102_444_800)),
  twice: ({ header, record, twice }, from) => Buffer.from(header + record(from) + twice + record(from + 1)),
  'bomb.gz': ({ header, record }, from) =>
    Buffer.concat([
      gzipSync(header + record(from) + record(from + 1)),
      gzipSync(Buffer.alloc(suspiciousBytes * 3), { level: 9 }),
    ]),
};

describe.each(samples)('$source, $name: hostile logs are read as far as they go', (sample) => {
  const { table } = sample;
  let folder: string;
  let service: CaseService;
  let verdict: Verdict;
  let counts: ReadonlyMap<string, number>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-hostile-'));
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    for (const [index, [variant, make]] of Object.entries(variants).entries()) {
      writeFileSync(join(logs, `${variant}-${sample.name}`), make(sample, day + index * 100));
    }
    writeFileSync(join(logs, 'escaping.tar.gz'), await escapingArchive(sample, day + 5000));
    service = await openLocalCase({
      folder: join(folder, 'case'),
      settings: {
        ...defaultCaseSettings,
        limits: { ...defaultCaseSettings.limits, suspiciousBytes },
      },
      logger: silentLogger,
      now: () => (day + 43_200) * 1_000_000,
    });
    verdict = await service.investigate({ paths: [logs], only: ['none'], skip: [], indicators: [], rules: [] }, {});
    const sql = `SELECT path, count(*) AS n FROM ${table} JOIN evidence USING (evidence_id) GROUP BY path`;
    const { rows } = await service.query({ sql, timeoutMs: 60_000, maxRows: 100 }, {});
    const found = new Map<string, number>();
    for (const [path, count] of rows) {
      const name = basename(String(path));
      found.set(name, (found.get(name) ?? 0) + Number(count));
    }
    counts = found;
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Events of a variant, and the places of its problems: `code:line`. */
  function outcome(variant: string): { events: number; problems: string[] } {
    const name = `${variant}-${sample.name}`;
    const problems = verdict.problems
      .filter(({ at }) => basename(at.path ?? '') === name)
      .map(({ code, at }) => `${code}:${at.line ?? ''}`);
    return { events: counts.get(name) ?? 0, problems };
  }
  const headerLines = sample.header.split('\n').length - 1;
  const lineOf = (record: number): number => headerLines + record;

  it('cut in the middle of a record', () => {
    expect(outcome('cut')).toEqual({ events: 1, problems: [`truncated:${lineOf(2)}`] });
  });

  it('bytes that are no text, between records', () => {
    const { events, problems } = outcome('binary');
    expect(events).toBe(2);
    expect(problems).toContain(`bad-record:${lineOf(2)}`);
  });

  it('a line that is longer than one may be', () => {
    const { events, problems } = outcome('long');
    expect(events).toBe(sample.keepsCutLine ? 3 : 2);
    expect(problems).toContain(`record-too-long:${lineOf(2)}`);
  });

  it('letters in another encoding', () => {
    expect(outcome('latin1')).toEqual({ events: 3, problems: [`bad-encoding:${lineOf(2)}`] });
  });

  it('UTF-16 and byte order marks', () => {
    const whole = { events: 2, problems: [] };
    expect([outcome('utf16'), outcome('utf16be'), outcome('marked')]).toEqual([whole, whole, whole]);
  });

  it('clocks of 1970 and 2100', () => {
    const { events, problems } = outcome('clocks');
    expect(events).toBe(3);
    expect(problems).toContain(`clock-implausible:${lineOf(1)}`);
  });

  it('a record that says a thing twice', () => {
    expect(outcome('twice')).toEqual({ events: 3, problems: [`${sample.twiceIs}:${lineOf(2)}`] });
  });

  it('a stream that expands without end', () => {
    const { events, problems } = outcome('bomb.gz');
    expect(events).toBe(2);
    expect(problems).toContain('limit-reached:');
  });

  it('members of archives whose names point outside', () => {
    expect(counts.get(sample.name)).toBe(3);
    const unsafe = verdict.problems.filter(({ code }) => code === 'unsafe-path');
    expect(unsafe).toHaveLength(2);
  });
});

/** Three records, one in each of three members: outside by steps up, outside by a root, and inside. */
async function escapingArchive({ name, header, record }: Sample, from: number): Promise<Buffer> {
  const pack = tar.pack();
  for (const [index, path] of [`../../../outside/${name}`, `/outside/${name}`, `inside/${name}`].entries()) {
    pack.entry({ name: path }, header + record(from + index));
  }
  pack.finalize();
  const parts: Buffer[] = [];
  for await (const part of pack) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
}
