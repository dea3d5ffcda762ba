import type { DuckDBConnection } from '@duckdb/node-api';
import { VakthundError } from '../../base/errors.ts';
import type { KindId } from '../../events/event.ts';
import type { Macros } from '../macros.ts';
import type { ColumnChunk, ReadStore, SqlRow, SqlValue, WorkTable } from '../store.ts';
import { identifier } from './ddl.ts';
import { countEvents, queryError, queryRows, scanRows } from './read.ts';

/** Makes the tables on a connection, does the work with what stands on it, and drops them. */
export async function withWorkTables<T>(
  connection: DuckDBConnection,
  macros: Macros,
  tables: readonly WorkTable[],
  work: (store: ReadStore) => Promise<T>,
): Promise<T> {
  const made: string[] = [];
  try {
    for (const { name, sql } of tables) {
      await connection.run(`CREATE TEMP TABLE ${identifier(name)} AS ${sql}`).catch((error: unknown) => {
        throw queryError(error, sql);
      });
      made.push(name);
    }
    return await work(new WorkStore(connection, macros));
  } finally {
    for (const name of made) await connection.run(`DROP TABLE ${identifier(name)}`);
  }
}

/** Questions on one connection, which can have only one open at a time. */
class WorkStore implements ReadStore {
  readonly macros: Macros;
  readonly #connection: DuckDBConnection;
  #isScanning = false;

  constructor(connection: DuckDBConnection, macros: Macros) {
    this.#connection = connection;
    this.macros = macros;
  }

  async query(sql: string, parameters: readonly SqlValue[] = []): Promise<SqlRow[]> {
    this.#refuseWhileScanning();
    try {
      return await queryRows(this.#connection, sql, parameters);
    } catch (error) {
      throw queryError(error, sql);
    }
  }

  async *scan(sql: string, parameters: readonly SqlValue[] = []): AsyncIterable<ColumnChunk> {
    this.#refuseWhileScanning();
    this.#isScanning = true;
    try {
      yield* scanRows(this.#connection, sql, parameters);
    } catch (error) {
      throw queryError(error, sql);
    } finally {
      this.#isScanning = false;
    }
  }

  async count(kind: KindId): Promise<number> {
    this.#refuseWhileScanning();
    return countEvents(this.#connection, kind);
  }

  async withTables<T>(tables: readonly WorkTable[], work: (store: ReadStore) => Promise<T>): Promise<T> {
    this.#refuseWhileScanning();
    return withWorkTables(this.#connection, this.macros, tables, work);
  }

  /** A second question would end the first one without a word. */
  #refuseWhileScanning(): void {
    if (this.#isScanning) throw new VakthundError('INTERNAL', 'a scan over work tables is not read to its end');
  }
}
