import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { contentStart, type Batch, type Checkpoint } from '../../source.ts';
import { decode } from './decode.ts';

interface Options {
  readonly start?: Checkpoint;
  readonly growing?: boolean;
  readonly chunkBytes?: number;
}

async function batchesOf(log: Buffer, options: Options = {}): Promise<Batch[]> {
  const { start = contentStart, growing = false, chunkBytes = 65_536 } = options;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = start.byte; at < log.length; at += chunkBytes) {
      // Memory that is used again, as a reader of files may do it.
      const chunk = Buffer.from(log.subarray(at, at + chunkBytes));
      yield chunk;
      chunk.fill(0x58);
    }
  }
  const batches: Batch[] = [];
  const context = { name: 'audit.log', start, growing, logger: silentLogger };
  for await (const batch of decode(chunks(), context)) batches.push(batch);
  return batches;
}

async function read(
  log: string | Buffer,
  options: Options = {},
): Promise<{ events: VakthundEvent[]; problems: Problem[] }> {
  const batches = await batchesOf(Buffer.from(log as string), options);
  return { events: batches.flatMap(({ events }) => events), problems: batches.flatMap(({ problems }) => problems) };
}

const ids = 'auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3';
const call = (serial: number, name: string, pid: number, rest = ''): string =>
  `type=SYSCALL msg=audit(${1000 + serial}.000:${serial}): arch=c000003e syscall=${name} success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=${pid} ${ids} comm="sh" exe="/bin/sh" key="k"${rest}\n`;
const exec = (serial: number, pid: number, ...args: string[]): string =>
  `${call(serial, '59', pid)}type=EXECVE msg=audit(${1000 + serial}.000:${serial}): argc=${args.length} ${args.map((arg, index) => `a${index}="${arg}"`).join(' ')}\n`;
const end = (serial: number): string => `type=EOE msg=audit(${1000 + serial}.000:${serial}):\n`;

/** Events whose records lie in each other, with single ones and other lines between them. */
const mixed = [
  exec(1, 10, 'sh', '-c', 'x'),
  call(2, '87', 10),
  'not a record\n',
  end(1),
  'type=USER_LOGIN msg=audit(1002.500:3): pid=7 uid=0 auid=1000 ses=3 msg=\'op=login acct="bob" res=failed\'\n',
  `type=PATH msg=audit(1002.000:2): item=0 name="/etc/x" inode=5 dev=08:01 mode=0100644 ouid=0 ogid=0 nametype=DELETE\n`,
  call(9, '42', 11),
  end(2),
  `type=CWD msg=audit(1009.000:9): cwd="/root"\n`,
  call(10, '59', 11),
  end(9),
].join('');

