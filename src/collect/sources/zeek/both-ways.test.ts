import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnEntries, type EventRow, type KindId } from '../../../events/event.ts';
import type { Conversion, Reader } from '../../../events/mapping.ts';
import { partsOf, readerEntries } from '../../../events/readers.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { BulkPlan } from '../../../store/bulk.ts';
import { cellColumns } from '../../../store/duckdb/bulk/column-forms.ts';
import { delimitedFeed } from '../../../store/duckdb/bulk/delimited-feed.ts';
import { flatLines } from '../../../store/duckdb/bulk/flat-rows.ts';
import { bulkSelect } from '../../../store/duckdb/bulk/sql.ts';
import { ChunkTables } from '../../../store/duckdb/chunk-tables.ts';
import { duckdbTypes } from '../../../store/duckdb/ddl.ts';
import { stageLineKey } from '../../../store/store.ts';
import { source } from './index.ts';
import { mappedLogs, mappingOf } from './logs.ts';

/** Both ways to read a log must give the same rows: record by record in JavaScript, and by columns in DuckDB. */

let folder = '';
let connection: DuckDBConnection;
let tables: ChunkTables;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zeek-both-ways-'));
  const instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  tables = new ChunkTables(connection);
});

afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

async function decoded(name: string, content: Buffer): Promise<EventRow[]> {
  const context = { name, start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  const events: EventRow[] = [];
  async function* pieces() {
    for (let at = 0; at < content.length; at += 997) yield content.subarray(at, at + 997);
  }
  for await (const batch of source.decode(pieces(), context)) events.push(...(batch.events as unknown as EventRow[]));
  return events;
}

/** Rows that DuckDB loads, and how many lines it leaves to the row decoder; undefined when it leaves the whole file. */
async function loaded(name: string, content: Buffer): Promise<{ rows: EventRow[]; others: number } | undefined> {
  const plan = source.bulk?.(name, content);
  if (plan === undefined) return undefined;
  const body = content.subarray(plan.headerBytes);
  const isJson = plan.layout.type === 'json';
  const lines = body.toString('latin1').split('\n').slice(0, -1);
  const staged = plan.routes.map(() => '');
  lines.forEach((line, index) => {
    const bytes = Buffer.from(line, 'latin1');
    const route = plan.route?.(bytes, 0, bytes.length) ?? 0;
    if (route < 0) return;
    const head = isJson ? `{"${stageLineKey}":${index + 1},` : '';
    staged[route] = `${staged[route] ?? ''}${head}${isJson ? line.slice(1) : line}\n`;
  });
  const rows: EventRow[] = [];
  for (const [route, text] of staged.entries()) {
    if (text === '') continue;
    const found = await withRows(plan, route, Buffer.from(text, 'latin1'), (from) =>
      select(plan.routes[route]?.mapping.kind ?? 'log', bulkSelect(plan, route, from, 0, plan.headerLines + 1).sql),
    );
    if (found?.length !== text.split('\n').length - 1) return undefined;
    rows.push(...found);
  }
  return { rows: rows.filter((row) => row['irregular'] === false), others: lines.length - rows.length };
}

/** The lines of a route as the store reads them. */
async function withRows<T>(
  plan: BulkPlan,
  index: number,
  lines: Buffer,
  work: (from: string) => Promise<T>,
): Promise<T> {
  const route = plan.routes[index];
  if (route === undefined) throw new RangeError('there is no such route');
  if (plan.layout.type === 'delimited') {
    return tables.reading(delimitedFeed(lines, plan.layout, cellColumns(plan.layout, route.mapping)), work);
  }
  const path = join(folder, `staged-${index}`);
  writeFileSync(path, lines);
  return work(flatLines(route, path));
}

async function select(kind: KindId, select: string): Promise<EventRow[] | undefined> {
  const nulls = columnEntries(kind).map(([name, { type }]) => `NULL::${duckdbTypes[type]} AS "${name}"`);
  const sql = `SELECT ${nulls.join(', ')} WHERE FALSE UNION ALL BY NAME ${select}`;
  const columns = columnEntries(kind).map(([name, { type }]) => {
    if (type === 'time') return `epoch_us("${name}")::DOUBLE AS "${name}"`;
    return type === 'integer' || type === 'duration' ? `"${name}"::DOUBLE AS "${name}"` : `"${name}"`;
  });
  try {
    const reader = await connection.runAndReadAll(
      `SELECT ${columns.join(', ')}, evidence_line::DOUBLE AS evidence_line, irregular FROM (${sql})`,
    );
    return (reader.getRowObjectsJson() as EventRow[]).map((row, index) => {
      const { evidence_line: line, ...rest } = row;
      return { kind, ...rest, evidence_at: rest['evidence_at'] ?? Number(line) + index };
    });
  } catch {
    return undefined;
  }
}

function comparable(row: EventRow): EventRow {
  const { irregular: _irregular, fields, ...rest } = row;
  // One of the two writes a minus before zero.
  const value: unknown = JSON.parse(String(fields ?? null), (_key, part: unknown) => (part === 0 ? 0 : part));
  return { ...rest, fields: value as null };
}

/** Compares every row that was loaded; returns how many lines were. */
async function compare(name: string, content: Buffer): Promise<number> {
  const bulk = await loaded(name, content);
  if (bulk === undefined) return 0;
  const byLine = new Map((await decoded(name, content)).map((row) => [row['evidence_at'], row]));
  for (const row of bulk.rows) {
    const want = byLine.get(row['evidence_at'] ?? null);
    expect(want, `line ${String(row['evidence_at'])}`).toBeDefined();
    expect(comparable(row)).toEqual(comparable(want ?? {}));
  }
  return bulk.rows.length;
}

type Kind = 'plain' | 'ugly';

/** Cells as Zeek writes them, and cells that nobody should write. */
const cells: Readonly<Record<string, Readonly<Record<Kind, readonly string[]>>>> = {
  time: {
    plain: [
      '1700000000.123456',
      '1521911725.396014',
      '1.000001',
      '1999999999.999999',
      '2524608000.500000',
      '253402300799.000000',
    ],
    ugly: [
      'XXXXXXXXXX.XXXXXX',
      '0.000000',
      '-5.000000',
      '1700000000',
      '1700000000.5',
      '1e9',
      'nan',
      '',
      '1700000000.1234567',
      '99999999999999.0',
      '1700000000123',
      '2023-11-14T22:13:20Z',
      ' 1700000000.0',
      '1700000000.',
    ],
  },
  interval: {
    plain: ['0.000000', '0.055687', '3600.000000', '86400.123456'],
    ugly: ['-1.500000', '1e-06', 'inf', '', '0.0000005', '1_0.5', '.5', '5.', '0.1234565'],
  },
  count: {
    plain: ['0', '1', '443', '123456789012345'],
    ugly: ['007', '-3', '9007199254740993', '18446744073709551615', '1e3', '1.5', '+5', ' 5', '1_000', '0x10', '', '٣'],
  },
  double: { plain: ['0.5', '100.0', '12'], ugly: ['nan', '1e-05', '-0.0', '1e400', '00.5', ''] },
  port: { plain: ['0', '53', '65535'], ugly: ['http', '-', '99999999'] },
  addr: {
    plain: ['10.0.0.1', '192.168.255.254', '2001:db8::1', 'fe80::1:2:3:4', '::1', '2001:db8:1:2:3:4:5:6'],
    ugly: [
      '010.0.0.1',
      '256.1.1.1',
      '2001:DB8::1',
      '::ffff:1.2.3.4',
      '::ffff:102:304',
      '2001:db8:0:0:0:0:0:1',
      'fe80::1%eth0',
      '1.2.3',
      'host',
      '::',
      '1::2::3',
      '2001:0db8::1',
      '0:0::1',
      '2001:db8::0:1',
      '1:0:0:2:0:0:0:3',
      '',
      '1.2.3.4 ',
    ],
  },
  bool: { plain: ['T', 'F'], ugly: ['true', 'false', 't', '1', ''] },
  enum: { plain: ['tcp', 'udp', 'SSL::Invalid_Server_Cert'], ugly: ['(empty)', 'a b'] },
  subnet: { plain: ['10.0.0.0/8'], ugly: ['x'] },
  string: {
    plain: [
      'abc',
      'CHhAvVGS1DHFjwGM9',
      '(empty)',
      'Mozilla/5.0 (X11; Linux)',
      'h\\x09x',
      'a\\\\b',
      '\\\\\\\\host\\\\x41',
      '\\x00\\x00',
      '"quoted"',
      "it's",
      '{"a":1}',
      'WWW.Example.ORG.',
      'host:8080',
      '.',
      'null',
      '007',
      '\\x2d',
      '100%',
      'TXT 5 a,b',
      '#x',
      '1.0',
      '5.000000',
    ],
    ugly: [
      'é',
      '\\xc3\\xa9',
      'ÉCOLE.fr',
      '\\xff\\xfe',
      '\\q',
      'a\\',
      '\\x4',
      '日本\\x41',
      'İ',
      '',
      ' ',
      'x\u2028y',
      '\\xc3',
      'ẞ.de',
      '- x',
    ],
  },
};
const lists: Readonly<Record<Kind, readonly string[]>> = { plain: ['(empty)'], ugly: ['', ',', '-,-', 'a,-,b'] };

function cellOf(type: string, isUgly: boolean): fc.Arbitrary<string> {
  const inner = /\[(?<inner>\w+)\]/.exec(type)?.groups?.['inner'];
  const set = cells[inner ?? type];
  const values = [...(set?.plain ?? []), ...(isUgly ? (set?.ugly ?? []) : [])];
  // One odd cell sends a whole file to the row decoder: most must be plain for the comparison to say anything.
  const plain = fc.constantFrom(...(set?.plain ?? []));
  const single = fc.oneof({ weight: 40, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom(...values) });
  const orUnset = fc.oneof({ weight: 5, arbitrary: single }, { weight: 1, arbitrary: fc.constant('-') });
  if (inner === undefined) return orUnset;
  // Times of the year 9999 stand in certificates only, never in lists: there they are left to the row decoder.
  const ofLists = values.filter((value) => !value.includes(',') && value !== '' && !value.startsWith('2534'));
  const entries = fc.array(fc.constantFrom(...ofLists), { minLength: 1, maxLength: 3 });
  const whole = fc.constantFrom('-', ...lists.plain, ...(isUgly ? lists.ugly : []));
  return fc.oneof({ weight: 3, arbitrary: entries.map((list) => list.join(',')) }, { weight: 1, arbitrary: whole });
}

const typeOf: Readonly<Partial<Record<Conversion, string>>> = {
  integer: 'count',
  real: 'double',
  boolean: 'bool',
  ip: 'addr',
  seconds: 'time',
  interval: 'interval',
  list: 'vector[string]',
  ips: 'vector[string]',
  joined: 'set[string]',
};

/** Fields of a log with plausible types: those that its mapping reads, and some of every type that it does not. */
function fieldsOf(log: string): [field: string, type: string][] {
  const fields = new Map<string, string>();
  const visit = (reader: Reader): void => {
    if ('path' in reader) fields.set(reader.path, fields.get(reader.path) ?? typeOf[reader.as] ?? 'string');
    else for (const part of partsOf(reader)) visit(part);
  };
  for (const [, reader] of readerEntries(mappingOf(log))) visit(reader);
  if (fields.has('TTLs')) fields.set('TTLs', 'vector[interval]');
  for (const type of [
    ...Object.keys(cells),
    'set[string]',
    'vector[count]',
    'set[addr]',
    'vector[double]',
    'vector[bool]',
    'vector[time]',
  ]) {
    fields.set(`extra_${type.replace('[', '_').replace(']', '')}`, type);
  }
  return [...fields];
}

const logNames = [...Object.keys(mappedLogs), 'weird', 'kerberos'];

interface MadeLog {
  readonly log: string;
  readonly fields: readonly (readonly [field: string, type: string])[];
  readonly rows: readonly (readonly string[])[];
}

function madeLog(isUgly: boolean): fc.Arbitrary<MadeLog> {
  return fc.constantFrom(...logNames).chain((log) => {
    const all = fieldsOf(log);
    return fc
      .subarray(
        all.filter(([field]) => field !== 'ts'),
        { minLength: 1 },
      )
      .map((some): readonly (readonly [string, string])[] => [['ts', 'time'], ...some])
      .chain((fields) => {
        const row = fc.tuple(
          ...fields.map(([, type], index) =>
            index === 0 && !isUgly ? cellOf('time', false).filter((cell) => cell !== '-') : cellOf(type, isUgly),
          ),
        );
        return fc.array(row, { minLength: 1, maxLength: 6 }).map((rows) => ({ log, fields, rows }));
      });
  });
}

function tsv({ log, fields, rows }: MadeLog): Buffer {
  const header = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', `#path\t${log}`];
  const names = [
    `#fields\t${fields.map(([field]) => field).join('\t')}`,
    `#types\t${fields.map(([, type]) => type).join('\t')}`,
  ];
  return Buffer.from([...header, ...names, ...rows.map((row) => row.join('\t')), ''].join('\n'));
}

describe('a TSV log', () => {
  it('is loaded by columns when it is written as Zeek writes it', async () => {
    await fc.assert(
      fc.asyncProperty(madeLog(false), async (made) => {
        expect(await compare(`${made.log}.log`, tsv(made))).toBe(made.rows.length);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('gives the same rows both ways, or is left to the row decoder, whatever its cells hold', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(madeLog(true), async (made) => {
        count += await compare(`${made.log}.log`, tsv(made));
      }),
      { numRuns: 60 },
    );
    expect(count).toBeGreaterThan(10);
  }, 120_000);
});

/** JSON values as Zeek writes them, and others. */
const values: Readonly<Record<string, Readonly<Record<Kind, readonly unknown[]>>>> = {
  time: {
    plain: [1_700_000_000.123456],
    ugly: [
      1_700_000_000_123,
      '2023-11-14T22:13:20.123456Z',
      253_402_300_799,
      0,
      -5,
      1e300,
      '2023-02-31T00:00:00Z',
      '2023-11-14T22:13:20+01:30',
      '1700000000.5',
      'now',
      true,
      [1],
      1e18,
    ],
  },
  interval: { plain: [0, 0.055687, 3600, 0.000_431_060_791_015_625], ugly: [1e-7, -1.5, '0.5', 1e300, false] },
  count: {
    plain: [0, 1, 443, 123_456_789_012_345],
    ugly: [-3, 1.5, '443', 1e21, raw('18446744073709551615'), raw('1.0'), raw('1e3'), [5], {}],
  },
  double: { plain: [0.5, 100, raw('100.0')], ugly: [raw('1E5'), raw('-0'), raw('-0.0'), raw('1e400'), 'nan'] },
  addr: { plain: cells['addr']?.plain ?? [], ugly: [...(cells['addr']?.ugly ?? []), 5] },
  port: { plain: [53, 65_535], ugly: ['53'] },
  enum: { plain: ['tcp', 'SSL::X'], ugly: ['', 5] },
  subnet: { plain: ['10.0.0.0/8'], ugly: [null] },
  bool: { plain: [true, false], ugly: ['T', 'true', 1, null] },
  string: {
    plain: [
      'abc',
      '',
      'WWW.Example.ORG.',
      'a"b\\c',
      'host:8080',
      '{"a":1}',
      'tab\t',
      '\u0000',
      '1.0',
      'null',
      '\\svcctl',
    ],
    ugly: ['é', '\\x00\\x41', 'İ', 5, raw('5.0'), raw('1e-7'), true, ['a'], { a: 1 }, 'x\u2028', raw('"\\u00e9\\/"')],
  },
};

/** JSON text that JSON.stringify would not write. */
function raw(text: string): { readonly raw: string } {
  return { raw: text };
}

function jsonOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'raw' in value) return String(value.raw);
  return Array.isArray(value) ? `[${value.map(jsonOf).join(',')}]` : JSON.stringify(value);
}

function valueOf(type: string, isUgly: boolean): fc.Arbitrary<unknown> {
  const inner = /\[(?<inner>\w+)\]/.exec(type)?.groups?.['inner'];
  const set = values[inner ?? type];
  const plain = fc.constantFrom(...(set?.plain ?? []));
  const ugly = isUgly ? fc.constantFrom(...(set?.ugly ?? [])) : plain;
  const single = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: ugly });
  return inner === undefined ? single : fc.array(single, { maxLength: 3 });
}

