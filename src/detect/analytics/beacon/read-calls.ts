import type { ReadStore } from '../../../store/store.ts';

/** One channel's calls in order of time. The arrays are views that the next channel overwrites. */
export interface Calls {
  /** Number of the channel in `candidate`. */
  readonly pair: number;
  /** µs. */
  readonly times: Float64Array;
  /** Bytes, NaN where not known. */
  readonly sent: Float64Array;
  readonly received: Float64Array;
  /** 1 or 0. */
  readonly answered: Float64Array;
  readonly evidenceIds: Float64Array;
  readonly evidenceAts: Float64Array;
}

const numberColumns = 6;
const pairColumn = 0;

/**
 * Runs a query with the columns of `callColumns`, and hands over channel after channel. Of a channel with more than twice
 * `maxCalls` the oldest calls are dropped, so memory is bounded whatever the evidence holds.
 */
export async function readCalls(
  store: ReadStore,
  sql: string,
  maxCalls: number,
  visit: (calls: Calls) => void,
): Promise<void> {
  let buffers = Array.from({ length: numberColumns }, () => new Float64Array(1024));
  let current = Number.NaN;
  let length = 0;
  const finish = (): void => {
    if (length > 0) visit(callsOf(current, buffers, length));
    length = 0;
  };
  for await (const chunk of store.scan(sql)) {
    const pairs = chunk.numbers(pairColumn);
    const columns = Array.from({ length: numberColumns }, (_none, index) => chunk.numbers(index + 1));
    let from = 0;
    while (from < chunk.rowCount) {
      if (pairs[from] !== current) {
        finish();
        current = pairs[from] as number;
      }
      const to = endOfRun(pairs, from, chunk.rowCount);
      if (length + to - from > (buffers[0] as Float64Array).length) buffers = buffers.map(grown);
      for (const [index, column] of columns.entries()) buffers[index]?.set(column.subarray(from, to), length);
      length += to - from;
      from = to;
      if (length < 2 * maxCalls) continue;
      for (const buffer of buffers) buffer.copyWithin(0, length - maxCalls, length);
      length = maxCalls;
    }
  }
  finish();
}

/** Rows that are copied at once at most: a buffer that grows by half has room for them. */
const maxRun = 512;

function endOfRun(pairs: Float64Array, from: number, rowCount: number): number {
  const end = Math.min(rowCount, from + maxRun);
  let to = from + 1;
  while (to < end && pairs[to] === pairs[from]) to++;
  return to;
}

function grown(buffer: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}

function callsOf(pair: number, buffers: readonly Float64Array[], length: number): Calls {
  const column = (index: number): Float64Array => (buffers[index] as Float64Array).subarray(0, length);
  return {
    pair,
    times: column(0),
    sent: column(1),
    received: column(2),
    answered: column(3),
    evidenceIds: column(4),
    evidenceAts: column(5),
  };
}
