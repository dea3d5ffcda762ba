import { DuckDBDataChunk, type DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../../events/kind.ts';

/** Rows that one DuckDB vector holds. */
const vectorSize = duckdb.vector_size();

type Row = object;
interface WriteColumn {
  readonly name: string;
  readonly type: ColumnType | 'number128';
}

/**
 * Appends event objects to a table a vector at a time, writing numbers straight into DuckDB's memory: about ten times
 * cheaper than one call per value. The rows become visible when the surrounding transaction commits.
 */
export async function appendRows(
  connection: DuckDBConnection,
  schema: string | null,
  table: string,
  columns: readonly WriteColumn[],
  rows: readonly Row[],
): Promise<void> {
  const appender = await connection.createAppender(table, schema);
  const types = columns.map((column) => logicalType(column.type));
  for (let from = 0; from < rows.length; from += vectorSize) {
    const count = Math.min(vectorSize, rows.length - from);
    const chunk = duckdb.create_data_chunk(types);
    for (const [index, column] of columns.entries()) {
      writeColumn(duckdb.data_chunk_get_vector(chunk, index), column, rows, from, count);
    }
    duckdb.data_chunk_set_size(chunk, count);
    appender.appendDataChunk(new DuckDBDataChunk(chunk));
  }
  appender.closeSync();
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
const valid = new Uint8Array(vectorSize / 8);
let hasNull = false;

function setNull(index: number): void {
  const byte = index >>> 3;
  valid[byte] = (valid[byte] ?? 0) & ~(1 << (index & 7));
  hasNull = true;
}

function writeColumn(
  vector: duckdb.Vector,
  column: WriteColumn,
  rows: readonly Row[],
  from: number,
  count: number,
): void {
  valid.fill(0xff);
  hasNull = false;
  const bytes = fill(vector, column, rows, from, count);
  if (bytes > 0) duckdb.copy_data_to_vector(vector, 0, scratch, 0, bytes);
  if (!hasNull) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, Math.ceil(count / 64) * 8);
}

/** Puts the values into `scratch` (or, for texts, into DuckDB at once); returns how many bytes of it count. */
function fill(vector: duckdb.Vector, column: WriteColumn, rows: readonly Row[], from: number, count: number): number {
  switch (column.type) {
    case 'text':
    case 'ip':
    case 'json':
      return fillTexts(vector, column.name, rows, from, count);
    case 'integer':
    case 'duration':
    case 'time':
      return fillIntegers(column.name, rows, from, count);
    case 'real':
      return fillDoubles(column.name, rows, from, count);
    case 'boolean':
      return fillBooleans(column.name, rows, from, count);
    case 'text[]':
      return fillLists(vector, column.name, rows, from, count);
    case 'number128':
      return fillBig(column.name, rows, from, count);
  }
}

function valueAt(rows: readonly Row[], index: number, name: string): unknown {
  return (rows[index] as Record<string, unknown>)[name];
}

function fillTexts(vector: duckdb.Vector, name: string, rows: readonly Row[], from: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
    if (typeof value === 'string') duckdb.vector_assign_string_element(vector, index, value);
    else setNull(index);
  }
  return 0;
}

const twoTo32 = 4_294_967_296;

/** 64-bit whole numbers from doubles, as two halves: no BigInt is made. Values beyond 2^53 are not exact anyway. */
function fillIntegers(name: string, rows: readonly Row[], from: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
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

function fillDoubles(name: string, rows: readonly Row[], from: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
    if (typeof value === 'number') asDoubles[index] = value;
    else setNull(index);
  }
  return count * 8;
}

function fillBooleans(name: string, rows: readonly Row[], from: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
    asBytes[index] = value === true ? 1 : 0;
    if (typeof value !== 'boolean') setNull(index);
  }
  return count;
}

function fillBig(name: string, rows: readonly Row[], from: number, count: number): number {
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
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
function fillLists(vector: duckdb.Vector, name: string, rows: readonly Row[], from: number, count: number): number {
  let total = 0;
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
    if (Array.isArray(value)) total += value.length;
  }
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const child = total > 0 ? duckdb.list_vector_get_child(vector) : undefined;
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const value = valueAt(rows, from + index, name);
    asWords[2 * index] = BigInt(offset);
    asWords[2 * index + 1] = Array.isArray(value) ? BigInt(value.length) : 0n;
    if (!Array.isArray(value)) {
      setNull(index);
      continue;
    }
    for (const entry of value) {
      if (child !== undefined) duckdb.vector_assign_string_element(child, offset++, String(entry));
    }
  }
  return count * 16;
}