interface MadeJson {
  readonly log: string;
  readonly isStream: boolean;
  readonly rows: readonly (readonly (readonly [key: string, value: unknown])[])[];
}

/** A log writes its times in one way. */
const times: readonly (readonly unknown[])[] = [
  [1_700_000_000.123456, 1_521_911_725.396014, 1_700_000_000, raw('1700000000.500000')],
  ['2023-11-14T22:13:20.123456Z', '1970-01-01T00:00:00.000000Z'],
  [1_700_000_000_123, 1_521_911_725_000],
];

function madeJson(isUgly: boolean): fc.Arbitrary<MadeJson> {
  const parts = fc.tuple(fc.constantFrom(...logNames), fc.boolean(), fc.constantFrom(...times));
  return parts.chain(([log, isStream, ofLog]) => {
    const fields = fieldsOf(log).filter(([field]) => field !== 'ts');
    const row = fc.subarray(fields).chain((some) => {
      const plain = fc.constantFrom(...ofLog);
      const time = (isUgly ? fc.oneof(plain, valueOf('time', true)) : plain).map((value) => ['ts', value] as const);
      const others = some.map(([field, type]) => valueOf(type, isUgly).map((value) => [field, value] as const));
      const odd = isUgly
        ? [
            fc.constantFrom<readonly [string, unknown]>(
              ['ts', 5],
              ['x', null],
              ['id', { orig_h: '10.0.0.9' }],
              ['__proto__', 1],
              ['new', 'x'],
            ),
          ]
        : [];
      return fc.tuple(time, ...others, ...odd);
    });
    return fc.array(row, { minLength: 1, maxLength: 6 }).map((rows) => ({ log, isStream, rows }));
  });
}

