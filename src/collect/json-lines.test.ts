import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../tests/support/processor-time.ts';
import { silentLogger } from '../base/logger.ts';
import type { Problem } from '../base/problem.ts';
import { newEvent } from '../events/event.ts';
import { decodeJsonLines, type JsonDecoder } from './json-lines.ts';
import type { JsonObject } from './json-value.ts';
import type { Batch, Checkpoint } from './source.ts';

/** Gives every record back, in `message`. */
const echo: JsonDecoder = {
  record: (value) => ({ ...newEvent('log'), message: JSON.stringify(value) }),
};

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

interface Options {
  readonly size?: number;
  readonly growing?: boolean;
  readonly start?: Checkpoint;
  readonly decoder?: JsonDecoder;
}

async function read(content: string | Uint8Array, { size = 1 << 20, growing = false, start, decoder }: Options = {}) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const context = { name: 'x.json', start: start ?? { byte: 0, line: 0 }, growing, logger: silentLogger };
  const records: JsonObject[] = [];
  const lines: (number | null)[] = [];
  const problems: Problem[] = [];
  const batches: Batch[] = [];
  for await (const batch of decodeJsonLines(chunks(bytes, size), context, () => decoder ?? echo)) {
    batches.push(batch);
    problems.push(...batch.problems);
    for (const event of batch.events) {
      records.push(JSON.parse(event.kind === 'log' ? (event.message ?? '') : '') as JsonObject);
      lines.push(event.evidence_at);
    }
  }
  return { records, lines, problems, batches, codes: problems.map((problem) => problem.code) };
}

