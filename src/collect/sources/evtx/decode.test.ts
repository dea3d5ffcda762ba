import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { chunkOf, logOf, usedPart, type TestRecord } from '../../../../tests/support/evtx/log.ts';
import { eventTemplate, namedData, systemValues } from '../../../../tests/support/evtx/templates.ts';
import { fragmentAt, hex, nothing, number, text, u16, u32 } from '../../../../tests/support/evtx/values.ts';
import type { Element, Value } from '../../../../tests/support/evtx/writer.ts';
import { contentStart, type Checkpoint } from '../../source.ts';
import { types } from './binxml/types.ts';
import { decode } from './decode.ts';

interface Read {
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
  readonly checkpoint: Checkpoint;
}

async function read(bytes: Buffer, start = contentStart, cut = bytes.length, growing = false): Promise<Read> {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let at = start.byte; at < bytes.length; at += cut) yield bytes.subarray(at, Math.min(at + cut, bytes.length));
  }
  const all: Read = { events: [], problems: [], checkpoint: start };
  let { checkpoint } = all;
  for await (const batch of decode(content(), { name: 'x.evtx', start, growing, logger: silentLogger })) {
    all.events.push(...batch.events);
    all.problems.push(...batch.problems);
    ({ checkpoint } = batch);
  }
  return { ...all, checkpoint };
}

async function fieldsOf(...records: readonly TestRecord[]): Promise<Record<string, unknown>[]> {
  const { events, problems } = await read(logOf(chunkOf(records)));
  expect(problems).toEqual([]);
  return events.map((event) => JSON.parse(event.fields ?? '') as Record<string, unknown>);
}

const time = Date.parse('2026-03-10T12:34:56.789Z') * 1000 + 12;
const oneField = eventTemplate('Some-Provider', [namedData('What')]);
const record = (value: Value, template = oneField): TestRecord => ({
  template,
  values: [...systemValues(4, time), value],
});
const told = (word: string): TestRecord => record(text(word));

