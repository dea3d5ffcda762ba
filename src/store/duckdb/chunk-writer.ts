import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  LIST,
  TIMESTAMP,
  UHUGEINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { createColumnWriter, vectorSize, type ColumnWriter, type WriteType } from './column-writers.ts';
import type { TextColumn } from './text-column.ts';

/** Texts that wait together for so many bytes end a chunk before it is full: attackers choose how long they are. */
export const maxWaitingBytes = 8 * 1024 * 1024;

type Row = object;
export interface WriteColumn {
  readonly name: string;
  readonly type: WriteType;
}

/**
 * Makes chunks of DuckDB's columns of objects, a vector at a time, writing straight into DuckDB's memory: many times
 * cheaper than one call per value. An object is taken apart when it is added, and nothing of it is kept.
 */
export class ChunkBuilder {
  readonly #types: readonly WriteType[];
  readonly #names: readonly string[];
  readonly #writers: readonly ColumnWriter[];
  readonly #waiting = { bytes: 0 };
  readonly #isUsed: Uint8Array;
  #count = 0;

  constructor(columns: readonly WriteColumn[]) {
    this.#types = columns.map((column) => column.type);
    this.#names = columns.map((column) => column.name);
    this.#writers = columns.map((column) => createColumnWriter(column.type, this.#waiting));
    this.#isUsed = new Uint8Array(columns.length);
  }

  /** Rows that wait for `take`. */
  get count(): number {
    return this.#count;
  }

  /** True when the rows that wait are to be taken before another one is added. */
  get isFull(): boolean {
    return this.#count === vectorSize || this.#waiting.bytes > maxWaitingBytes;
  }

  /**
   * Events have their columns in the order of their table, and walking over the keys of an object is several times faster
   * than asking for each by name.
   */
  add(row: Row): void {
    const names = this.#names;
    const place = this.#count++;
    const byName = row as Readonly<Record<string, unknown>>;
    let column = 0;
    for (const key in byName) {
      if (key !== names[column]) continue;
      this.#put(column++, place, byName[key]);
    }
    if (column === names.length) return;
    for (const [index, name] of names.entries()) this.#put(index, place, byName[name]);
  }

  /** Begins a row of which the columns are put one by one. */
  begin(): void {
    this.#count++;
  }

  /** A value of the row that was begun last. */
  put(column: number, value: unknown): void {
    this.#put(column, this.#count - 1, value);
  }

  /** A text of that row, as the bytes `[start, end)`, for a column of texts. */
  putText(column: number, bytes: Uint8Array, start: number, end: number): void {
    this.#isUsed[column] = 1;
    (this.#writers[column] as TextColumn).putBytes(this.#count - 1, bytes, start, end);
  }

  #put(column: number, place: number, value: unknown): void {
    if (value === null || value === undefined) return;
    this.#isUsed[column] = 1;
    (this.#writers[column] as ColumnWriter).put(place, value);
  }

  /** Names of the columns that had a value in any row since `forgetUsed`. */
  get used(): string[] {
    return this.#names.filter((_name, column) => this.#isUsed[column] === 1);
  }

  forgetUsed(): void {
    this.#isUsed.fill(0);
  }

  /** The rows that wait, as a chunk; written to `used`, one that is not needed any more, where there is one. */
  take(used?: duckdb.DataChunk): duckdb.DataChunk {
    const chunk = used ?? DuckDBDataChunk.create(this.#types.map(columnType)).chunk;
    duckdb.data_chunk_reset(chunk);
    for (const [index, writer] of this.#writers.entries()) {
      writer.flush(duckdb.data_chunk_get_vector(chunk, index), this.#count);
    }
    duckdb.data_chunk_set_size(chunk, this.#count);
    this.#count = 0;
    this.#waiting.bytes = 0;
    return chunk;
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
  await appendChunks(connection, schema, table, chunksOf(columns, rows));
}

function* chunksOf(columns: readonly WriteColumn[], rows: readonly Row[]): Generator<duckdb.DataChunk> {
  const builder = new ChunkBuilder(columns);
  let chunk: duckdb.DataChunk | undefined;
  for (const row of rows) {
    builder.add(row);
    if (builder.isFull) yield (chunk = builder.take(chunk));
  }
  if (builder.count > 0) yield builder.take(chunk);
}

/** Type of a column of events in DuckDB. */
export function columnType(type: WriteType): DuckDBType {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return VARCHAR;
    case 'integer':
    case 'duration':
      return BIGINT;
    case 'real':
      return DOUBLE;
    case 'boolean':
      return BOOLEAN;
    case 'time':
      return TIMESTAMP;
    case 'text[]':
      return LIST(VARCHAR);
    case 'number128':
      return UHUGEINT;
  }
}
