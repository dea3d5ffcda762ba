import { lstatSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../base/errors.ts';
import { isKindId, type KindId } from '../../events/event.ts';
import type { Forgotten } from '../store.ts';
import type { CaseWriter } from './case-writer.ts';
import { literal } from './ddl.ts';
import type { CaseFolders } from './open.ts';
import { queryRows } from './read.ts';
import { remember } from './retention.ts';

/** What DuckDB says when a file that a view reads is gone, cut, or holds something else; not what it says of a value, or of a full disk. */
const signs = [
  'no files found',
  'cannot open file',
  'failed to read file',
  'parquet',
  'magic bytes',
  'thrift',
  'tprotocol',
  'zstd',
  'out of buffer',
  'invalid error',
];

interface Part extends Forgotten {
  readonly partId: number;
  readonly file: string;
  readonly size: number;
}

/**
 * Sealed parts that somebody removed, cut or overwrote. One of them would make every question about its kind fail, and so all that is judged: it
 * is set aside (`damaged/` in the case keeps what is left of it), its events count as forgotten, and what is whole is read on.
 */
export class DamagedParts {
  readonly #writer: CaseWriter;
  readonly #folders: CaseFolders;
  readonly #onDamaged: (files: readonly string[]) => void;
  #setAside = 0;
  /** Failures that were looked into, by whatever they are wrapped in. */
  readonly #looked = new WeakSet<Error>();

  constructor(writer: CaseWriter, folders: CaseFolders, onDamaged: (files: readonly string[]) => void) {
    this.#writer = writer;
    this.#folders = folders;
    this.#onDamaged = onDamaged;
  }

  /** Sets aside what is gone or has another size. Opens no file. */
  async lookAtNames(): Promise<void> {
    await this.#writer.exclusive(async () => this.#drop((await this.#parts()).filter((part) => !this.#stands(part))));
  }

  /** Does what reads parts, and once more when it failed for some that were set aside then. */
  async again<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#setAside;
    try {
      return await work();
    } catch (error) {
      await this.after(error);
      if (this.#setAside === before) throw error;
      return work();
    }
  }

  /** After something that failed: looks for what made it, where it may be a part. */
  async after(error: unknown): Promise<void> {
    if (this.#isPossible(error)) await this.#writer.exclusive(() => this.mend(error));
  }

  /** The same, for whoever has the turn to write. True when a part was set aside. */
  async mend(error: unknown): Promise<boolean> {
    if (!this.#isPossible(error)) return false;
    if (error instanceof Error) this.#looked.add(error);
    const parts = await this.#parts();
    const damaged = parts.filter((part) => !this.#stands(part));
    // All of a part is read only where names and sizes explain nothing.
    if (damaged.length === 0) for (const part of parts) if (!(await this.#isReadable(part))) damaged.push(part);
    await this.#drop(damaged);
    return damaged.length > 0;
  }

  #isPossible(error: unknown): boolean {
    if (error instanceof Error && (this.#looked.has(error) || this.#looked.has(error.cause as Error))) return false;
    const text = messageOf(error).toLowerCase();
    return signs.some((sign) => text.includes(sign));
  }

  #pathOf({ file }: Part): string {
    return join(this.#folders.partitions, file);
  }

  #stands(part: Part): boolean {
    const stats = lstatSync(this.#pathOf(part), { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size === part.size;
  }

  async #isReadable(part: Part): Promise<boolean> {
    try {
      const from = `read_parquet(${literal(this.#pathOf(part))})`;
      await this.#writer.connection.runAndReadAll(`SELECT max(hash(COLUMNS(*))) FROM ${from}`);
      return true;
    } catch {
      return false;
    }
  }

  async #parts(): Promise<Part[]> {
    const rows = await queryRows(
      this.#writer.connection,
      'SELECT part_id, kind, file, size, row_count, first_time, last_time FROM part ORDER BY part_id',
    );
    return rows.flatMap((row): Part[] => {
      const kind = String(row['kind']);
      if (!isKindId(kind)) return [];
      const [partId, size, events] = [row['part_id'], row['size'], row['row_count']].map(Number) as [
        number,
        number,
        number,
      ];
      const [first, last] = [Number(row['first_time']), Number(row['last_time'])];
      return [{ partId, kind, file: String(row['file']), size, events, first, last }];
    });
  }

  async #drop(parts: readonly Part[]): Promise<void> {
    if (parts.length === 0) return;
    const kinds = new Set<KindId>(parts.map(({ kind }) => kind));
    await this.#writer.rewrite(async (connection: DuckDBConnection) => {
      for (const { partId } of parts) await connection.run('DELETE FROM part WHERE part_id = ?', [partId]);
      await remember(connection, parts, []);
      await this.#writer.writeViews([...kinds]);
    });
    this.#setAside += parts.length;
    const aside = join(this.#folders.root, 'damaged');
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    for (const part of parts) {
      const path = this.#pathOf(part);
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) renameSync(path, join(aside, basename(path)));
    }
    this.#onDamaged(parts.map((part) => this.#pathOf(part)));
  }
}
