import { StatementType, type DuckDBConnection, type DuckDBInstance } from '@duckdb/node-api';
import { VakthundError, messageOf } from '../../base/errors.ts';
import type { SqlValue, UserQueryOptions, UserQueryResult } from '../store.ts';
import { interruptEveryMs } from './connections.ts';
import { literal } from './ddl.ts';
import { toSqlValue } from './values.ts';

const readOnlyTypes = new Set([StatementType.SELECT, StatementType.EXPLAIN]);

/**
 * Runs one read-only statement of a user on a connection of its own: files and settings are out of reach by the sandbox
 * of the database, writes by a read-only transaction, time and rows by the bounds.
 */
export async function runUserQuery(
  instance: DuckDBInstance,
  sql: string,
  options: UserQueryOptions,
): Promise<UserQueryResult> {
  return onOwnConnection(instance, options, async (connection) => {
    await assertReadOnly(connection, sql);
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const result = await connection.stream(sql);
    const names = result.columnNames();
    const types = result.columnTypes().map(String);
    const rows: (SqlValue | readonly SqlValue[])[][] = [];
    let isCut = false;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const row of chunk.getRows()) {
        if (rows.length >= options.maxRows) isCut = true;
        else rows.push(row.map(toSqlValue));
      }
      if (isCut) break;
    }
    return { columns: names.map((name, index) => ({ name, type: types[index] ?? '' })), rows, isCut };
  });
}

/** Writes the whole result of one read-only statement to a file inside the case; returns the number of rows. */
export async function exportUserQuery(
  instance: DuckDBInstance,
  sql: string,
  options: UserQueryOptions & { readonly path: string; readonly format: 'parquet' | 'csv' },
): Promise<number> {
  return onOwnConnection(instance, options, async (connection) => {
    await assertReadOnly(connection, sql);
    const format = options.format === 'parquet' ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER true';
    const text = sql.trim().replace(/;\s*$/, '');
    const result = await connection.run(`COPY (\n${text}\n) TO ${literal(options.path)} (${format})`);
    const [row] = await result.getRows();
    return Number(row?.[0] ?? 0);
  });
}

export async function explainUserQuery(instance: DuckDBInstance, sql: string): Promise<string> {
  return onOwnConnection(instance, { timeoutMs: 60_000, maxRows: 1 }, async (connection) => {
    await assertReadOnly(connection, sql);
    const reader = await connection.runAndReadAll(`EXPLAIN ${sql}`);
    return reader
      .getRows()
      .map((row) => String(row[1] ?? ''))
      .join('\n');
  });
}

async function assertReadOnly(connection: DuckDBConnection, sql: string): Promise<void> {
  let statements;
  try {
    statements = await connection.extractStatements(sql);
  } catch (error) {
    throw new VakthundError('STORE_QUERY', messageOf(error), { cause: error });
  }
  if (statements.count !== 1) {
    throw new VakthundError('QUERY_REFUSED', `one statement is run at a time, this is ${statements.count}`);
  }
  let type: StatementType;
  try {
    type = (await statements.prepare(0)).statementType;
  } catch (error) {
    throw new VakthundError('STORE_QUERY', messageOf(error), { cause: error });
  }
  if (!readOnlyTypes.has(type)) {
    throw new VakthundError('QUERY_REFUSED', `only SELECT is run here, this is ${StatementType[type]}`);
  }
}

async function onOwnConnection<T>(
  instance: DuckDBInstance,
  options: UserQueryOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  let stopped: 'time' | 'cancel' | undefined;
  let again: NodeJS.Timeout | undefined;
  const stop = (why: 'time' | 'cancel'): void => {
    stopped ??= why;
    connection.interrupt();
    // Between two statements there is nothing to interrupt, and the next one would go on.
    again ??= setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  const timer = setTimeout(() => stop('time'), options.timeoutMs);
  const onAbort = (): void => stop('cancel');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted === true) throw new VakthundError('QUERY_LIMIT', 'the query was cancelled');
    return await work(connection);
  } catch (error) {
    if (stopped === 'time') {
      throw new VakthundError('QUERY_LIMIT', `the query ran longer than ${options.timeoutMs / 1000} s`, {
        cause: error,
        hint: 'narrow it by time or kind, or raise --timeout',
      });
    }
    if (stopped === 'cancel') throw new VakthundError('QUERY_LIMIT', 'the query was cancelled', { cause: error });
    if (error instanceof VakthundError) throw error;
    const text = messageOf(error);
    throw new VakthundError(/Out of Memory/i.test(text) ? 'QUERY_LIMIT' : 'STORE_QUERY', text, { cause: error });
  } finally {
    clearTimeout(timer);
    clearInterval(again);
    options.signal?.removeEventListener('abort', onAbort);
    connection.closeSync();
  }
}
