import type { DelimitedLayout } from '../../store/bulk.ts';

const backslash = 92;
const lastAscii = 127;
/** Stands in `ends` for a cell that is not set. */
const unsetEnd = -1;

/**
 * The cells of one line of delimited text, as places in its bytes. One instance is reused for all lines, and nothing
 * is made into text before a column asks for it.
 */
export class Cells {
  /** Bytes that the line stands in; cell `i` is `bytes[starts[i], ends[i])`, and not set where its end is negative. */
  bytes: Buffer = Buffer.alloc(0);
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  #line = '';
  #lineStart = 0;
  /** No backslash and only ASCII in the whole line. */
  isPlain = true;
  readonly #delimiter: Buffer;
  readonly #unset: Buffer;

  constructor(layout: Pick<DelimitedLayout, 'delimiter' | 'columns' | 'unset'>) {
    this.#delimiter = Buffer.from(layout.delimiter);
    this.#unset = Buffer.from(layout.unset);
    // One cell more than there are columns, so that a line with too many is told from one with enough.
    this.starts = new Int32Array(layout.columns.length + 1);
    this.ends = new Int32Array(layout.columns.length + 1);
  }

  /** Cuts the line `bytes[start, end)`; returns how many cells it has, at most one more than there are columns. */
  split(bytes: Buffer, start: number, end: number): number {
    this.bytes = bytes;
    this.#lineStart = start;
    this.#line = bytes.toString('latin1', start, end);
    const count = this.#delimiter.length === 1 ? this.#splitByByte(start, end) : this.#splitByText(start, end);
    this.#markUnset(count);
    return count;
  }

  #splitByByte(start: number, end: number): number {
    const { bytes, starts, ends } = this;
    const delimiter = this.#delimiter[0];
    const most = starts.length;
    let isPlain = true;
    let count = 0;
    let from = start;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === delimiter) {
        if (count === most - 1) return most;
        starts[count] = from;
        ends[count] = at;
        count++;
        from = at + 1;
      } else if (byte === backslash || byte > lastAscii) {
        isPlain = false;
      }
    }
    starts[count] = from;
    ends[count] = end;
    this.isPlain = isPlain;
    return count + 1;
  }

  #splitByText(start: number, end: number): number {
    const { bytes, starts, ends } = this;
    const delimiter = this.#delimiter;
    const most = starts.length;
    let count = 0;
    let from = start;
    this.isPlain = false;
    for (;;) {
      const found = bytes.indexOf(delimiter, from);
      const isLast = found < 0 || found + delimiter.length > end;
      starts[count] = from;
      ends[count] = isLast ? end : found;
      count++;
      if (isLast || count === most) return count;
      from = found + delimiter.length;
    }
  }

  #markUnset(count: number): void {
    const { bytes, starts, ends } = this;
    const unset = this.#unset;
    const { length } = unset;
    const first = unset[0];
    for (let cell = 0; cell < count; cell++) {
      const start = starts[cell] as number;
      if ((ends[cell] as number) - start !== length) continue;
      if (bytes[start] !== first && length > 0) continue;
      if (length < 2 || unset.equals(bytes.subarray(start, start + length))) ends[cell] = unsetEnd;
    }
  }

  isSet(cell: number): boolean {
    return (this.ends[cell] as number) !== unsetEnd;
  }

  /** Text of a cell that is set as it is written; what is not UTF-8 becomes U+FFFD. */
  text(cell: number): string {
    const start = this.starts[cell] as number;
    const end = this.ends[cell] as number;
    if (this.isPlain) return this.#line.substring(start - this.#lineStart, end - this.#lineStart);
    return this.bytes.toString('utf8', start, end);
  }
}
