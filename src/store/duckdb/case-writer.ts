import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KindId } from '../../events/event.ts';
import { kindView } from './ddl.ts';
import type { NewPart } from './parts.ts';
import { queryError } from './read.ts';

/** The one connection of a case that writes. Transactions follow each other in the order in which they were asked for. */
export class CaseWriter {
  readonly connection: DuckDBConnection;
  /** Folder of the files that the views of the kinds read. */
  readonly #partitions: string;
  #queue: Promise<unknown> = Promise.resolve();
  /** Told of a failure with the turn still taken; true when what made it fail is out of the way. */
  mend: (error: unknown) => Promise<boolean> = () => Promise.resolve(false);

  constructor(connection: DuckDBConnection, partitions: string) {
    this.connection = connection;
    this.#partitions = partitions;
  }

  /** One writer at a time, in the order of asking. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async transaction<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.exclusive(() => this.#inTransaction(work));
  }

  /** A transaction of whoever has the turn already. */
  async rewrite<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#inTransaction(work);
  }

  async #inTransaction<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await this.connection.run('BEGIN TRANSACTION');
    try {
      const result = await work(this.connection);
      await this.connection.run('COMMIT');
      return result;
    } catch (error) {
      await this.connection.run('ROLLBACK').catch(() => undefined);
      throw queryError(error, 'write');
    }
  }

  /** Moves staged files to their place and commits their rows; a crash in between leaves files that the next open removes. */
  async commitParts(parts: readonly NewPart[], also: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    for (const part of parts) {
      const target = join(this.#partitions, part.file);
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      renameSync(part.stagedPath, target);
    }
    let isRetried = false;
    for (;;) {
      let areRowsBegun = false;
      const rows = (connection: DuckDBConnection): Promise<void> => {
        areRowsBegun = true;
        return also(connection);
      };
      try {
        return await this.#inTransaction((connection) => this.#writeParts(connection, parts, rows));
      } catch (error) {
        // Rows may be given once only; the views come before them, and fail for any file of the kind that is damaged.
        if (areRowsBegun || isRetried || !(await this.mend(error))) throw error;
        isRetried = true;
      }
    }
  }

  async #writeParts(
    connection: DuckDBConnection,
    parts: readonly NewPart[],
    also: (connection: DuckDBConnection) => Promise<void>,
  ): Promise<void> {
    for (const part of parts) {
      const size = statSync(join(this.#partitions, part.file)).size;
      await connection.run(
        `INSERT INTO part VALUES (nextval('part_sequence'), ?, ?, ?, ?, make_timestamp(?::BIGINT), make_timestamp(?::BIGINT))`,
        [part.kind, part.file, part.rowCount, size, part.firstTime, part.lastTime],
      );
    }
    await this.writeViews([...new Set(parts.map((part) => part.kind))]);
    await also(connection);
  }

  async writeViews(kinds: readonly KindId[]): Promise<void> {
    for (const kind of kinds) {
      const reader = await this.connection.runAndReadAll('SELECT file FROM part WHERE kind = ? ORDER BY part_id', [
        kind,
      ]);
      const files = reader.getRows().map(([file]) => join(this.#partitions, String(file)));
      await this.connection.run(kindView(kind, files));
    }
  }

  /** Removes files whose rows are gone; a crash before it leaves some that the next open removes. */
  removeFiles(files: readonly string[]): void {
    for (const file of files) rmSync(join(this.#partitions, file), { force: true });
  }

  close(): void {
    this.connection.closeSync();
  }
}
