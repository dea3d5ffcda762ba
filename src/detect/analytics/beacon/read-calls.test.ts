import { describe, expect, it } from 'vitest';
import type { ColumnChunk, ReadStore } from '../../../store/store.ts';
import { readCalls } from './read-calls.ts';

/** A store whose scan gives made-up chunks: rows of pair, time, then constants. */
function storeOf(pairs: readonly (readonly number[])[], chunkRows: number): ReadStore {
  const rows = pairs.flatMap((times, pair) => times.map((time) => ({ pair, time })));
  const chunks: ColumnChunk[] = [];
  for (let from = 0; from < rows.length; from += chunkRows) {
    const part = rows.slice(from, from + chunkRows);
    chunks.push({
      rowCount: part.length,
      numbers: (column) => Float64Array.from(part, (row) => [row.pair, row.time][column] ?? 7),
      texts: () => [],
    });
  }
  const scan = async function* (): AsyncIterable<ColumnChunk> {
    yield* chunks;
  };
  return { scan } as unknown as ReadStore;
}

async function read(
  pairs: readonly (readonly number[])[],
  chunkRows: number,
  maxCalls = 100,
): Promise<[number, number[]][]> {
  const found: [number, number[]][] = [];
  await readCalls(storeOf(pairs, chunkRows), '', maxCalls, (calls) => {
    found.push([calls.pair, [...calls.times]]);
  });
  return found;
}

describe('readCalls', () => {
  it('gives each channel whole wherever the chunks are cut', async () => {
    const pairs = [[1, 2, 3], [4], [5, 6]];
    const whole = pairs.map((times, pair) => [pair, times]);
    for (const chunkRows of [1, 2, 3, 100]) expect(await read(pairs, chunkRows)).toEqual(whole);
  });

  it('grows for a long channel and drops the oldest calls of an endless one', async () => {
    const times = Array.from({ length: 3000 }, (_none, index) => index);
    expect((await read([times], 1000, 5000))[0]?.[1]).toEqual(times);
    const [, kept = []] = (await read([times], 1000, 400))[0] ?? [];
    expect(kept.length).toBeLessThan(800);
    expect(kept.at(-1)).toBe(2999);
    expect(kept).toEqual(times.slice(-kept.length));
  });

  it('gives nothing for no rows', async () => {
    expect(await read([], 10)).toEqual([]);
  });
});
