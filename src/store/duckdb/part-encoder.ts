import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { ChunkTables, type RowFeed } from './chunk-tables.ts';
import { sandboxSettings } from './open.ts';
import { queryError } from './read.ts';

/** What it needs, with texts of a row group that are as long as an attacker likes. */
const memoryBytes = 1_000_000_000;

/**
 * A database without tables that writes rows of ours to files in one folder. It has a single thread: with more, DuckDB asks
 * without a pause whether the one that waits for our rows has got on, and takes a core for that.
 */
export class PartEncoder {
  readonly #folder: string;
  readonly #spillFolder: string;
  #opened: Promise<Opened> | undefined;

  constructor(folder: string, spillFolder: string) {
    this.#folder = folder;
    this.#spillFolder = spillFolder;
  }

  /** Does `work` on a connection while the rows can be read from the table expression that it gets. */
  async reading<T>(feed: RowFeed, work: (connection: DuckDBConnection, from: string) => Promise<T>): Promise<T> {
    this.#opened ??= open(this.#folder, this.#spillFolder);
    const { instance, tables } = await this.#opened;
    const connection = await instance.connect();
    try {
      return await tables.reading(feed, (from) => work(connection, from));
    } catch (error) {
      throw queryError(error, 'parts');
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    const opened = await this.#opened;
    opened?.instance.closeSync();
  }
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly tables: ChunkTables;
}

async function open(folder: string, temporary: string): Promise<Opened> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of sandboxSettings({ memoryBytes, threads: 1, temporary, directories: [folder] })) {
    await connection.run(statement);
  }
  const tables = new ChunkTables(connection);
  connection.closeSync();
  return { instance, tables };
}