function ndjson({ log, isStream, rows }: MadeJson): Buffer {
  const lines = rows.map((row) => {
    const members = [...(isStream ? [['_path', log] as const] : []), ...row];
    return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value)}`).join(',')}}`;
  });
  return Buffer.from([...lines, ''].join('\n'));
}

describe('a JSON log', () => {
  it('is loaded by columns when it is written as Zeek writes it', async () => {
    await fc.assert(
      fc.asyncProperty(madeJson(false), async (made) => {
        expect(await compare(made.isStream ? 'x.json' : `${made.log}.log`, ndjson(made))).toBe(made.rows.length);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('gives the same rows both ways, or is left to the row decoder, whatever its values are', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(madeJson(true), async (made) => {
        count += await compare(made.isStream ? 'x.json' : `${made.log}.log`, ndjson(made));
      }),
      { numRuns: 60 },
    );
    expect(count).toBeGreaterThan(10);
  }, 120_000);

  it('is loaded by columns when its lists are empty in some rows', async () => {
    const lines = ['{"ts":1.5,"uid":"C0","TTLs":[5.0]}', '{"ts":1.5,"uid":"C1","TTLs":[]}', '{"ts":2.5,"uid":"C2"}'];
    expect(await compare('dns.log', Buffer.from(`${lines.join('\n')}\n`))).toBe(3);
  });

  const isoLine = (time: string): string => `{"ts":"${time}","uid":"C1"}`;
  it.each([
    [0, 'bytes that are no UTF-8', '{"ts":1.5,"uid":"C1","service":"a\xffb"}'],
    [0, 'the bytes of a half pair', '{"ts":1.5,"uid":"C1","service":"\xed\xa0\xbd"}'],
    [2, 'letters beyond ASCII', '{"ts":1.5,"uid":"C1","service":"\xc3\xa9\xe2\x82\xac"}'],
    [2, 'an escaped zero', '{"ts":1.5,"uid":"C\\u00001","service":"\\u0000"}'],
    [1, 'an escaped pair', '{"ts":1.5,"uid":"C1","service":"\\ud83d\\ude00"}'],
    [1, 'a key in other letters', '{"ts":1.5,"UID":"C1","uid":"C2"}'],
    [1, 'the key of the staged line', '{"ts":1.5,"uid":"C1","_vakthund_line":7}'],
    [1, 'a comma too many', '{"ts":1.5,"uid":"C1",}'],
    [1, 'a second object', '{"ts":1.5,"uid":"C1"}{"ts":2}'],
    [2, 'numbers of many digits', '{"ts":1700000000.1234567890123,"uid":"C1","duration":0.1234567890123456789}'],
    [2, 'half a microsecond', '{"ts":1.0000005,"uid":"C1","duration":2.0000015}'],
    [2, 'a list left over', '{"ts":1.5,"uid":"C1","extra":[1.50, 2.0,-3]}'],
    [2, 'an empty list', '{"ts":1.5,"uid":"C1","tunnel_parents":[],"extra":[]}'],
    [2, 'nothing but nulls', '{"ts":null,"uid":null,"tunnel_parents":null,"extra":null}'],
    [2, 'no column at all', '{"extra":1}'],
  ])(
    'loads %i of two lines by columns, as they are decoded, when the second has %s',
    async (loadedLines, _what, line) => {
      const first = '{"ts":1.5,"uid":"C0","service":"x","duration":1.5,"tunnel_parents":["a"],"extra":1}';
      expect(await compare('conn.log', Buffer.from(`${first}\n${line}\n`, 'latin1'))).toBe(loadedLines);
    },
  );

  it.each([
    [2, '2024-02-29T23:59:59.999999Z'],
    [1, '2023-02-29T00:00:00.000000Z'],
    [1, '2023-06-31T00:00:00.000000Z'],
    [2, '2023-01-01T24:00:00.000000Z'],
    [1, '2016-12-31T23:59:60.000000Z'],
    [1, '0000-01-01T00:00:00.000000Z'],
    [1, '0001-01-01T00:00:00.000000Z'],
    [2, '2255-06-05T23:47:34.740991Z'],
    [1, '9000-01-01T00:00:00.000001Z'],
    [1, '9999-12-31T23:59:59.999999Z'],
    [1, '2023-13-01T00:00:00.000000Z'],
  ])(
    'loads %i of two lines by columns, as they are decoded, when the second has the time %s',
    async (loadedLines, time) => {
      const first = isoLine('2023-11-14T22:13:20.123456Z');
      expect(await compare('conn.log', Buffer.from(`${first}\n${isoLine(time)}\n`))).toBe(loadedLines);
    },
  );
});
