import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../../events/kind.ts';
import { NullBits } from './null-bits.ts';
import { TextColumn, type Waiting } from './text-column.ts';

export type WriteType = ColumnType | 'number128';

/** One column of rows that are gathered for a vector: values by place, in rising order, then all of them into DuckDB's memory. */
export interface ColumnWriter {
  /** Takes over the value of a place, and leaves null there when it is not of the column's type. */
  put(place: number, value: unknown): void;
  /** Writes the first `count` places into the vector, and is empty again. */
  flush(vector: duckdb.Vector, count: number): void;
}

export function createColumnWriter(type: WriteType, waiting: Waiting): ColumnWriter {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return new TextColumn(waiting);
    case 'integer':
    case 'duration':
    case 'time':
      return new IntegerColumn();
    case 'real':
      return new RealColumn();
    case 'boolean':
      return new BooleanColumn();
    case 'text[]':
      return new ListColumn(waiting);
    case 'number128':
      return new BigColumn();
  }
}

/** Rows that one DuckDB vector holds. */
export const vectorSize = duckdb.vector_size();
const twoTo32 = 4_294_967_296;
/** Of a text among others in a list. */
const entryBytes = 16;

/** 64-bit whole numbers from doubles, as two halves: no BigInt is made. Values beyond 2^53 are not exact anyway. */
export class IntegerColumn implements ColumnWriter {
  readonly #nulls = new NullBits();
  #halves = new Int32Array(0);

  put(place: number, value: unknown): void {
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    if (this.#halves.length === 0) this.#halves = new Int32Array(vectorSize * 2);
    const high = Math.floor(value / twoTo32);
    this.#halves[2 * place] = value - high * twoTo32;
    this.#halves[2 * place + 1] = high;
    this.#nulls.set(place);
  }

  flush(vector: duckdb.Vector, count: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#halves.buffer as ArrayBuffer, 0, this.#nulls.end * 8);
    this.#nulls.flush(vector, count);
  }
}

export class RealColumn implements ColumnWriter {
  readonly #nulls = new NullBits();
  #values = new Float64Array(0);

  put(place: number, value: unknown): void {
    if (typeof value !== 'number') return;
    if (this.#values.length === 0) this.#values = new Float64Array(vectorSize);
    this.#values[place] = value;
    this.#nulls.set(place);
  }

  flush(vector: duckdb.Vector, count: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#values.buffer as ArrayBuffer, 0, this.#nulls.end * 8);
    this.#nulls.flush(vector, count);
  }
}

export class BooleanColumn implements ColumnWriter {
  readonly #nulls = new NullBits();
  #values = new Uint8Array(0);

  put(place: number, value: unknown): void {
    if (typeof value !== 'boolean') return;
    if (this.#values.length === 0) this.#values = new Uint8Array(vectorSize);
    this.#values[place] = value ? 1 : 0;
    this.#nulls.set(place);
  }

  flush(vector: duckdb.Vector, count: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#values.buffer as ArrayBuffer, 0, this.#nulls.end);
    this.#nulls.flush(vector, count);
  }
}

class BigColumn implements ColumnWriter {
  readonly #nulls = new NullBits();
  #halves = new BigUint64Array(0);

  put(place: number, value: unknown): void {
    if (typeof value !== 'bigint') return;
    if (this.#halves.length === 0) this.#halves = new BigUint64Array(vectorSize * 2);
    this.#halves[2 * place] = BigInt.asUintN(64, value);
    this.#halves[2 * place + 1] = BigInt.asUintN(64, value >> 64n);
    this.#nulls.set(place);
  }

  flush(vector: duckdb.Vector, count: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#halves.buffer as ArrayBuffer, 0, this.#nulls.end * 16);
    this.#nulls.flush(vector, count);
  }
}

/** A list vector is a row of (offset, length) pairs, 64 bits each, over one child vector with all entries behind each other. */
class ListColumn implements ColumnWriter {
  readonly #nulls = new NullBits();
  readonly #waiting: Waiting;
  readonly #entries: TextColumn;
  #spans = new Int32Array(0);
  #total = 0;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
    this.#entries = new TextColumn(waiting);
  }

  put(place: number, value: unknown): void {
    if (!Array.isArray(value)) return;
    if (this.#spans.length === 0) this.#spans = new Int32Array(vectorSize * 4);
    this.#spans[4 * place] = this.#total;
    this.#spans[4 * place + 2] = value.length;
    for (const entry of value) this.#entries.put(this.#total++, String(entry));
    this.#waiting.bytes += value.length * entryBytes;
    this.#nulls.set(place);
  }

  flush(vector: duckdb.Vector, count: number): void {
    duckdb.list_vector_reserve(vector, this.#total);
    duckdb.list_vector_set_size(vector, this.#total);
    if (this.#total > 0) this.#entries.flush(duckdb.list_vector_get_child(vector), this.#total);
    this.#total = 0;
    duckdb.copy_data_to_vector(vector, 0, this.#spans.buffer as ArrayBuffer, 0, this.#nulls.end * 16);
    this.#spans.fill(0, 0, this.#nulls.end * 4);
    this.#nulls.flush(vector, count);
  }
}
