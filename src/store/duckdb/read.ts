import type { DuckDBConnection } from '@duckdb/node-api';
import { VakthundError, messageOf } from '../../base/errors.ts';
import type { KindId } from '../../events/event.ts';
import type { ColumnChunk, SqlRow, SqlValue } from '../store.ts';
import { createColumnChunk } from './column-chunk.ts';
import { toSqlValue } from './values.ts';

/** Rows of a question on a connection, as objects. */
export async function queryRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly SqlValue[] = [],
): Promise<SqlRow[]> {
  const reader = await connection.runAndReadAll(sql, [...parameters]);
  const names = reader.columnNames();
  return reader
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, index) => [names[index], toSqlValue(value)])));
}

/** Rows of a question by columns. The connection is taken until the last chunk was read. */
export async function* scanRows(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly SqlValue[],
): AsyncIterable<ColumnChunk> {
  const result = await connection.stream(sql, [...parameters]);
  const types = Array.from({ length: result.columnCount }, (_none, index) => result.columnTypeId(index));
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    yield createColumnChunk(chunk, types);
  }
}

/** Stored events of a kind. */
export async function countEvents(connection: DuckDBConnection, kind: KindId): Promise<number> {
  const sql = 'SELECT coalesce(sum(events), 0)::BIGINT AS n FROM evidence_count WHERE kind = ?';
  const [row] = await queryRows(connection, sql, [kind]);
  return Number(row?.['n'] ?? 0);
}

/** What a caller sees of an error of the engine: out of its limits or not, with the beginning of the question. */
export function queryError(error: unknown, sql: string): VakthundError {
  if (error instanceof VakthundError) return error;
  const text = messageOf(error);
  const code = /Out of Memory/i.test(text) ? 'QUERY_LIMIT' : 'STORE_QUERY';
  return new VakthundError(code, `${text} [${sql.replace(/\s+/g, ' ').slice(0, 300)}]`, { cause: error });
}
