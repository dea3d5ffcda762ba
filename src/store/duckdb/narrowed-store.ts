import type { DuckDBConnection } from '@duckdb/node-api';
import type { KindId } from '../../events/event.ts';
import type { Macros } from '../macros.ts';
import type { ColumnChunk, Narrowing, ReadStore, SqlRow, SqlValue, WorkTable } from '../store.ts';
import type { Connections } from './connections.ts';
import { identifier } from './ddl.ts';
import { countEvents, queryError, queryRows, scanRows } from './read.ts';
import { withWorkTables } from './work-tables.ts';

/**
 * All that is stored, with temporary views that hide rows of some kinds. A temporary view is found before the view of the same
 * name that everybody sees, and is seen by its own connection alone.
 */
export class NarrowedStore implements ReadStore {
  readonly macros: Macros;
  readonly #connections: Connections;
  readonly #narrowings: readonly Narrowing[];

  constructor(connections: Connections, macros: Macros, narrowings: readonly Narrowing[]) {
    this.#connections = connections;
    this.macros = macros;
    this.#narrowings = narrowings;
  }

  async query(sql: string, parameters: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return this.#read((connection) => queryRows(connection, sql, parameters), sql);
  }

  async *scan(sql: string, parameters: readonly SqlValue[] = []): AsyncIterable<ColumnChunk> {
    const connection = await this.#connect();
    try {
      yield* scanRows(connection, sql, parameters);
    } catch (error) {
      throw queryError(error, sql);
    } finally {
      this.#connections.close(connection);
    }
  }

  async count(kind: KindId): Promise<number> {
    if (!this.#narrowings.some((narrowing) => narrowing.kind === kind)) {
      return this.#read((connection) => countEvents(connection, kind), 'count');
    }
    const [row] = await this.query(`SELECT count(*) AS n FROM ${identifier(kind)}`);
    return Number(row?.['n'] ?? 0);
  }

  async withTables<T>(tables: readonly WorkTable[], work: (store: ReadStore) => Promise<T>): Promise<T> {
    return this.#read((connection) => withWorkTables(connection, this.macros, tables, work), 'work tables');
  }

  async #read<T>(work: (connection: DuckDBConnection) => Promise<T>, sql: string): Promise<T> {
    const connection = await this.#connect();
    try {
      return await work(connection);
    } catch (error) {
      throw queryError(error, sql);
    } finally {
      this.#connections.close(connection);
    }
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#connections.connect();
    await this.#narrow(connection).catch((error: unknown) => {
      this.#connections.close(connection);
      throw error;
    });
    return connection;
  }

  async #narrow(connection: DuckDBConnection): Promise<void> {
    const reader = await connection.runAndReadAll('SELECT current_database()');
    const database = identifier(String(reader.getRows()[0]?.[0]));
    const whole = (kind: KindId): string => `${database}.main.${identifier(kind)}`;
    for (const { kind, where } of this.#narrowings) {
      await connection.run(
        `CREATE TEMP VIEW ${identifier(kind)} AS SELECT * FROM ${whole(kind)} WHERE ${where(whole)}`,
      );
    }
  }
}
