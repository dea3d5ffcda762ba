import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnEntries, newEvent, type EventRow } from '../../events/event.ts';
import type { Mapping } from '../../events/mapping.ts';
import type { RowSink } from '../../events/row-sink.ts';
import { JsonTape } from '../json-tape.ts';
import { compileMapping } from './compile.ts';
import { compileTapeRow } from './tape-row.ts';
import { compileTape } from './tape.ts';

const mapping: Mapping<'flow'> = {
  kind: 'flow',
  columns: {
    time: {
      first: [
        { path: 'f.start', as: 'iso' },
        { path: 'ts', as: 'iso' },
      ],
    },
    event_dataset: { join: [{ constant: 'x' }, { path: 'kind', as: 'lower', table: { a: 'A' } }], by: '.' },
    sensor: { constant: 'here' },
    event_duration: {
      minus: [
        { path: 'f.end', as: 'iso' },
        { path: 'f.start', as: 'iso' },
      ],
    },
    source_ip: { path: 'ip', as: 'ip' },
    source_port: {
      first: [
        { path: 'port', as: 'integer' },
        { path: 'q[].n', as: 'integer' },
      ],
    },
    source_bytes: {
      plus: [
        { path: 'f.a', as: 'integer' },
        { path: 'f.b', as: 'integer' },
      ],
    },
    uid: { path: 'id', as: 'text' },
    network_protocol: { path: 'names[]', as: 'name' },
    tunnel_parents: { path: 'q[].s', as: 'list' },
    history: { path: 'names[]', as: 'joined' },
    local_orig: { path: 'yes', as: 'boolean' },
    source_mac: { path: 'fp', as: 'hex' },
    conn_state: { path: 'site', as: 'hostname' },
    end_reason: { path: 'ts', as: 'text' },
  },
  keep: ['yes'],
  drop: ['noise'],
};

const tape = new JsonTape();
const fromTape = compileTape(mapping, tape);
const toRow = compileTapeRow(mapping, tape);
const fromObject = compileMapping(mapping, { nested: true });

type Problems = [path: string, value: unknown][];

/** Event and bad values by the tape; undefined when it leaves the record to the other way. As a row it is the same. */
function byTape(text: string) {
  const bytes = Buffer.from(text);
  if (!tape.read(bytes, 0, bytes.length)) return undefined;
  const problems: Problems = [];
  const event = fromTape((path, value) => problems.push([path, value]));
  const asRow = byRow();
  expect(asRow?.row).toEqual(event);
  expect(new Set(asRow?.problems ?? [])).toEqual(new Set(problems));
  return event === undefined ? undefined : { event, problems };
}

/** The row that the record on the tape becomes, as the event that it stands for. */
function byRow() {
  const problems: Problems = [];
  let row: EventRow | undefined;
  const names = columnEntries('flow').map(([name]) => name);
  const rows: RowSink = {
    begin(kind, at, time) {
      expect([row, kind, at]).toEqual([undefined, 'flow', 7]);
      const begun: EventRow = Object.assign(newEvent('flow'), { time }) as EventRow;
      row = begun;
      return {
        put: (column, value) => (begun[names[column] as string] = value as EventRow[string]),
        putText: (column, bytes, start, end) =>
          (begun[names[column] as string] = Buffer.from(bytes.subarray(start, end)).toString('utf8')),
      };
    },
  };
  const isTaken = toRow(7, rows, (path, value) => problems.push([path, value]));
  expect(row !== undefined).toBe(isTaken);
  return row === undefined ? undefined : { row, problems };
}

function byObject(text: string) {
  const problems: Problems = [];
  const event = fromObject(JSON.parse(text) as Record<string, unknown>, (path, value) => problems.push([path, value]));
  return { event, problems };
}

