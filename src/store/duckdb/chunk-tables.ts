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
import { messageOf } from '../../base/errors.ts';
import { columnType, type WriteColumn } from './chunk-writer.ts';
import type { WriteType } from './column-writers.ts';
import { literal } from './ddl.ts';

const functionName = 'vakthund_chunks';

/** Rows of ours that a statement reads as a table, a vector at a time. */
export interface RowFeed {
  readonly columns: readonly WriteColumn[];
  /**
   * Begins to read some of the columns, from the first row. Each call then writes the next rows into the vectors of the
   * chunk, which are those of the columns in this order, and returns how many: 0 at the end. It may throw, and that ends
   * the statement.
   */
  read(columns: readonly number[]): (target: DuckDBDataChunk) => number;
}

/**
 * Rows of ours as tables in SQL, read where they stand: to append them to a table first and to read that copies every
 * row twice. A table is known by a key that is made for it, so that no statement of somebody else's can ask for it.
 */
export class ChunkTables {
  readonly #tables = new Map<string, RowFeed>();

  /** Once for a database. */
  constructor(connection: DuckDBConnection) {
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name: functionName,
        parameterTypes: [VARCHAR],
        supportsProjectionPushdown: true,
        bindFunction: (info) => this.#bind(info),
        initFunction: beginScan,
        mainFunction: nextRows,
      }),
    );
  }

  /** Does `work` while the rows can be read from the table expression that it gets. */
  async reading<T>(feed: RowFeed, work: (from: string) => Promise<T>): Promise<T> {
    const key = randomUUID();
    this.#tables.set(key, feed);
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

type NextRows = ReturnType<RowFeed['read']>;

function beginScan(info: DuckDBTableFunctionInitInfo): void {
  const columns = Array.from({ length: info.columnCount }, (_none, index) => info.getColumnIndex(index));
  // Rows keep their order.
  info.setMaxThreads(1);
  try {
    info.setInitData({ next: (info.bindData as RowFeed).read(columns) });
  } catch (error) {
    info.setError(messageOf(error));
  }
}

function nextRows(info: DuckDBTableFunctionInfo, target: DuckDBDataChunk): void {
  try {
    target.rowCount = (info.initData as { readonly next: NextRows }).next(target);
  } catch (error) {
    info.setError(messageOf(error));
  }
}

/** Chunks of DuckDB's memory as a feed. */
export function chunkFeed(columns: readonly WriteColumn[], chunks: readonly duckdb.DataChunk[]): RowFeed {
  return {
    columns,
    read: (asked) => {
      let next = 0;
      return (target) => {
        const chunk = chunks[next++];
        if (chunk === undefined) return 0;
        const rowCount = duckdb.data_chunk_get_size(chunk);
        for (const [index, column] of asked.entries()) {
          const type = columns[column]?.type;
          if (type === undefined) continue;
          const from = duckdb.data_chunk_get_vector(chunk, column);
          copyVector(from, duckdb.data_chunk_get_vector(target.chunk, index), type, rowCount);
        }
        return rowCount;
      };
    },
  };
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
