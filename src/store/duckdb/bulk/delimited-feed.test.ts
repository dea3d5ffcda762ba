import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DelimitedLayout } from '../../bulk.ts';
import { ChunkTables } from '../chunk-tables.ts';
import { vectorSize } from '../column-writers.ts';
import { cellForm, hasForm, usualEnd, type CellColumn } from './cell-form.ts';
import { delimitedFeed } from './delimited-feed.ts';

let connection: DuckDBConnection;
let tables: ChunkTables;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
  tables = new ChunkTables(connection);
});

afterAll(() => {
  connection.closeSync();
});

const layout: DelimitedLayout = {
  type: 'delimited',
  delimiter: '\t',
  columns: [
    { name: 'n', isList: false, isText: false },
    { name: 'text', isList: false, isText: true },
    { name: 'ip', isList: false, isText: false },
  ],
  unset: '-',
  empty: '(empty)',
  listSeparator: ',',
  comment: '#',
  unescape: (text) => text.replaceAll('\\x41', 'A'),
};
const cells: readonly CellColumn[] = [
  { forms: [cellForm.integer], type: 'BIGINT' },
  { forms: [], type: 'VARCHAR' },
  { forms: [cellForm.ip], type: 'VARCHAR' },
];

/** Undefined when a line is not regular. */
async function rows(
  text: string | Buffer,
  parts: Partial<DelimitedLayout> = {},
  columns = cells,
): Promise<Json[][] | undefined> {
  const feed = delimitedFeed(Buffer.from(text), { ...layout, ...parts }, columns);
  return tables.reading(feed, async (from) => {
    try {
      return (await connection.runAndReadAll(`SELECT * FROM ${from}`)).getRowsJson();
    } catch {
      return undefined;
    }
  });
}

describe('delimitedFeed', () => {
  it.each([
    ['1\ta\t10.0.0.1\n', [['1', 'a', '10.0.0.1']]],
    ['-\t-\t-\n', [[null, null, null]]],
    [
      '1\ta\t10.0.0.1\r\n2\t\t::1\r\n3\tb\t-\r\n',
      [
        ['1', 'a', '10.0.0.1'],
        ['2', '', '::1'],
        ['3', 'b', null],
      ],
    ],
    ['-5\tx\tfe80::1\n', [['-5', 'x', 'fe80::1']]],
    ['1\t(empty)\t-\n', [['1', '', null]]],
    ['1\t\\x41 é\\x41\t-\n', [['1', 'A éA', null]]],
    ['1\t\\x28empty)\t-\n', [['1', '\\x28empty)', null]]],
    ['123456789012345\ttwelve bytes\t-\n', [['123456789012345', 'twelve bytes', null]]],
    ['1\tthirteen byte\t-\n', [['1', 'thirteen byte', null]]],
    ['', []],
  ])('reads %j', async (text, wanted) => {
    expect(await rows(text)).toEqual(wanted);
  });

  it.each([
    '1\ta\n',
    '1\ta\t10.0.0.1\t\n',
    'a\ta\t10.0.0.1\n',
    '1 \ta\t10.0.0.1\n',
    '1\ta\t10.0.0.01\n',
    '\n',
    '1\ta\t10.0.0.1\n\n',
    '1\ta\t10.0.0.1',
    '#close\t2020\t-\n',
    '1234567890123456\ta\t-\n',
    Buffer.from([0x31, 9, 0xff, 9, 0x2d, 10]),
  ])('does not take %j for regular', async (text) => {
    expect(await rows(text)).toBeUndefined();
  });

  it('does not read lines whose separator has several bytes', async () => {
    expect(await rows('1||a||-\n', { delimiter: '||' })).toBeUndefined();
  });

  it('leaves a list as it was written', async () => {
    const columns = layout.columns.map((column) => ({ ...column, isList: column.name === 'text' }));
    expect(await rows('1\t(empty)\t-\n2\ta\\x41,-,b\t-\n', { columns })).toEqual([
      ['1', '(empty)', null],
      ['2', 'a\\x41,-,b', null],
    ]);
  });

  it('reads numbers as JavaScript does, and truth values', async () => {
    const columns: readonly CellColumn[] = [
      { forms: [cellForm.seconds], type: 'DOUBLE' },
      { forms: [cellForm.boolean], type: 'BOOLEAN' },
      { forms: [cellForm.integer], type: 'BIGINT' },
    ];
    const seconds = fc.oneof(
      fc
        .tuple(fc.nat(253_402_300_799), fc.nat(999_999))
        .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`),
      fc.constantFrom('0', '-1.5', '1e3', '12345678901.000001', '9007199254.740993', '0.1'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(seconds, { maxLength: 50 }), async (texts) => {
        const found = await rows(texts.map((text) => `${text}\tT\t-\n`).join(''), {}, columns);
        expect(found).toEqual(texts.map((text) => [Number(text), true, null]));
      }),
      { numRuns: 50 },
    );
  });

  it('reads more rows than a vector holds, texts of any length, and some columns in another order', async () => {
    const line = (index: number): string => `${index}\t${'x'.repeat(index % 300)}${index}\t10.0.${index % 200}.1\n`;
    const count = 2 * vectorSize + 5;
    const text = Array.from({ length: count }, (_none, index) => line(index)).join('');
    const feed = delimitedFeed(Buffer.from(text), layout, cells);
    const found = await tables.reading(feed, (from) => connection.runAndReadAll(`SELECT c2, c1 FROM ${from}`));
    expect(found.getRowsJson()).toEqual(
      Array.from({ length: count }, (_none, index) => [`10.0.${index % 200}.1`, `${'x'.repeat(index % 300)}${index}`]),
    );
    expect(await rows(`${text}x\ta\t-\n`)).toBeUndefined();
  });
});

describe('usualEnd', () => {
  it('never ends where the cell does not have its form', () => {
    const letters = fc.constantFrom(...'0 1 2 5 6 9 . . - - T F e E : a \t'.split(' '), ' ');
    const form = fc.constantFrom(...Object.values(cellForm));
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), form, (text, which) => {
        const bytes = Buffer.from(`${text}\n`);
        const end = usualEnd(which, bytes, 0);
        const isCell = end > 0 && (bytes[end] === 9 || bytes[end] === 10);
        expect(!isCell || hasForm(which, bytes, 0, end)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
