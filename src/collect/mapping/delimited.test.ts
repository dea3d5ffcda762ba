import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conversion, Mapping, Reader } from '../../events/mapping.ts';
import type { DelimitedLayout } from '../../store/bulk.ts';
import { compileMapping } from './compile.ts';
import { compileDelimited } from './delimited.ts';
import { undoEscapes } from './escapes.ts';

const layoutOf = (names: readonly string[], parts: Partial<DelimitedLayout> = {}): DelimitedLayout => ({
  type: 'delimited',
  unescape: undoEscapes,
  delimiter: '\t',
  columns: names.map((name) => ({ name, isList: name.startsWith('list'), isText: false })),
  unset: '-',
  empty: '(empty)',
  listSeparator: ',',
  comment: '#',
  ...parts,
});

function readLine(mapping: Mapping, layout: DelimitedLayout, line: string) {
  const problems: [string, unknown][] = [];
  const bytes = Buffer.from(`before ${line} behind`);
  const from = 'before '.length;
  const reader = compileDelimited(mapping, layout);
  const event = reader.read(bytes, from, from + Buffer.byteLength(line), (path, value) => problems.push([path, value]));
  return { event, problems };
}

const read = (path: string, as: Conversion): Reader => ({ path, as });

const columns = {
  time: read('a', 'seconds'),
  sensor: read('b', 'text'),
  uid: { first: [read('c', 'text'), read('d', 'text')] },
  source_ip: read('e', 'ip'),
  source_port: read('f', 'integer'),
  event_duration: read('g', 'interval'),
  is_open: read('h', 'boolean'),
  tunnel_parents: read('list1', 'list'),
  network_transport: read('b', 'lower'),
  network_protocol: read('list2', 'joined'),
  source_bytes: { plus: [read('f', 'integer'), read('i', 'integer')] },
};
const mapping = { kind: 'flow', columns, drop: ['j'] } as unknown as Mapping;
const texts =
  '-|(empty)||x|Äb|7|007|1.5|1700000000.123456|10.0.0.1|2001:DB8::1|T|F|a,b|a,-,(empty)|9007199254740993|-5|1e3|0.1234565|1e309|XXXXXXXXXX.XXXXXX|2000000000.000001'.split(
    '|',
  );
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'list1', 'list2', 'i', 'j', 'k', 'list3'];

describe('compileDelimited', () => {
  it('gives what compileMapping gives for the same texts', () => {
    const cell = fc.constantFrom(...texts);
    const marks = { unset: '-', empty: '(empty)', listSeparator: ',' };
    const fromObject = compileMapping(mapping, { nested: false, ...marks });
    fc.assert(
      fc.property(fc.tuple(...names.map(() => cell)), (cells) => {
        const { event, problems } = readLine(mapping, layoutOf(names), cells.join('\t'));
        const other: [string, unknown][] = [];
        const record = Object.fromEntries(names.map((name, index) => [name, cells[index]]));
        const want = fromObject(record, (path, value) => other.push([path, value]));
        const fields = JSON.parse(String(event?.['fields'])) as Record<string, unknown>;
        const wantFields = JSON.parse(String(want['fields'])) as Record<string, unknown>;
        const { list3: _one, ...plain } = fields ?? {};
        const { list3: _other, ...wantPlain } = wantFields ?? {};
        const unmarked = Object.fromEntries(
          Object.entries(wantPlain).map(([name, value]) => [name, value === '(empty)' ? '' : value]),
        );
        expect({ ...event, fields: plain }).toEqual({ ...want, fields: unmarked });
        expect(problems).toEqual(other);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', 'a', 'a\tb\tc', 'a\tb\tc\td'])('does not read %j as two cells', (line) => {
    expect(readLine(mapping, layoutOf(['a', 'b']), line).event).toBeUndefined();
  });

  it('reads separators and marks of several bytes', () => {
    const layout = layoutOf(['a', 'b', 'f'], { delimiter: '||', unset: 'N/A' });
    expect(readLine(mapping, layout, '1700000000.5||é||N/A').event).toMatchObject({
      time: 1_700_000_000_500_000,
      sensor: 'é',
      source_port: null,
    });
  });

  it('reads the mark of nothing set where that is nothing at all', () => {
    const layout = layoutOf(['b', 'f'], { unset: '' });
    expect(readLine(mapping, layout, '\t5').event).toMatchObject({ sensor: null, source_port: 5, fields: null });
  });

  it('writes leftovers by their types', () => {
    const typed = layoutOf(['n', 'b2', 't', 'x'], {
      columns: [
        { name: 'n', isList: false, isText: false, json: 'number' },
        { name: 'b2', isList: false, isText: false, json: 'boolean' },
        { name: 't', isList: true, isText: false, json: 'time' },
        { name: '__proto__', isList: false, isText: true },
      ],
    });
    expect(readLine(mapping, typed, '18446744073709551615\tT\t0.000000\t\\x41').event?.['fields']).toBe(
      '{"n":18446744073709551615,"b2":true,"t":["1970-01-01T00:00:00.000000Z"],"__proto__":"A"}',
    );
    expect(readLine(mapping, typed, '007\tyes\t-\t-').event?.['fields']).toBe('{"n":"007","b2":"yes"}');
  });
});
