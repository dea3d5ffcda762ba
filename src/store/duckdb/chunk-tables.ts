import { randomUUID } from 'node:crypto';
import {
  DuckDBTableFunction,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBTableFunctionBindInfo,
  type DuckDBTableFunctionInfo,
  type DuckDBTableFunctionInitInfo,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { columnType, type WriteColumn } from './chunk-writer.ts';
import type { WriteType } from './column-writers.ts';
import { literal } from './ddl.ts';

const functionName = 'vakthund_chunks';

interface ChunkTable {
  readonly columns: readonly WriteColumn[];
  readonly chunks: readonly duckdb.DataChunk[];
}

/** One reading of a table: which of its columns are asked for, and the chunk that comes next. */
interface Scan {
  readonly table: ChunkTable;
  readonly columns: readonly number[];
  next: number;
}

/**
 * Chunks of ours as tables in SQL, read where they stand: to append them to a table first and to read that copies every
 * row twice. A table is known by a key that is made for it, so that no statement of somebody else's can ask for it.
 */
export class ChunkTables {
  readonly #tables = new Map<string, ChunkTable>();

  /** Once for a database. */
  constructor(connection: DuckDBConnection) {
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name: functionName,
        parameterTypes: [VARCHAR],
        supportsProjectionPushdown: true,
        bindFunction: (info) => this.#bind(info),
        initFunction: beginScan,
        mainFunction: nextChunk,
      }),
    );
  }

  /** Does `work` while the rows can be read from the table expression that it gets. */
  async reading<T>(
    columns: readonly WriteColumn[],
    chunks: readonly duckdb.DataChunk[],
    work: (from: string) => Promise<T>,
  ): Promise<T> {
    const key = randomUUID();
    this.#tables.set(key, { columns, chunks });
    try {
      return await work(`${functionName}(${literal(key)})`);
    } finally {
      this.#tables.delete(key);
    }
  }

  #bind(info: DuckDBTableFunctionBindInfo): void {
    const table = this.#tables.get(String(info.getParameter(0)));
    if (table === undefined) {
      info.setError('there are no such chunks');
      return;
    }
    for (const { name, type } of table.columns) info.addResultColumn(name, columnType(type));
    info.setBindData(table);
  }
}

function beginScan(info: DuckDBTableFunctionInitInfo): void {
  const columns = Array.from({ length: info.columnCount }, (_none, index) => info.getColumnIndex(index));
  // Rows keep their order.
  info.setMaxThreads(1);
  info.setInitData({ table: info.bindData as ChunkTable, columns, next: 0 } satisfies Scan);
}

function nextChunk(info: DuckDBTableFunctionInfo, target: DuckDBDataChunk): void {
  const scan = info.initData as Scan;
  const chunk = scan.table.chunks[scan.next++];
  target.rowCount = chunk === undefined ? 0 : duckdb.data_chunk_get_size(chunk);
  for (const [index, column] of scan.columns.entries()) {
    const type = scan.table.columns[column]?.type;
    if (chunk === undefined || type === undefined) continue;
    const from = duckdb.data_chunk_get_vector(chunk, column);
    copyVector(from, duckdb.data_chunk_get_vector(target.chunk, index), type, target.rowCount);
  }
}

/** Bytes of a row in a vector; a text is an entry that points to it, and a list one of where its entries stand. */
const widths: Readonly<Record<WriteType, number>> = {
  text: 16,
  ip: 16,
  json: 16,
  integer: 8,
  duration: 8,
  time: 8,
  real: 8,
  boolean: 1,
  'text[]': 16,
  number128: 16,
};

/** Entries of texts go on pointing into the vector that they come from. */
function copyVector(from: duckdb.Vector, to: duckdb.Vector, type: WriteType, rows: number): void {
  const data = duckdb.vector_get_data(from, rows * widths[type]);
  duckdb.copy_data_to_vector(to, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  const isSet = duckdb.vector_get_validity(from, Math.ceil(rows / 64) * 8) as Uint8Array | null;
  if (isSet !== null && isSet.length > 0) {
    duckdb.vector_ensure_validity_writable(to);
    duckdb.copy_data_to_vector_validity(to, 0, isSet.buffer as ArrayBuffer, isSet.byteOffset, isSet.byteLength);
  }
  if (type !== 'text[]') return;
  const entries = duckdb.list_vector_get_size(from);
  duckdb.list_vector_reserve(to, entries);
  duckdb.list_vector_set_size(to, entries);
  if (entries > 0) {
    copyVector(duckdb.list_vector_get_child(from), duckdb.list_vector_get_child(to), 'text', entries);
  }
}