describe('an audit log', () => {
  it('gives the same events however it is cut into chunks, from memory that is used again', async () => {
    const want = await read(mixed);
    expect(want.events).toHaveLength(5);
    for (const chunkBytes of [1, 7, 100, 333]) expect(await read(mixed, { chunkBytes })).toEqual(want);
  });

  it('goes on from every checkpoint as if it had been read in one go', async () => {
    const pieces = fc.constantFrom(
      (serial: number) => exec(serial, 10 + (serial % 3), 'ls', String(serial)) + end(serial),
      (serial: number) => call(serial, '56', 10).replace('exit=0', `exit=${20 + serial}`),
      (serial: number) => `node=b ${call(serial, '87', 12)}`,
      (serial: number) => call(serial + 4, '257', 11),
      (serial: number) =>
        `type=PATH msg=audit(${1000 + serial}.000:${serial}): item=0 name="/x/${serial}" nametype=NORMAL\n`,
      () => 'garbage\n',
      (serial: number) =>
        `type=USER_CMD msg=audit(${1000 + serial}.000:${serial}): pid=9 uid=0 msg='cmd="id" res=success'\n`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 40, max: 900 }),
        async (list, chunkBytes) => {
          const log = Buffer.from(list.map((piece, index) => piece(index + 1)).join(''));
          const whole = await batchesOf(log, { chunkBytes, growing: true });
          for (let upTo = 0; upTo < whole.length; upTo++) {
            const done = whole.slice(0, upTo + 1);
            const start = done.at(-1)?.checkpoint ?? contentStart;
            const rest = await batchesOf(log, { chunkBytes, growing: true, start });
            expect([...done, ...rest].flatMap(({ events }) => events)).toEqual(whole.flatMap(({ events }) => events));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('ends an event by its own time, whatever stands before it', async () => {
    const log = Buffer.from(`${call(5, '257', 10)}node=b ${call(2, '87', 11)}${call(7, '257', 12)}`);
    const batches = await batchesOf(log, { growing: true });
    expect(batches.flatMap(({ events }) => events)).toMatchObject([{ host_name: 'b', event_action: 'delete' }]);
  });

  it('hands over many events batch by batch, with a checkpoint for each', async () => {
    const log = Buffer.from(Array.from({ length: 6000 }, (_none, index) => call(index + 1, '87', 10)).join(''));
    const batches = await batchesOf(log, { chunkBytes: log.length });
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.reduce((sum, { events }) => sum + events.length, 0)).toBe(6000);
    expect(batches.at(-1)?.checkpoint).toMatchObject({ byte: log.length, line: 6000 });
    const [first] = batches;
    const rest = await batchesOf(log, { start: first?.checkpoint ?? contentStart });
    expect(rest.flatMap(({ events }) => events)).toHaveLength(6000 - (first?.events.length ?? 0));
  });

  it('holds an event back while its records may still come, and no longer', async () => {
    const half = Buffer.from(call(1, '87', 10));
    const [batch] = await batchesOf(half, { growing: true });
    expect(batch?.events).toEqual([]);
    expect(batch?.checkpoint.byte).toBe(0);
    const titled = Buffer.from(`${call(1, '87', 10)}type=PROCTITLE msg=audit(1001.000:1): proctitle="rm"\n`);
    expect((await batchesOf(titled, { growing: true }))[0]?.events).toHaveLength(1);
  });

  it('leaves a line without its end for later while it grows, and reads it at the end', async () => {
    const log = call(1, '87', 10).trimEnd();
    expect((await read(log, { growing: true })).events).toEqual([]);
    expect((await read(log)).events).toHaveLength(1);
  });

  it('names lines that are no records, with their place, and reads the rest', async () => {
    const { events, problems } = await read(`\u0000\u0001\u00ff\n${call(1, '87', 10)}type=SYSCALL msg=audit(1.0\n`);
    expect(events).toHaveLength(1);
    expect(problems).toMatchObject([
      { code: 'bad-record', at: { line: 1, byte: 0 } },
      { code: 'bad-record', at: { line: 3 } },
    ]);
  });

  it('says that interpreted output cannot be read, and what to do', async () => {
    const { problems } = await read('type=CWD msg=audit(11/23/26 17:01:47.088:210524) : cwd=/root \n');
    expect(problems).toMatchObject([{ code: 'unsupported', hint: 'export it with ausearch --raw' }]);
  });

  it('reports gaps once at the end, however many there are', async () => {
    const { problems } = await read([1, 5, 9, 20].map((serial) => call(serial, '87', 10)).join(''));
    expect(problems).toMatchObject([{ code: 'events-lost', count: 16 }]);
  });

  it('reports gaps while it grows, but not before late records could have come', async () => {
    const gap = [1, 5].map((serial) => call(serial, '87', 10)).join('');
    expect((await read(gap, { growing: true })).problems).toEqual([]);
    const later = [6, 7, 8, 9].map((serial) => call(serial, '87', 10)).join('');
    expect((await read(gap + later, { growing: true })).problems).toMatchObject([{ code: 'events-lost', count: 3 }]);
  });

  it('counts a flood of bad lines instead of keeping it', async () => {
    const { problems } = await read('x\n'.repeat(20_000));
    expect(problems).toHaveLength(5);
    expect(problems.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(20_000);
  });

  it('gives nothing for nothing', async () => {
    expect(await read('')).toEqual({ events: [], problems: [] });
    expect(await read('\n\n')).toEqual({ events: [], problems: [] });
  });

  it('never throws, whatever the bytes', async () => {
    const part = fc.constantFrom(
      'type=',
      'SYSCALL',
      ' msg=audit(',
      '1.0:1',
      '): ',
      'a0="',
      "msg='",
      '\u001d',
      '=',
      '{',
      '}',
      '\n',
      'EXECVE',
      'a1[0]=',
      'argc=9',
      '41',
      ' ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, fc.string()), { maxLength: 60 }), async (parts) => {
        await expect(read(parts.join(''))).resolves.toBeDefined();
      }),
    );
    const log = Buffer.from(mixed);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(log.length - 1), fc.nat(255)), { maxLength: 30 }), async (changes) => {
        const damaged = Buffer.from(log);
        for (const [at, byte] of changes) damaged[at] = byte;
        const { events } = await read(damaged);
        expect(events.every(({ fields }) => typeof JSON.parse(fields ?? '{}') === 'object')).toBe(true);
      }),
    );
  });
});

