import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { microsPerDay } from '../../base/time.ts';
import type { KindId } from '../../events/event.ts';
import type { BulkChunk, BulkPiece } from '../store.ts';
import { cellColumns } from './bulk/column-forms.ts';
import { delimitedFeed } from './bulk/delimited-feed.ts';
import { flatLines } from './bulk/flat-rows.ts';
import { bulkSelect } from './bulk/sql.ts';
import { identifier, literal } from './ddl.ts';
import { chunkFeed } from './chunk-tables.ts';
import { kindColumns, type KindChunks } from './event-batch.ts';
import type { CaseFolders } from './open.ts';
import { PartEncoder } from './part-encoder.ts';

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

/** Of the levels of zstd the first: columns of events come out as small as with the third, which takes a quarter longer. */
const parquet = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1';

/** Columns that every part has; others may be left out where all rows have null. */
const partColumns = ['time', 'evidence_id', 'evidence_at'];

/** Makes sealed parts: from evidence by columns, from events, or from hot rows. */
export class PartWriter {
  readonly #folders: CaseFolders;
  readonly #encoder: PartEncoder;

  constructor(folders: CaseFolders) {
    this.#folders = folders;
    this.#encoder = new PartEncoder(folders.staging, folders.temporary);
  }

  close(): Promise<void> {
    return this.#encoder.close();
  }

  /** Parts for all routes of a chunk, or undefined (and no files) when any row is irregular or missing. */
  async load(connection: DuckDBConnection, chunk: BulkChunk): Promise<NewPart[] | undefined> {
    const parts: NewPart[] = [];
    for (const piece of chunk.pieces) {
      const loaded = await this.#loadPiece(connection, chunk, piece);
      if (loaded === undefined) {
        for (const part of parts) rmSync(part.stagedPath, { force: true });
        return undefined;
      }
      parts.push(...loaded);
    }
    return parts;
  }

