import type { Micros } from '../base/time.ts';
import type { KindId } from './event.ts';

/** One row on its way into the columns of a store. Columns are numbered in table order; those that get nothing are null. */
export interface RowWriter {
  /** A value as an event has it in that column; one of another type leaves null there. */
  put(column: number, value: unknown): void;
  /** The text that stands in UTF-8 at `[start, end)`, for a column of texts. */
  putText(column: number, bytes: Uint8Array, start: number, end: number): void;
}

/**
 * Takes rows over value by value, for sources that would otherwise make an object of every record only to have it taken
 * apart again: that costs more than all the rest of reading one.
 */
export interface RowSink {
  /** Begins a row at a place of the content (`evidence_at`). It is whole when the next one begins or the batch is given. */
  begin(kind: KindId, at: number, time: Micros): RowWriter;
}
