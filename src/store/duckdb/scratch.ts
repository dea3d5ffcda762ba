import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { SqlValue, UserQueryOptions, UserQueryResult } from '../store.ts';
import { appendRows, type WriteColumn } from './chunk-writer.ts';
import { identifier } from './ddl.ts';
import { runUserQuery } from './user-query.ts';
import { toSqlValue } from './values.ts';

/** Memory that a scratch database may use: it has no disk to spill to. */
const defaultMemoryBytes = 1_000_000_000;

export interface ScratchOptions {
  readonly memoryBytes?: number;
  /** Settings of the engine as statements (`SET integer_division = true`), before it is locked. */
  readonly settings?: readonly string[];
  /** Macros and the like. */
  readonly prelude?: readonly string[];
}

/** A database in memory for one question: no file, no network, no extension can be reached by any SQL, and no setting changed. */
export class ScratchStore {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(options: ScratchOptions = {}): Promise<ScratchStore> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const statements = [
      `SET memory_limit = '${Math.round((options.memoryBytes ?? defaultMemoryBytes) / 1e6)}MB'`,
      "SET GLOBAL TimeZone = 'UTC'",
      ...(options.settings ?? []),
      'SET autoinstall_known_extensions = false',
      'SET autoload_known_extensions = false',
      "SET temp_directory = ''",
      'SET enable_external_access = false',
      'SET lock_configuration = true',
      ...(options.prelude ?? []),
    ];
    for (const statement of statements) await connection.run(statement);
    return new ScratchStore(instance, connection);
  }

  /** Makes a table anew. */
  async createTable(table: string, columns: readonly WriteColumn[]): Promise<void> {
    const list = columns.map(({ name, type }) => `${identifier(name)} ${columnTypes[type]}`);
    await this.#connection.run(`CREATE OR REPLACE TABLE ${identifier(table)} (${list.join(', ')})`);
  }

  async append(table: string, columns: readonly WriteColumn[], rows: readonly object[]): Promise<void> {
    if (rows.length > 0) await appendRows(this.#connection, null, table, columns, rows);
  }

  /** Our own SQL; parameters stand as `?`. */
  async ask(sql: string, parameters: readonly SqlValue[] = []): Promise<(SqlValue | readonly SqlValue[])[][]> {
    const reader = await this.#connection.runAndReadAll(sql, [...parameters]);
    return reader.getRows().map((row) => row.map(toSqlValue));
  }

  /** SQL of a user: one read-only statement. */
  async userQuery(sql: string, options: UserQueryOptions): Promise<UserQueryResult> {
    return runUserQuery(this.#instance, sql, options);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

const columnTypes: Readonly<Record<WriteColumn['type'], string>> = {
  text: 'VARCHAR',
  ip: 'VARCHAR',
  json: 'VARCHAR',
  integer: 'BIGINT',
  duration: 'BIGINT',
  time: 'TIMESTAMP',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  'text[]': 'VARCHAR[]',
  number128: 'UHUGEINT',
};
