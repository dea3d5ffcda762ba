import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendRows } from './chunk-writer.ts';

interface Row {
  readonly place: number;
  readonly text: string | null;
  readonly list: readonly string[] | null;
}

const columns = [
  { name: 'place', type: 'integer' },
  { name: 'text', type: 'text' },
  { name: 'list', type: 'text[]' },
] as const;

/** What comes out again of a table into which the rows were written. */
async function written(rows: readonly object[]): Promise<Row[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run('CREATE TABLE t (place BIGINT, text VARCHAR, list VARCHAR[])');
  await appendRows(connection, null, 't', columns, rows);
  const reader = await connection.runAndReadAll('SELECT place::INTEGER AS place, text, list FROM t ORDER BY place');
  const found = reader.getRowObjectsJson() as unknown as Row[];
  connection.closeSync();
  instance.closeSync();
  return found;
}

describe('appendRows', () => {
  it('writes texts of any length and content, and lists of them', async () => {
    const text = fc.oneof(
      fc.constantFrom('', 'tcp', 'twelve bytes', 'thirteen byte', 'two\0parts', 'é', 'zwölf Bytes', '😀'.repeat(40)),
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const row = fc.record({ text: fc.option(text), list: fc.option(fc.array(text, { maxLength: 5 })) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (made) => {
        const rows = made.map((values, place) => ({ place, ...values }));
        expect(await written(rows)).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });

  it('writes half of a pair as U+FFFD, also beside the other half', async () => {
    const rows = ['a\ud83d', '\ude00b', 'a longer text with \ud83d'].map((text, place) => ({
      place,
      text,
      list: [text],
    }));
    const found = await written(rows);
    expect(found.map((row) => row.text)).toEqual(['a\ufffd', '\ufffdb', 'a longer text with \ufffd']);
    expect(found.flatMap((row) => row.list)).toEqual(found.map((row) => row.text));
  });

  it('writes more rows than a vector has, with texts that repeat', async () => {
    const rows = Array.from({ length: 5000 }, (_none, place) => ({
      place,
      text: place % 7 === 0 ? null : `a text that stands ${place >> 4} and more`,
      list: place % 3 === 0 ? [] : ['same', 'same', `other text of number ${place}`],
    }));
    expect(await written(rows)).toEqual(rows);
  });

  it('writes texts that are millions of bytes long together', async () => {
    const rows = [3, 1, 2].map((size, place) => ({ place, text: String(place).repeat(size * 2_000_000), list: null }));
    expect(await written(rows)).toEqual(rows);
  });

  it('finds the columns of a row by name, whatever its order, and takes those that are missing for null', async () => {
    const rows = [{ list: ['a'], other: 1, text: 'b', place: 0 }, { place: 1 }, { text: 'c', place: 2 }];
    expect(await written(rows)).toEqual([
      { place: 0, text: 'b', list: ['a'] },
      { place: 1, text: null, list: null },
      { place: 2, text: 'c', list: null },
    ]);
  });
});