describe('the record of an event', () => {
  it('has System and its attributes, and what is in EventData under its name', async () => {
    expect(await fieldsOf(told('hello'))).toEqual([
      {
        Provider_Name: 'Some-Provider',
        Provider_Guid: '54849625-4978-4994-A5BA-3E3B0328C30D',
        EventID: 4,
        Level: 4,
        TimeCreated_SystemTime: '2026-03-10T12:34:56.789012Z',
        EventRecordID: 77,
        Channel: 'Security',
        Computer: 'dc1.example',
        What: 'hello',
      },
    ]);
  });

  it.each<[string, Value, unknown]>([
    ['text up to its zero', text('a\0b'), 'a'],
    ['half of a UTF-16 pair', text('x\ud800'), 'x\ufffd'],
    ['ANSI text', hex(types.ansiString, '63616666e900'), 'caff\u00e9'],
    ['a signed byte', hex(types.int8, 'ff'), -1],
    ['a signed 16-bit number', hex(types.int16, 'feff'), -2],
    ['a signed 32-bit number', hex(types.int32, 'fdffffff'), -3],
    ['a 32-bit number', u32(0xffff_ffff), 0xffff_ffff],
    ['a signed 64-bit number', hex(types.int64, 'ffffffffffffffff'), -1],
    ['a float', hex(types.real32, 'cdcccc3d'), '0.1'],
    ['a whole double', hex(types.real64, '0000000000000840'), '3.0'],
    ['yes', u32Of(types.boolean, 1), true],
    ['no', u32Of(types.boolean, 0), false],
    ['neither', u32Of(types.boolean, 16), 16],
    ['bytes', hex(types.binary, '00ff1a'), '00FF1A'],
    ['a pointer', hex(types.size, 'e703000000000000'), '0x3e7'],
    ['a long hexadecimal number', hex(types.hexInt64, '0100000000000080'), '0x8000000000000001'],
    ['a security identifier', hex(types.sid, '010200000000000520000000' + '20020000'), 'S-1-5-32-544'],
    ['a system time', hex(types.systemTime, 'ea07030002000a000c0022003800' + '1503'), '2026-03-10T12:34:56.789000Z'],
    ['a FILETIME of never', hex(types.fileTime, 'ffffffffffffff7f'), '9999-12-31T23:59:59.999000Z'],
    ['a list of text', { type: 0x81, bytes: Buffer.from('a\0b\0', 'utf16le') }, 'a,b'],
    ['a list of numbers', hex(0x86, '01000200'), '1,2'],
    ['nothing', nothing, ''],
  ])('has %s', async (_what, value, expected) => {
    const [fields] = await fieldsOf(record(value));
    expect(fields?.['What']).toEqual(expected);
  });

  it('keeps all digits of a 64-bit number', async () => {
    const { events } = await read(logOf(chunkOf([record(hex(types.uint64, 'ffffffffffffffff'))])));
    expect(events[0]?.fields).toContain('"What":18446744073709551615');
  });

  it('numbers names that stand twice, and sets the part before those that System has', async () => {
    const template = eventTemplate('P', [namedData('A', 'A', 'Channel', '__proto__', 'constructor')]);
    const values = [...systemValues(4, time), text('1'), text('2'), text('3'), text('4'), text('5')];
    const { events } = await read(logOf(chunkOf([{ template, values }])));
    expect(events[0]?.fields).toMatch(/"A":"1","A_1":"2","EventData_Channel":"3","__proto__":"4","constructor":"5"\}$/);
  });

  it('makes a list of data without names, and one entry each of a list among them', async () => {
    const data: Element = { name: 'Data', content: [{ slot: 8 }] };
    const template = eventTemplate('P', [
      { name: 'EventData', content: [data, { name: 'Data', content: [{ slot: 9 }] }] },
    ]);
    const list: Value = { type: 0x81, bytes: Buffer.from('b\0c\0', 'utf16le') };
    const [fields] = await fieldsOf({ template, values: [...systemValues(4, time), text('a'), list] });
    expect(fields?.['Data']).toEqual(['a', 'b', 'c']);
  });

  it('puts text, entities and values of one element together', async () => {
    const content = ['<', { slot: 8 }, { entity: 'amp' }, { cdata: '>' }, { entity: 'nbsp' }];
    const data: Element = { name: 'Data', attributes: { Name: 'What' }, content };
    const [fields] = await fieldsOf({
      template: eventTemplate('P', [{ name: 'EventData', content: [data] }]),
      values: [...systemValues(4, time), u16(7)],
    });
    expect(fields?.['What']).toBe('<7&>&nbsp;');
  });

  it('reads a fragment in a value, and the names of what the collector rendered with their part', async () => {
    const template = eventTemplate('P', [
      { name: 'UserData', content: [{ slot: 8 }] },
      {
        name: 'RenderingInfo',
        attributes: { Culture: 'en-US' },
        content: [
          { name: 'Message', content: ['said'] },
          { name: 'Level', content: ['Warning'] },
        ],
      },
    ]);
    const inner: Element = {
      name: 'LogFileCleared',
      attributes: { xmlns: 'x' },
      content: [{ name: 'Channel', content: ['System'] }],
    };
    const before = [...systemValues(104, time)];
    const [fields] = await fieldsOf({
      template,
      values: [...before, fragmentAt(valueOffset(template, before), inner)],
    });
    expect(fields).toMatchObject({
      UserData_Channel: 'System',
      Message: 'said',
      RenderingInfo_Level: 'Warning',
      RenderingInfo_Culture: 'en-US',
    });
  });
});

function u32Of(type: number, value: number): Value {
  return number(type, 4, value);
}

/** Where in the chunk the value behind these stands in the first record: right behind the template and them. */
function valueOffset(template: Element, before: readonly Value[]): number {
  const mark = Buffer.from('the value stands here');
  const chunk = chunkOf([{ template, values: [...before, { type: types.binary, bytes: mark }] }]);
  return chunk.indexOf(mark);
}