describe('decodeJsonLines', () => {
  it('reads one record a line, and skips blank lines', async () => {
    const result = await read('{"a":1}\n\n   \n{"a":2}\r\n{"a":3}');
    expect(result.records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(result.lines).toEqual([1, 4, 5]);
    expect(result.problems).toEqual([]);
  });

  it('gives nothing for nothing', async () => {
    expect(await read('')).toMatchObject({ records: [], problems: [] });
    expect(await read('\n\n')).toMatchObject({ records: [], problems: [] });
  });

  it('takes a byte order mark, record separators, and blanks around records', async () => {
    const result = await read('\uFEFF{"a":1}\n\u001e{"a":2}\n  {"a":3}  \n');
    expect(result).toMatchObject({ records: [{ a: 1 }, { a: 2 }, { a: 3 }], problems: [] });
  });

  it('reads several records on a line', async () => {
    const result = await read('{"a":1}{"a":2} {"a":"}{"}\n{"a":4}\n');
    expect(result).toMatchObject({
      records: [{ a: 1 }, { a: 2 }, { a: '}{' }, { a: 4 }],
      lines: [1, 1, 1, 2],
      problems: [],
    });
  });

  it('reads records that are spread over lines, in a list or not', async () => {
    const list = [
      { a: 1, b: { c: [1, { d: '{' }] } },
      { a: 2, b: [] },
    ];
    expect(await read(JSON.stringify(list, null, 2))).toMatchObject({ records: list, lines: [2, 13], problems: [] });
    const spread = list.map((record) => JSON.stringify(record, null, '\t')).join('\n');
    expect(await read(spread)).toMatchObject({ records: list, problems: [] });
    expect(await read(`[\n${list.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`)).toMatchObject({
      records: list,
      lines: [2, 3],
      problems: [],
    });
    expect(await read(JSON.stringify(list))).toMatchObject({ records: list, problems: [] });
  });

  it('reports text that is no record, with its line and a short piece of it', async () => {
    const result = await read(`Falco initialized\n{"a":1}\n${'x'.repeat(5000)}\n@cee: {"a":2}\n42\n`);
    expect(result.records).toEqual([{ a: 1 }, { a: 2 }]);
    expect(result.problems.map((problem) => problem.at.line)).toEqual([1, 3, 4, 5]);
    expect(new Set(result.codes)).toEqual(new Set(['bad-record']));
    for (const { message } of result.problems) expect(message.length).toBeLessThan(150);
  });

  it('tells of what a transport puts before each record only once', async () => {
    const result = await read('@cee: {"a":1}\n@cee: {"a":2}\nMar  1 10:00:00 host x: {"a":3}\n');
    expect(result.records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(result.problems).toMatchObject([{ code: 'bad-record', at: { line: 1 } }]);
  });

  it('goes on after a record that was cut, even when the next one follows on its line', async () => {
    const result = await read(
      '{"ts":1,"a":"x\n{"ts":2}\n{"ts":3,"a":{"ts":4}\n{"ts":5,"b":1{"ts":6}\n{"ts":7,"b":"x{"ts":8}\n{"ts":9}\n',
    );
    expect(result.records).toEqual([{ ts: 2 }, { ts: 4 }, { ts: 6 }, { ts: 8 }, { ts: 9 }]);
    expect(result.codes).toEqual(['bad-record', 'bad-record', 'bad-record', 'bad-record']);
    expect(result.problems.map((problem) => problem.at.line)).toEqual([1, 3, 4, 5]);
  });

  it('goes on after a record that stays open', async () => {
    const result = await read('{"ts":1,"a":[\n{"ts":2}\n{"b":{"c":1},\n  "d":2\n}\n');
    expect(result.records).toEqual([{ ts: 2 }, { b: { c: 1 }, d: 2 }]);
    expect(result.problems).toMatchObject([{ code: 'bad-record', at: { line: 1 } }]);
  });

  it('says when the content ends inside a record', async () => {
    expect((await read('{"a":1}\n{"a":"x')).problems).toMatchObject([{ code: 'truncated', at: { line: 2 } }]);
    expect((await read('{"a":1}\n{"a":2,\n')).problems).toMatchObject([
      { code: 'truncated', at: { line: 2, byte: 8 } },
    ]);
  });

  it('replaces what is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"å'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n{"a":"ö"}\n')]);
    const result = await read(bytes);
    expect(result.records).toEqual([{ a: 'å\uFFFD\uFFFD' }, { a: 'ö' }]);
    expect(result.problems).toMatchObject([{ code: 'bad-encoding', at: { line: 1 } }]);
  });

  it('survives zero bytes, binary and deep nesting', async () => {
    const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const result = await read(`\u0000\u0000\u0000{"a":1}\n${deep}\n\u0001\u0002\u0003\n{"a":2}\n`);
    expect(result.records).toEqual([{ a: 1 }, { a: 2 }]);
    expect(result.codes).toEqual(['bad-record', 'bad-record']);
  });

  it('gives the last of two values for a key, and hostile keys as they are', async () => {
    const result = await read('{"a":1,"a":2}\n{"__proto__":{"x":1}}\n{"id":18446744073709551615}\n');
    expect(result.records.map((record) => JSON.stringify(record))).toEqual([
      '{"a":2}',
      '{"__proto__":{"x":1}}',
      '{"id":"18446744073709551615"}',
    ]);
    expect(result.problems).toMatchObject([{ code: 'duplicate-key', at: { line: 1 } }]);
  });

  it('bounds what a line of many beginnings costs', async () => {
    const takenMs = processorClock();
    const result = await read(`${'{"ts":['.repeat(300_000)}\n{"ts":1}\n`);
    expect(result.records).toEqual([{ ts: 1 }]);
    expect(takenMs()).toBeLessThan(5000);
  });

  it('gives up a record that never ends', async () => {
    const lines = `{"a":[\n${`${' 1,'.repeat(300)}\n`.repeat(20_000)}`;
    const result = await read(`${lines}{"a":1}\n`);
    expect(result.records).toEqual([{ a: 1 }]);
    expect(result.codes).toContain('record-too-long');
  });

  it('leaves the open end of a growing content for later', async () => {
    const text = '{"a":1}\n{"a":\n 2}\n{"a":3';
    const first = await read(text.slice(0, 14), { growing: true });
    expect(first).toMatchObject({ records: [{ a: 1 }], problems: [] });
    const at = first.batches.at(-1)?.checkpoint ?? { byte: -1, line: -1 };
    expect(at).toEqual({ byte: 8, line: 1 });
    const second = await read(text.slice(at.byte), { growing: true, start: at });
    expect(second).toMatchObject({ records: [{ a: 2 }], lines: [2], problems: [] });
    expect(second.batches.at(-1)?.checkpoint).toEqual({ byte: 18, line: 3 });
  });

  it('gives up an object that began behind another on the same line at the right place', async () => {
    const text = '{"å":1} {"b":\n';
    const { batches } = await read(text, { growing: true });
    expect(batches.at(-1)?.checkpoint).toEqual({ byte: 9, line: 0 });
    const rest = Buffer.from(`${text}2}\n`).subarray(9);
    expect(await read(rest, { start: { byte: 9, line: 0 } })).toMatchObject({ records: [{ b: 2 }], lines: [1] });
  });

  it('makes batches of a few thousand events, each with a checkpoint to go on from', async () => {
    const text = Array.from({ length: 5000 }, (_none, index) => `{"a":${index}}\n`).join('');
    const { batches, records } = await read(text);
    expect(batches.map((batch) => batch.events.length)).toEqual([2048, 2048, 904]);
    expect(records).toHaveLength(5000);
    const at = batches[0]?.checkpoint ?? { byte: 0, line: 0 };
    expect(at.line).toBe(2048);
    const rest = await read(Buffer.from(text).subarray(at.byte), { start: at });
    expect(rest.records[0]).toEqual({ a: 2048 });
    expect(rest.lines[0]).toBe(2049);
  });

  it('reads the same however the content is cut, and from wherever it goes on', async () => {
    const piece = fc.constantFrom(
      '{"a":1}\n',
      '{"a":1,"b":"å"}{"a":2}\n',
      '{"a":\n [1,\n 2]}\n',
      '{"a":"x\n',
      '{"a":[1\n',
      '[{"a":1},\n{"a":2}]\n',
      'text\n',
      '\r\n',
      '{"a":1,"a":2}\n',
      '{"a":3,{"a":4}\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), async (pieces, size) => {
        const bytes = Buffer.from(pieces.join(''));
        const whole = await read(bytes);
        const cut = await read(bytes, { size, growing: true });
        expect((await read(bytes, { size })).records).toEqual(whole.records);
        for (const { checkpoint } of cut.batches) {
          const before = cut.batches.slice(0, 1 + cut.batches.findIndex((batch) => batch.checkpoint === checkpoint));
          const count = before.reduce((sum, batch) => sum + batch.events.length, 0);
          const rest = await read(bytes.subarray(checkpoint.byte), { start: checkpoint });
          expect(rest.records).toEqual(whole.records.slice(count));
        }
      }),
    );
  });

  it('asks for a record as an object when the tape was not enough', async () => {
    const asked: unknown[] = [];
    const decoder: JsonDecoder = {
      plain: (line) => (line === 1 ? { ...newEvent('log'), message: '{"from":"tape"}' } : undefined),
      record: (value) => {
        asked.push(value);
        return undefined;
      },
    };
    const result = await read('{"a":1}\n{"a":2}\n{"a":null}\n', { decoder });
    expect(result.records).toEqual([{ from: 'tape' }]);
    expect(asked).toEqual([{ a: 2 }, { a: null }]);
  });
});
