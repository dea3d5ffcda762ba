import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { VakthundError } from '../../base/errors.ts';

/** An interrupt that comes between two statements is lost, so it is said again until nobody calculates any more. */
export const interruptEveryMs = 100;

/**
 * The connections of one database. When the signal comes, what runs on them is given up at once, which may have gone on for minutes, and
 * nothing new begins; what was being written is rolled back.
 */
export class Connections {
  readonly #instance: DuckDBInstance;
  readonly #signal: AbortSignal | undefined;
  readonly #open = new Set<DuckDBConnection>();
  readonly #writer: DuckDBConnection;
  #again: NodeJS.Timeout | undefined;
  readonly #giveUp = (): void => {
    this.#writer.interrupt();
    this.#again = setInterval(() => {
      for (const connection of this.#open) connection.interrupt();
    }, interruptEveryMs).unref();
    for (const connection of this.#open) connection.interrupt();
  };

  /** `writer` stays open, is interrupted once, and ends with the database. */
  constructor(instance: DuckDBInstance, writer: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#instance = instance;
    this.#signal = signal;
    this.#writer = writer;
    signal?.addEventListener('abort', this.#giveUp, { once: true });
  }

  /** Throws when the signal has come. */
  goOn(): void {
    if (this.#signal?.aborted === true) throw new VakthundError('QUERY_LIMIT', 'the calculation was stopped');
  }

  /** Does something on a connection of its own. */
  async during<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await work(connection);
    } finally {
      this.close(connection);
    }
  }

  async connect(): Promise<DuckDBConnection> {
    this.goOn();
    const connection = await this.#instance.connect();
    this.#open.add(connection);
    return connection;
  }

  close(connection: DuckDBConnection): void {
    this.#open.delete(connection);
    connection.closeSync();
  }

  /** No connection is used any more. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#giveUp);
    clearInterval(this.#again);
  }
}