describe('a file', () => {
  const words = ['a', 'b', 'c', 'd'] as const;
  const chunks = [chunkOf([told('a'), told('b')]), chunkOf([told('c'), told('d')], 3)];
  const whatOf = ({ events }: Read): unknown[] =>
    events.map((event) => (JSON.parse(event.fields ?? '{}') as Record<string, unknown>)['What']);

  it('is read however it is cut, and from any checkpoint', async () => {
    const file = logOf(...chunks);
    const whole = await read(file);
    expect(whatOf(whole)).toEqual(words);
    expect(whole.events.map((event) => [event.evidence_at, event.time])).toEqual([1, 2, 3, 4].map((at) => [at, time]));
    expect(whole.checkpoint).toMatchObject({ byte: file.length, line: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70_000 }), async (cut) => {
        expect((await read(file, contentStart, cut)).events).toEqual(whole.events);
      }),
      { numRuns: 10 },
    );
    const start = { byte: 4096 + 65_536, line: 2, state: String(file.length) };
    expect((await read(file, start)).events).toEqual(whole.events.slice(2));
  });

  it('is read without its header, as chunks that were carved out of a disk', async () => {
    const read1 = await read(Buffer.concat(chunks));
    expect(whatOf(read1)).toEqual(words);
    expect(read1.problems).toEqual([]);
  });

  it('tells of a chunk without its mark, and reads the others', async () => {
    const [first, second] = chunks as [Buffer, Buffer];
    const bad = await read(logOf(first, Buffer.alloc(65_536, 7), second));
    expect(whatOf(bad)).toEqual(words);
    expect(bad.problems).toMatchObject([{ code: 'bad-record', at: { byte: 4096 + 65_536 } }]);
  });

  it('passes over space that is not used, and tells of what trails', async () => {
    const file = Buffer.concat([logOf(...chunks), Buffer.alloc(65_536), Buffer.from('and more')]);
    const trailing = await read(file);
    expect(whatOf(trailing)).toEqual(words);
    expect(trailing.problems).toMatchObject([{ code: 'partly-seen', message: expect.stringContaining('8 bytes') }]);
  });

  it('reads what is left of a cut chunk, and tells what is missing', async () => {
    const file = logOf(...chunks);
    const cut = await read(file.subarray(0, 4096 + 65_536 + 512 + 20));
    expect(whatOf(cut)).toEqual(['a', 'b']);
    expect(cut.problems.map(({ code }) => code)).toEqual(['bad-record', 'truncated']);
    const growing = await read(file.subarray(0, 4096 + 65_536 + 512 + 20), contentStart, 1 << 20, true);
    expect(growing.checkpoint.byte).toBe(4096 + 65_536);
  });

  it('reads a record in full when the file ends behind it', async () => {
    const part = usedPart(chunks[1] ?? Buffer.alloc(0));
    expect(whatOf(await read(logOf(chunks[0] ?? part, part)))).toEqual(words);
  });

  it('tells of a damaged record with its number, and reads the next', async () => {
    const damaged = chunkOf([told('a'), told('b'), told('c')], 7, (chunk, starts) => {
      chunk.writeUInt8(0x1f, (starts[1] ?? 0) + 28);
    });
    const { events, problems } = await read(logOf(damaged));
    expect(events.map((event) => event.evidence_at)).toEqual([1, 3]);
    expect(problems.map(({ code, at }) => [code, at.line])).toEqual([
      ['checksum-mismatch', undefined],
      ['bad-record', 2],
    ]);
    expect(problems[1]?.message).toContain('record 8 cannot be read: token 0x1f');
  });

  it('stops a chunk whose records ask for far more than they hold', async () => {
    const many = eventTemplate('P', [namedData(...Array.from({ length: 900 }, () => 'A'))]);
    const slots = {
      ...many,
      content: [
        { name: 'EventData', content: Array.from({ length: 900 }, () => ({ name: 'Data', content: [{ slot: 0 }] })) },
      ],
    };
    const bomb: TestRecord = { template: slots, values: [text('x'.repeat(16_000))] };
    const { problems } = await read(logOf(chunkOf([bomb])));
    expect(problems).toMatchObject([{ code: 'limit-reached', message: expect.stringContaining('16 MiB') }]);
  });

  it('hands batches over by what they hold, not only by their count', async () => {
    const value = text('x'.repeat(1500));
    const slots: Element = {
      name: 'Event',
      content: [
        { name: 'EventData', content: Array.from({ length: 400 }, () => ({ name: 'Data', content: [{ slot: 0 }] })) },
      ],
    };
    const chunk = chunkOf(Array.from({ length: 6 }, () => ({ template: slots, values: [value] })));
    const sizes: number[] = [];
    async function* content(): AsyncGenerator<Uint8Array> {
      yield logOf(...Array.from({ length: 8 }, () => chunk));
    }
    for await (const { events } of decode(content(), {
      name: 'x',
      start: contentStart,
      growing: false,
      logger: silentLogger,
    })) {
      sizes.push(events.length);
    }
    expect(sizes.length).toBeGreaterThan(2);
  });

  it('never throws on bytes that were changed', async () => {
    const file = Buffer.concat([logOf(chunks[0] ?? Buffer.alloc(0))]).subarray(0, 4096 + 1800);
    const change = fc.tuple(fc.integer({ min: 4096 + 40, max: file.length - 1 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) bytes.writeUInt8(value, at);
        const { events, problems } = await read(bytes);
        expect(events.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
