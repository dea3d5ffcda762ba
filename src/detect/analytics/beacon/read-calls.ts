import type { ReadStore } from '../../../store/store.ts';

/** One channel's calls in order of time. The arrays are views that the next channel overwrites. */
export interface Calls {
  /** `source transport port destination`; the destination is last because a name may hold blanks. */
  readonly label: string;
  /** Local hosts that use the destination. */
  readonly hosts: number;
  /** µs of the first call of anybody to it, in all that is stored. */
  readonly knownSince: number;
  /** Local hosts that were seen at all. */
  readonly networkSize: number;
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
const hostsColumn = 7;
const knownSinceColumn = 8;
const networkSizeColumn = 9;
const labelColumn = 10;

/**
 * Runs a query with the columns of `callColumns`, and gives channel after channel. Of a channel with more than twice
 * `maxCalls` the oldest calls are dropped, so memory is bounded whatever the evidence holds.
 */
export async function* readCalls(store: ReadStore, sql: string, maxCalls: number): AsyncIterable<Calls> {
  const buffers = Array.from({ length: numberColumns }, () => new Float64Array(1024));
  let current = Number.NaN;
  let length = 0;
  let facts = { label: '', hosts: 1, knownSince: Number.NaN, networkSize: 0 };
  const finished = (): Calls => {
    const [times, sent, received, answered, evidenceIds, evidenceAts] = buffers.map((buffer) =>
      buffer.subarray(0, length),
    );
    const none = new Float64Array(0);
    return {
      ...facts,
      times: times ?? none,
      sent: sent ?? none,
      received: received ?? none,
      answered: answered ?? none,
      evidenceIds: evidenceIds ?? none,
      evidenceAts: evidenceAts ?? none,
    };
  };
  for await (const chunk of store.scan(sql)) {
    const pairs = chunk.numbers(pairColumn);
    const columns = Array.from({ length: numberColumns }, (_none, index) => chunk.numbers(index + 1));
    const hosts = chunk.numbers(hostsColumn);
    const knownSince = chunk.numbers(knownSinceColumn);
    const networkSize = chunk.numbers(networkSizeColumn);
    const labels = chunk.texts(labelColumn);
    for (let row = 0; row < chunk.rowCount; row++) {
      if (pairs[row] !== current) {
        if (length > 0) yield finished();
        current = pairs[row] ?? Number.NaN;
        length = 0;
      }
      for (let index = 0; index < numberColumns; index++) {
        put(buffers, index, length, columns[index]?.[row] ?? Number.NaN);
      }
      length++;
      if (length >= 2 * maxCalls) {
        for (const buffer of buffers) buffer.copyWithin(0, length - maxCalls, length);
        length = maxCalls;
      }
      const label = labels[row] ?? null;
      if (label === null) continue;
      facts = {
        label,
        hosts: hosts[row] ?? 1,
        knownSince: knownSince[row] ?? Number.NaN,
        networkSize: networkSize[row] ?? 0,
      };
    }
  }
  if (length > 0) yield finished();
}

function put(buffers: Float64Array[], index: number, at: number, value: number): void {
  let buffer = buffers[index] ?? new Float64Array(1024);
  if (at >= buffer.length) {
    const grown = new Float64Array(buffer.length * 2);
    grown.set(buffer);
    buffers[index] = grown;
    buffer = grown;
  }
  buffer[at] = value;
}
