import { DuckDBDataChunk, type DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../../events/kind.ts';
import { TextVector } from './text-vector.ts';

/** Rows that one DuckDB vector holds. */
export const vectorSize = duckdb.vector_size();

type Row = object;
export interface WriteColumn {
  readonly name: string;
  readonly type: ColumnType | 'number128';
}

/**
 * Turns objects into chunks of DuckDB's columns, a vector at a time, writing straight into DuckDB's memory: many times
 * cheaper than one call per value. A chunk takes as much memory for one row as for all, so those that were written are used again.
 */
export class ChunkPacker {
  readonly #types: readonly WriteColumn['type'][];
  readonly #names: readonly string[];
  readonly #values: readonly unknown[][];
  readonly #free: duckdb.DataChunk[] = [];
  #released = 0;

  constructor(columns: readonly WriteColumn[]) {
    this.#types = columns.map((column) => column.type);
    this.#names = columns.map((column) => column.name);
    this.#values = columns.map((): unknown[] => []);
  }

  /** A chunk of `count` of the rows, at most `vectorSize`. */
  pack(rows: readonly Row[], from: number, count: number): duckdb.DataChunk {
    const chunk = this.#free.pop() ?? duckdb.create_data_chunk(this.#types.map(logicalType));
    for (let place = 0; place < count; place++) spread(rows[from + place] as Row, this.#names, this.#values, place);
    duckdb.data_chunk_reset(chunk);
    for (const [index, type] of this.#types.entries()) {
      writeColumn(duckdb.data_chunk_get_vector(chunk, index), type, this.#values[index] ?? [], count);
    }
    duckdb.data_chunk_set_size(chunk, count);
    return chunk;
  }

  /** Takes back what was written. */
  release(chunks: readonly duckdb.DataChunk[]): void {
    this.#free.push(...chunks);
    this.#released += chunks.length;
  }

  /** Of what waits to be used again, keeps what was used since it was asked before, or half. */
  settle(): void {
    this.#free.length = Math.max(Math.min(this.#released, this.#free.length), this.#free.length >> 1);
    this.#released = 0;
  }
}

/** Appends chunks to a table. The rows become visible when the surrounding transaction commits. */
export async function appendChunks(
  connection: DuckDBConnection,
  schema: string | null,
  table: string,
  chunks: Iterable<duckdb.DataChunk>,
): Promise<void> {
  const appender = await connection.createAppender(table, schema);
  for (const chunk of chunks) appender.appendDataChunk(new DuckDBDataChunk(chunk));
  appender.closeSync();
}

/** Appends objects to a table, whatever their number with the memory of one chunk. */
export async function appendRows(
  connection: DuckDBConnection,
  schema: string | null,
  table: string,
  columns: readonly WriteColumn[],
  rows: readonly Row[],
): Promise<void> {
  await appendChunks(connection, schema, table, packEach(new ChunkPacker(columns), rows));
}

function* packEach(packer: ChunkPacker, rows: readonly Row[]): Generator<duckdb.DataChunk> {
  for (let from = 0; from < rows.length; from += vectorSize) {
    const chunk = packer.pack(rows, from, Math.min(vectorSize, rows.length - from));
    yield chunk;
    packer.release([chunk]);
  }
}

/**
 * Puts the values of a row into the lists of its columns. Events have their columns in the order of their table, and
 * walking over the keys of an object is several times faster than asking for each by name.
 */
function spread(row: Row, names: readonly string[], values: readonly unknown[][], place: number): void {
  const byName = row as Readonly<Record<string, unknown>>;
  let column = 0;
  for (const key in byName) {
    if (key === names[column]) (values[column++] as unknown[])[place] = byName[key];
  }
  if (column === names.length) return;
  for (const [index, name] of names.entries()) (values[index] as unknown[])[place] = byName[name];
}

const { Type } = duckdb;

function logicalType(type: WriteColumn['type']): duckdb.LogicalType {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return duckdb.create_logical_type(Type.VARCHAR);
    case 'integer':
    case 'duration':
      return duckdb.create_logical_type(Type.BIGINT);
    case 'real':
      return duckdb.create_logical_type(Type.DOUBLE);
    case 'boolean':
      return duckdb.create_logical_type(Type.BOOLEAN);
    case 'time':
      return duckdb.create_logical_type(Type.TIMESTAMP);
    case 'text[]':
      return duckdb.create_list_type(duckdb.create_logical_type(Type.VARCHAR));
    case 'number128':
      return duckdb.create_logical_type(Type.UHUGEINT);
  }
}

/** Reused between columns: DuckDB copies out of it. */
const scratch = new ArrayBuffer(vectorSize * 16);
const asDoubles = new Float64Array(scratch);
const asHalves = new Int32Array(scratch);
const asBytes = new Uint8Array(scratch);
const asWords = new BigUint64Array(scratch);
const texts = new TextVector();
const valid = new Uint8Array(vectorSize / 8);
let hasNull = false;

function setNull(index: number): void {
  const byte = index >>> 3;
  valid[byte] = (valid[byte] ?? 0) & ~(1 << (index & 7));
  hasNull = true;
}

function writeColumn(
  vector: duckdb.Vector,
  type: WriteColumn['type'],
  values: readonly unknown[],
  count: number,
): void {
  hasNull = isAllNull(values, count);
  valid.fill(hasNull ? 0 : 0xff);
  const bytes = hasNull ? 0 : fill(vector, type, values, count);
  if (bytes > 0) duckdb.copy_data_to_vector(vector, 0, scratch, 0, bytes);
  if (!hasNull) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, Math.ceil(count / 64) * 8);
}

/** Of most columns of a kind, a source fills none. */
function isAllNull(values: readonly unknown[], count: number): boolean {
  for (let index = 0; index < count; index++) if ((values[index] ?? null) !== null) return false;
  return true;
}

/** Puts the values into `scratch` (or, for texts, into DuckDB at once); returns how many bytes of it count. */
function fill(vector: duckdb.Vector, type: WriteColumn['type'], values: readonly unknown[], count: number): number {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return fillTexts(vector, values, count);
    case 'integer':
    case 'duration':
    case 'time':
      return fillIntegers(values, count);
    case 'real':
      return fillDoubles(values, count);
    case 'boolean':
      return fillBooleans(values, count);
    case 'text[]':
      return fillLists(vector, values, count);
    case 'number128':
      return fillBig(values, count);
  }
}