  async #loadPiece(connection: DuckDBConnection, chunk: BulkChunk, piece: BulkPiece): Promise<NewPart[] | undefined> {
    const { plan } = chunk;
    const route = plan.routes[piece.route];
    if (route === undefined || piece.lines === 0) return [];
    if ('path' in piece) return this.#loadFrom(connection, chunk, piece, flatLines(route, piece.path));
    if (plan.layout.type !== 'delimited') return undefined;
    const feed = delimitedFeed(piece.bytes, plan.layout, cellColumns(plan.layout, route.mapping));
    return this.#encoder.reading(feed, (encoding, from) => this.#loadFrom(encoding, chunk, piece, from));
  }

  async #loadFrom(
    connection: DuckDBConnection,
    { plan, evidenceId, firstLine }: BulkChunk,
    { route, lines }: BulkPiece,
    from: string,
  ): Promise<NewPart[] | undefined> {
    const kind = plan.routes[route]?.mapping.kind ?? 'log';
    const staged = this.#stagedPath();
    const { sql } = bulkSelect(plan, route, from, evidenceId, firstLine);
    try {
      await connection.run(`COPY (${sql}) TO ${literal(staged)} (${parquet})`);
    } catch {
      // A line with other columns or broken JSON: the row decoder will tell which.
      rmSync(staged, { force: true });
      return undefined;
    }
    const rows = `read_parquet(${literal(staged)}, file_row_number = true)`;
    const summary = await this.#summary(connection, rows, 'irregular');
    if (summary.rows !== lines || summary.irregular > 0) {
      rmSync(staged, { force: true });
      return undefined;
    }
    const folder = folderOf(summary);
    if (folder !== undefined) return [newPart(kind, staged, folder, summary)];
    const parts = await this.#splitByDay(connection, kind, numbered(rows));
    rmSync(staged, { force: true });
    return parts;
  }

  /** Parts that hold events of some kinds: for so many of each that a table would only be a detour. */
  async write(kinds: readonly KindChunks[]): Promise<NewPart[]> {
    const parts: NewPart[] = [];
    for (const { kind, chunks, used, count, firstTime, lastTime } of kinds) {
      const summary = { rows: count, irregular: 0, first: firstTime, last: lastTime };
      const columns = [...new Set([...partColumns, ...used])].map(identifier).join(', ');
      const placed = await this.#encoder.reading(chunkFeed(kindColumns(kind), chunks), (connection, from) =>
        this.#place(connection, kind, `SELECT ${columns} FROM ${from}`, summary),
      );
      parts.push(...placed);
    }
    return parts;
  }

  /** Parts that hold all hot rows of a kind; the caller deletes the rows in the transaction that adds the parts. */
  async sealHot(connection: DuckDBConnection, kind: KindId): Promise<NewPart[]> {
    return this.#place(connection, kind, `SELECT * FROM hot.${identifier(kind)} ORDER BY time`);
  }

  /** What is left of a sealed part without the rows of one content. */
  async without(connection: DuckDBConnection, kind: KindId, file: string, evidenceId: number): Promise<NewPart[]> {
    const rows = `read_parquet(${literal(join(this.#folders.partitions, file))}, file_row_number = true)`;
    return this.#place(
      connection,
      kind,
      `SELECT * EXCLUDE (evidence_line, file_row_number) REPLACE (coalesce(evidence_at, evidence_line + file_row_number) AS evidence_at)
       FROM ${rows} WHERE evidence_id IS DISTINCT FROM ${evidenceId}`,
    );
  }

  /** Writes rows that have their own numbers, into one file or into one for each of their days. */
  async #place(connection: DuckDBConnection, kind: KindId, rows: string, known?: Summary): Promise<NewPart[]> {
    const from = `(SELECT *, NULL::BIGINT AS evidence_line FROM (${rows}))`;
    const summary = known ?? (await this.#summary(connection, from));
    if (summary.rows === 0) return [];
    const folder = folderOf(summary);
    if (folder === undefined) return this.#splitByDay(connection, kind, from);
    const staged = this.#stagedPath();
    await connection.run(`COPY ${from} TO ${literal(staged)} (${parquet})`);
    return [newPart(kind, staged, folder, summary)];
  }

  async #splitByDay(connection: DuckDBConnection, kind: KindId, from: string): Promise<NewPart[]> {
    const folder = join(this.#folders.staging, randomUUID());
    mkdirSync(folder, { mode: 0o700 });
    await connection.run(
      `COPY (SELECT *, strftime(time, '%Y-%m-%d') AS _day FROM ${from})
       TO ${literal(folder)} (${parquet}, PARTITION_BY (_day), WRITE_PARTITION_COLUMNS false)`,
    );
    const parts: NewPart[] = [];
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!entry.endsWith('.parquet')) continue;
      const staged = this.#stagedPath();
      renameSync(join(folder, entry), staged);
      const summary = await this.#summary(connection, `read_parquet(${literal(staged)})`);
      parts.push(newPart(kind, staged, dayText(Math.floor(summary.first / microsPerDay)), summary));
    }
    rmSync(folder, { recursive: true, force: true });
    return parts;
  }

  async #summary(connection: DuckDBConnection, from: string, irregular = 'FALSE'): Promise<Summary> {
    const reader = await connection.runAndReadAll(
      `SELECT count(*), count(*) FILTER (WHERE ${irregular}), epoch_us(min(time)), epoch_us(max(time)) FROM ${from}`,
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

/** Folder of rows of one day, or of too many days for a file each; undefined when there is to be one for each. */
function folderOf({ first, last }: Summary): string | undefined {
  const firstDay = Math.floor(first / microsPerDay);
  const lastDay = Math.floor(last / microsPerDay);
  if (firstDay === lastDay) return dayText(firstDay);
  return lastDay - firstDay >= maxDays ? 'mixed' : undefined;
}

/** Rows of a bulk part with their own numbers instead of that of their first: they are about to be moved. */
function numbered(rows: string): string {
  return `(SELECT * EXCLUDE (irregular, file_row_number)
    REPLACE (coalesce(evidence_at, evidence_line + file_row_number) AS evidence_at, NULL::BIGINT AS evidence_line)
    FROM ${rows})`;
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