describe('compileTape', () => {
  it.each([
    '{"ts":"2021-06-06T15:59:46.457984+0200","id":12,"kind":"A","ip":"10.0.0.1"}',
    '{"ts":"2021-06-06T15:59:46Z","f":{"start":"2021-06-06T15:59:46.457984-0200","end":"2021-06-06T16:00:00.000001-0200","age":3}}',
    '{"f":{"start":"2021-06-06T24:00:00.000000+0000","a":1,"b":-5},"port":80}',
    '{"q":[{"n":1,"s":"x","rest":1},{"s":"y"},{"n":2}],"noise":{"a":[1]},"yes":true}',
    '{"names":["A.","b"],"more":"x","other":{"deep":[{"a":1}]}}',
    '{"names":[]}',
    '{"port":"x","ip":"nowhere","yes":"maybe","ts":"when","names":["a"]}',
    '{"id":"\\u00e5\\/\\n","extra":"\\u00e5\\/\\n","z":{"id":"\\t"}}',
    '{"id": "å", "extra": ["ö", 1], "f": {"c": "x y"}}',
    '{"extra":{"x":1},"f":{"age":1,"a":2,"state":"new","b":3,"why":"z"},"last":1.5}',
    '{"__proto__":{"a":1},"f":{"__proto__":1}}',
    '{"port":70000.5}',
    '{"id":null,"x":null,"f":{"a":null,"c":{}},"q":[{"s":null}],"y":{"z":{"u":{},"v":null,"w":[{},null]}},"w":{"v":{}}}',
    '{"names":[null],"ip":null,"q":null,"f":null,"noise":null,"yes":null}',
    '{"names":[null,"a",null],"http2":{"id":3,"request":{"p":1},"response":{}},"more":1}',
  ])('gives what compileMapping gives for %s', (text) => {
    expect(byTape(text)).toEqual(byObject(text));
  });

  it.each([
    ['an object for a value', '{"id":{"a":1}}'],
    ['a value for an object', '{"f":1}'],
    ['an object for a list', '{"q":{"n":1}}'],
    ['values for objects in a list', '{"q":[1]}'],
    ['a list without entries that paths go through', '{"q":[]}'],
    ['a list in a list', '{"names":[["a"]]}'],
  ])('leaves %s to compileMapping', (_what, text) => {
    expect(byTape(text)).toBeUndefined();
  });

  it('gives what compileMapping gives whenever it gives anything, and mostly does', () => {
    const time = fc.constantFrom(
      '2021-06-06T15:59:46.457984+0200',
      '2021-06-06T15:59:46',
      '2021-02-31T23:59:59.000001-0130',
      '1969-12-31T23:59:59',
      '9999-12-31T23:59:59.999999-0100',
      '2021-06-06T24:00:00',
      '2021-06-06T15:59:46.45798x+0200',
      '2021-13-06T15:59:46',
    );
    const address = fc.constantFrom('10.0.0.1', '::1', '10.0.0.01', '10.0.0', '256.1.1.1', '1.2.3.4.5', '2001:DB8::1');
    const text = fc.oneof(fc.constantFrom('A', 'å', 'a b', '7', 'q"\\/\n'), time, address);
    const scalar = fc.oneof({ weight: 4, arbitrary: text }, fc.integer({ min: -9, max: 99 }), fc.boolean());
    const nothing = fc.constantFrom(null, {}, { z: { y: null, x: [{}] } });
    const innerValue = fc.oneof({ weight: 6, arbitrary: scalar }, nothing);
    const inner = fc.dictionary(fc.constantFrom('start', 'end', 'a', 'b', 'n', 's', 'x', '__proto__'), innerValue);
    const anything = fc.oneof(scalar, inner, fc.array(fc.oneof(scalar, inner), { maxLength: 3 }), fc.double());
    const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 20, arbitrary }, anything);
    const record = fc.record(
      {
        ts: mostly(scalar),
        kind: mostly(scalar),
        ip: mostly(scalar),
        port: mostly(scalar),
        id: mostly(scalar),
        names: mostly(fc.array(scalar, { maxLength: 3 })),
        f: mostly(inner),
        q: mostly(fc.array(inner, { minLength: 1, maxLength: 3 })),
        yes: mostly(fc.boolean()),
        fp: mostly(fc.constantFrom('2D:d1:9F', 'ab12', 'å:Ä', '', '"\\', 'A'.repeat(300))),
        site: mostly(fc.constantFrom('Example.com:8080', 'example.com', 'example.com.', '[::1]:80', 'Ä.com', 'a:b')),
        noise: anything,
        x: anything,
        y: anything,
      },
      { requiredKeys: [] },
    );
    let taken = 0;
    fc.assert(
      fc.property(record, fc.boolean(), (value, isSpaced) => {
        const plain = JSON.stringify(value);
        const spaced = JSON.stringify(value, null, 1)
          .replaceAll(/\n */g, ' ')
          .replaceAll(/(?<=[{[]) | (?=[}\]])/g, '');
        const line = isSpaced ? spaced : plain;
        const got = byTape(line);
        if (got !== undefined) taken++;
        expect(got ?? byObject(line)).toEqual(byObject(line));
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('reads lists of text and addresses as compileMapping does', () => {
    const lists: Mapping<'dns'> = {
      kind: 'dns',
      columns: {
        dns_answers: { path: 'a[].r', as: 'list' },
        dns_resolved_ip: { path: 'a[].r', as: 'ips' },
        dns_answer_types: { path: 'b', as: 'list' },
        dns_answer_ttls: { path: 'c[]', as: 'list', table: { x: 'X' } },
      },
    };
    const byTheTape = compileTape(lists, tape);
    const byTheObject = compileMapping(lists, { nested: true });
    const values = ['10.0.0.1', '::FFFF:1.2.3.4', 'x', 'q"', 7, true, 1.5, null];
    const records = [
      { a: values.map((r) => ({ r, ttl: 1 })), b: 'one', c: values },
      { a: [{ ttl: 1 }], c: [] },
      { a: [{ r: 'fe80::1%eth0' }], b: 12, c: 'x' },
    ];
    for (const record of records) {
      const bytes = Buffer.from(JSON.stringify(record));
      expect(tape.read(bytes, 0, bytes.length)).toBe(true);
      expect(byTheTape(() => undefined)).toEqual(byTheObject(record, () => undefined));
    }
  });

  it('keeps its memory of shapes small, and right when there are many', () => {
    for (let index = 0; index < 2000; index++) {
      const line = `{"id":${index},"k${index % 700}":{"x":1}}`;
      expect(byTape(line)).toEqual(byObject(line));
    }
  });

  it('refuses mappings whose paths cannot be told apart', () => {
    const bad: Mapping<'flow'> = {
      kind: 'flow',
      columns: { uid: { path: 'a', as: 'text' }, history: { path: 'a.b', as: 'text' } },
    };
    expect(() => compileTape(bad, tape)).toThrow('a.b');
  });
});