function fillTexts(vector: duckdb.Vector, values: readonly unknown[], count: number): number {
  texts.clear();
  for (let index = 0; index < count; index++) {
    const value = values[index];
    if (typeof value === 'string') texts.add(value);
    else {
      texts.addNull();
      setNull(index);
    }
  }
  texts.write(vector);
  return 0;
}

const twoTo32 = 4_294_967_296;

/** 64-bit whole numbers from doubles, as two halves: no BigInt is made. Values beyond 2^53 are not exact anyway. */
function fillIntegers(values: readonly unknown[], count: number): number {
  for (let index = 0; index < count; index++) {
    const value = values[index];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      setNull(index);
      continue;
    }
    const high = Math.floor(value / twoTo32);
    asHalves[2 * index] = value - high * twoTo32;
    asHalves[2 * index + 1] = high;
  }
  return count * 8;
}

function fillDoubles(values: readonly unknown[], count: number): number {
  for (let index = 0; index < count; index++) {
    const value = values[index];
    if (typeof value === 'number') asDoubles[index] = value;
    else setNull(index);
  }
  return count * 8;
}

function fillBooleans(values: readonly unknown[], count: number): number {
  for (let index = 0; index < count; index++) {
    const value = values[index];
    asBytes[index] = value === true ? 1 : 0;
    if (typeof value !== 'boolean') setNull(index);
  }
  return count;
}

function fillBig(values: readonly unknown[], count: number): number {
  for (let index = 0; index < count; index++) {
    const value = values[index];
    if (typeof value !== 'bigint') {
      setNull(index);
      continue;
    }
    asWords[2 * index] = BigInt.asUintN(64, value);
    asWords[2 * index + 1] = BigInt.asUintN(64, value >> 64n);
  }
  return count * 16;
}

/** A list vector is a row of (offset, length) pairs over one child vector with all entries behind each other. */
function fillLists(vector: duckdb.Vector, values: readonly unknown[], count: number): number {
  let total = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index];
    if (Array.isArray(value)) total += value.length;
  }
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  texts.clear();
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const value = values[index];
    const length = Array.isArray(value) ? value.length : 0;
    asHalves[4 * index] = offset;
    asHalves[4 * index + 1] = 0;
    asHalves[4 * index + 2] = length;
    asHalves[4 * index + 3] = 0;
    if (!Array.isArray(value)) {
      setNull(index);
      continue;
    }
    for (const entry of value) texts.add(String(entry));
    offset += length;
  }
  if (total > 0) texts.write(duckdb.list_vector_get_child(vector));
  return count * 16;
}