const corpus = join(import.meta.dirname, '../../../..', process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const recorded = join(corpus, 'host/auditd/live/sims.log.gz');

describe.skipIf(!existsSync(recorded))('a recorded log', () => {
  it('gives the same events in any chunks and from every checkpoint', async () => {
    const log = gunzipSync(readFileSync(recorded)).subarray(0, 900_000);
    const whole = await batchesOf(log, { chunkBytes: 20_000, growing: true });
    const events = whole.flatMap((batch) => batch.events);
    expect(events.length).toBeGreaterThan(500);
    for (const upTo of [1, 3, 7, 20, 40].filter((count) => count < whole.length)) {
      const done = whole.slice(0, upTo);
      const start = done.at(-1)?.checkpoint ?? contentStart;
      const rest = await batchesOf(log, { chunkBytes: 12_345, growing: true, start });
      expect([...done, ...rest].flatMap((batch) => batch.events)).toEqual(events);
    }
  });
});

describe('a log that stops in the middle of a record', () => {
  const whole = call(1, '59', 10) + call(2, '59', 11);
  const lastStart = call(1, '59', 10).length;

  it('is told, wherever the record was cut, and gives the rest when that has come', async () => {
    const cuts = fc.integer({ min: 12, max: whole.length - lastStart - 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (kept) => {
        const cut = Buffer.from(whole.slice(0, lastStart + kept));
        const batches = await batchesOf(cut);
        const problems = batches.flatMap((batch) => batch.problems);
        expect(problems).toMatchObject([{ code: 'truncated', at: { line: 2, byte: lastStart } }]);
        const start = batches.at(-1)?.checkpoint ?? contentStart;
        expect(start.byte).toBe(lastStart);
        const later = await read(whole, { start });
        expect(later.problems).toEqual([]);
        expect(later.events.map(({ evidence_at: line }) => line)).toEqual([2]);
      }),
      { numRuns: 60 },
    );
  });

  it('is no such log when only the line end is missing', async () => {
    const { events, problems } = await read(whole.trimEnd());
    expect([events.length, problems]).toEqual([2, []]);
  });

  it('gives no second event when it stopped between two records of one', async () => {
    const first = call(1, '59', 10);
    const grown = exec(1, 10, 'ls', '-l') + exec(2, 11, 'id');
    const start = (await batchesOf(Buffer.from(first))).at(-1)?.checkpoint ?? contentStart;
    const { events, problems } = await read(grown, { start });
    expect(events.map(({ evidence_at: line }) => line)).toEqual([3]);
    expect(problems).toMatchObject([{ code: 'partly-seen', at: { line: 2, byte: first.length } }]);
  });
});
