import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { chunkFeed, ChunkTables } from './chunk-tables.ts';
import { ChunkBuilder } from './chunk-writer.ts';
import { vectorSize } from './column-writers.ts';

const columns = [
  { name: 'place', type: 'integer' },
  { name: 'ratio', type: 'real' },
  { name: 'is_even', type: 'boolean' },
  { name: 'time', type: 'time' },
  { name: 'text', type: 'text' },
  { name: 'list', type: 'text[]' },
] as const;
const rows = Array.from({ length: 5000 }, (_none, place) => ({
  place,
  ratio: place / 4,
  is_even: place % 2 === 0,
  time: 1_700_000_000_000_000 + place,
  text: place % 7 === 0 ? null : `text of row ${place}, longer than an entry`,
  list: place % 5 === 0 ? null : Array.from({ length: place % 3 }, (_entry, index) => `entry ${index} of row ${place}`),
}));

async function withChunks(
  work: (connection: DuckDBConnection, tables: ChunkTables, from: string) => Promise<void>,
): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const builder = new ChunkBuilder(columns);
  const chunks = rows.flatMap((row, index) => {
    builder.add(row);
    return builder.isFull || index === rows.length - 1 ? [builder.take()] : [];
  });
  const tables = new ChunkTables(connection);
  await tables.reading(chunkFeed(columns, chunks), (from) => work(connection, tables, from));
  connection.closeSync();
  instance.closeSync();
}

describe('chunks as a table', () => {
  it('gives the rows in their order, whatever their columns hold', async () => {
    await withChunks(async (connection, _tables, from) => {
      const reader = await connection.runAndReadAll(
        `SELECT place::INTEGER AS place, ratio, is_even, epoch_us(time)::DOUBLE AS time, text, list FROM ${from}`,
      );
      expect(rows.length).toBeGreaterThan(2 * vectorSize);
      expect(reader.getRowObjectsJson()).toEqual(rows);
    });
  });

  it('can be read more than once, and by some of its columns in another order', async () => {
    await withChunks(async (connection, _tables, from) => {
      const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER, count(text)::INTEGER FROM ${from}`);
      expect(counted.getRows()).toEqual([[5000, rows.filter(({ text }) => text !== null).length]]);
      const some = await connection.runAndReadAll(`SELECT text, place::INTEGER FROM ${from} WHERE list[2] IS NOT NULL`);
      const wanted = rows.filter(({ list }) => (list?.length ?? 0) > 1).map(({ text, place }) => [text, place]);
      expect(some.getRows()).toEqual(wanted);
    });
  });

  it('is there for its work only, and for nobody who does not know its key', async () => {
    await withChunks(async (connection, tables, from) => {
      await expect(connection.run(`SELECT * FROM vakthund_chunks('another')`)).rejects.toThrow('no such chunks');
      const ended = await tables.reading(chunkFeed(columns, []), async (other) => other);
      await expect(connection.run(`SELECT * FROM ${ended}`)).rejects.toThrow('no such chunks');
      const reader = await connection.runAndReadAll(`SELECT max(place)::INTEGER FROM ${from}`);
      expect(reader.getRows()).toEqual([[4999]]);
    });
  });
});
