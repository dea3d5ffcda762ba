import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { microsPerDay } from '../../base/time.ts';
import { columnEntries, type KindId } from '../../events/event.ts';
import type { BulkChunk } from '../store.ts';
import { bulkSelect } from './bulk/sql.ts';
import { identifier, literal } from './ddl.ts';
import type { CaseFolders } from './open.ts';

/** A finished Parquet file in the staging folder, and where it will stand below `partitions/`. */
export interface NewPart {
  readonly kind: KindId;
  readonly stagedPath: string;
  readonly file: string;
  readonly rowCount: number;
  /** µs. */
  readonly firstTime: number;
  readonly lastTime: number;
}

/** Days that one load may be split into. More (clocks gone wild) stay in one file: the number of files is not an attacker's choice. */
const maxDays = 62;

const parquet = 'FORMAT parquet, COMPRESSION zstd';

/** Makes sealed parts: from staged evidence by columns, or from hot rows. */
export class PartWriter {
  readonly #folders: CaseFolders;

  constructor(folders: CaseFolders) {
    this.#folders = folders;
  }

  /** Parts for all routes of a chunk, or undefined (and no files) when any row is irregular or missing. */
  async load(connection: DuckDBConnection, chunk: BulkChunk): Promise<NewPart[] | undefined> {
    const parts: NewPart[] = [];
    for (const file of chunk.files) {
      const loaded = await this.#loadFile(connection, chunk, file);
      if (loaded === undefined) {
        for (const part of parts) rmSync(part.stagedPath, { force: true });
        return undefined;
      }
      parts.push(...loaded);
    }
    return parts;
  }

  async #loadFile(
    connection: DuckDBConnection,
    chunk: BulkChunk,
    file: BulkChunk['files'][number],
  ): Promise<NewPart[] | undefined> {
    const route = chunk.plan.routes[file.route];
    if (route === undefined || file.lines === 0) return [];
    const staged = this.#stagedPath();
    const { sql } = bulkSelect(chunk.plan, file.route, file.path, chunk.evidenceId, chunk.firstLine);
    try {
      await connection.run(`COPY (${sql}) TO ${literal(staged)} (${parquet})`);
    } catch {
      // A line with other columns or broken JSON: the row decoder will tell which.
      rmSync(staged, { force: true });
      return undefined;
    }
    const summary = await this.#summary(connection, staged, 'irregular');
    if (summary.rows !== file.lines || summary.irregular > 0) {
      rmSync(staged, { force: true });
      return undefined;
    }
    return this.#place(connection, route.mapping.kind, staged, summary);
  }

  /** Parts that hold all hot rows of a kind; the caller deletes the rows in the transaction that adds the parts. */
  async sealHot(connection: DuckDBConnection, kind: KindId): Promise<NewPart[]> {
    const staged = this.#stagedPath();
    await connection.run(
      `COPY (SELECT *, NULL::BIGINT AS evidence_line FROM hot.${identifier(kind)} ORDER BY time) TO ${literal(staged)} (${parquet})`,
    );
    return this.#place(connection, kind, staged, await this.#summary(connection, staged, 'FALSE'));
  }

  async #place(connection: DuckDBConnection, kind: KindId, staged: string, summary: Summary): Promise<NewPart[]> {
    if (summary.rows === 0) {
      rmSync(staged, { force: true });
      return [];
    }
    const firstDay = Math.floor(summary.first / microsPerDay);
    const lastDay = Math.floor(summary.last / microsPerDay);
    if (firstDay === lastDay || lastDay - firstDay >= maxDays) {
      const folder = firstDay === lastDay ? dayText(firstDay) : 'mixed';
      return [newPart(kind, staged, folder, summary)];
    }
    return this.#splitByDay(connection, kind, staged);
  }

  async #splitByDay(connection: DuckDBConnection, kind: KindId, staged: string): Promise<NewPart[]> {
    const folder = join(this.#folders.staging, randomUUID());
    mkdirSync(folder, { mode: 0o700 });
    const columns = columnEntries(kind)
      .map(([name]) => identifier(name))
      .filter((name) => name !== '"evidence_at"');
    await connection.run(
      `COPY (SELECT ${columns.join(', ')}, coalesce(evidence_at, evidence_line + file_row_number) AS evidence_at,
         NULL::BIGINT AS evidence_line, strftime(time, '%Y-%m-%d') AS _day
       FROM read_parquet(${literal(staged)}, file_row_number = true))
       TO ${literal(folder)} (${parquet}, PARTITION_BY (_day), WRITE_PARTITION_COLUMNS false)`,
    );
    rmSync(staged, { force: true });
    const parts: NewPart[] = [];
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!entry.endsWith('.parquet')) continue;
      const path = join(folder, entry);
      const summary = await this.#summary(connection, path, 'FALSE');
      parts.push(newPart(kind, path, dayText(Math.floor(summary.first / microsPerDay)), summary));
    }
    return parts;
  }

  async #summary(connection: DuckDBConnection, path: string, irregular: string): Promise<Summary> {
    const reader = await connection.runAndReadAll(
      `SELECT count(*), count(*) FILTER (WHERE ${irregular}), epoch_us(min(time)), epoch_us(max(time)) FROM read_parquet(${literal(path)})`,
    );
    const [rows, bad, first, last] = reader.getRows()[0] ?? [];
    return { rows: Number(rows ?? 0), irregular: Number(bad ?? 0), first: Number(first ?? 0), last: Number(last ?? 0) };
  }

  #stagedPath(): string {
    return join(this.#folders.staging, `${randomUUID()}.parquet`);
  }
}

interface Summary {
  readonly rows: number;
  readonly irregular: number;
  readonly first: number;
  readonly last: number;
}

function newPart(kind: KindId, stagedPath: string, folder: string, summary: Summary): NewPart {
  return {
    kind,
    stagedPath,
    file: join(kind, folder, `${randomUUID()}.parquet`),
    rowCount: summary.rows,
    firstTime: summary.first,
    lastTime: summary.last,
  };
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
