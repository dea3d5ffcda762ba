import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { defaultLocalNetworks, createLocalNetworks, type LocalNetworks } from '../../base/networks.ts';
import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import { kindIds, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { Finding } from '../../events/finding.ts';
import type { Incident } from '../../events/incident.ts';
import type { Macros } from '../macros.ts';
import { VakthundError } from '../../base/errors.ts';
import type {
  BulkChunk,
  BulkOutcome,
  ColumnChunk,
  Commit,
  EventBatch,
  EvidenceChange,
  EvidenceRow,
  Forgotten,
  Narrowing,
  ReadStore,
  SharedRows,
  SqlRow,
  SqlValue,
  Store,
  UserQueryOptions,
  UserQueryResult,
  WorkTable,
} from '../store.ts';
import { derivedTables, type DerivedTable } from '../tables.ts';
import { CaseWriter } from './case-writer.ts';
import { appendRows } from './chunk-writer.ts';
import { forgetCut, writeChange, writeCounts, writeEvents, writeProblems, writeProgress } from './commit.ts';
import { identifier } from './ddl.ts';
import { Connections } from './connections.ts';
import { DamagedParts } from './damaged-parts.ts';
import { createMacros } from './macros.ts';
import { ChunkedEvents, BatchMemory, type KindChunks } from './event-batch.ts';
import { HotRows } from './hot-rows.ts';
import { caseFolders, openDatabase, type CaseFolders, type OpenOptions } from './open.ts';
import { PartWriter, type NewPart } from './parts.ts';
import { NarrowedStore } from './narrowed-store.ts';
import { exportUserQuery, explainUserQuery, runUserQuery } from './user-query.ts';
import { countEvents, queryError, queryRows, scanRows } from './read.ts';
import { dropEvents, kindsOf, partsHolding } from './restart.ts';
import { dropBeyond, dropOlder, readForgotten, type Dropped } from './retention.ts';
import { withShares } from './shares.ts';
import { readBodies, writeVerdict } from './verdict.ts';
import { withWorkTables } from './work-tables.ts';

/** Opens (or makes) a case in a folder and becomes its owner. Throws `STORE_LOCKED` when another process is. */
export async function openDuckdbStore(options: OpenOptions & { readonly networks?: LocalNetworks }): Promise<Store> {
  const { instance, connection, isCurrent } = await openDatabase(options);
  const store = new DuckdbStore(
    instance,
    connection,
    caseFolders(options.folder),
    options.networks ?? createLocalNetworks(defaultLocalNetworks),
    options,
  );
  await store.damaged.lookAtNames();
  if (!isCurrent) await store.refreshViews(kindIds);
  return store;
}

/** Events of one kind in one commit from which on they become a part of their own, and no rows of a table. */
const partRows = 10_000;

class DuckdbStore implements Store {
  #macros: Macros;
  readonly stagingFolder: string;
  readonly damaged: DamagedParts;
  readonly #instance: DuckDBInstance;
  readonly #connections: Connections;
  readonly #writer: CaseWriter;
  readonly #folders: CaseFolders;
  readonly #parts: PartWriter;
  readonly #memory = new BatchMemory();
  readonly #hotRows = new HotRows();

  constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    folders: CaseFolders,
    networks: LocalNetworks,
    { signal, onDamaged }: OpenOptions,
  ) {
    this.#instance = instance;
    this.#connections = new Connections(instance, writer, signal);
    this.#writer = new CaseWriter(writer, folders.partitions);
    this.damaged = new DamagedParts(this.#writer, folders, onDamaged ?? (() => undefined));
    this.#writer.mend = (error) => this.damaged.mend(error);
    this.#folders = folders;
    this.#parts = new PartWriter(folders);
    this.stagingFolder = folders.staging;
    this.#macros = createMacros(networks.ranges);
  }

  async query(sql: string, parameters: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return this.damaged.again(() => this.#read((connection) => queryRows(connection, sql, parameters), sql));
  }

  async *scan(sql: string, parameters: readonly SqlValue[] = []): AsyncIterable<ColumnChunk> {
    const connection = await this.#connections.connect();
    try {
      yield* scanRows(connection, sql, parameters);
    } catch (error) {
      await this.damaged.after(error);
      throw queryError(error, sql);
    } finally {
      this.#connections.close(connection);
    }
  }

  async withTables<T>(tables: readonly WorkTable[], work: (store: ReadStore) => Promise<T>): Promise<T> {
    return this.#read((connection) => withWorkTables(connection, this.macros, tables, work), 'work tables');
  }

  async count(kind: KindId): Promise<number> {
    return this.damaged.again(() => this.#read((connection) => countEvents(connection, kind), 'count'));
  }

  narrowed(to: readonly Narrowing[]): ReadStore {
    return new NarrowedStore(this.#connections, this.macros, to);
  }

  async derive(statements: readonly string[]): Promise<void> {
    await this.#writer.transaction(async (connection) => {
      for (const statement of statements) {
        this.#connections.goOn();
        await connection.run(statement);
      }
    });
  }

  async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    if (!Object.hasOwn(derivedTables, table)) throw new VakthundError('INTERNAL', `"${table}" is no derived table`);
    const spec = derivedTables[table as DerivedTable];
    const columns = Object.entries(spec.columns).map(([name, [type]]) => ({ name, type }));
    await this.#writer.transaction((connection) => appendRows(connection, null, table, columns, rows));
  }

  async addEvidence(row: Omit<EvidenceRow, 'evidence_id'>): Promise<number> {
    return this.#writer.transaction(async (connection) => {
      const reader = await connection.runAndReadAll("SELECT nextval('evidence_sequence')");
      const id = Number(reader.getRows()[0]?.[0]);
      await connection.run(`INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, make_timestamp(?::BIGINT))`, [
        id,
        row.path,
        row.sha256,
        row.content_sha256,
        row.size,
        row.head_sha256,
        row.source,
        row.done_byte,
        row.done_line,
        row.done_state,
        row.is_complete,
        row.added_at,
      ]);
      return id;
    });
  }

  async evidence(): Promise<EvidenceRow[]> {
    return (await this.query('SELECT * FROM evidence ORDER BY evidence_id')) as unknown as EvidenceRow[];
  }

  async evidenceCounts(): Promise<{ evidence_id: number; kind: KindId; events: number }[]> {
    const rows = await this.query(
      'SELECT evidence_id, kind, sum(events)::BIGINT AS events FROM evidence_count GROUP BY ALL ORDER BY ALL',
    );
    return rows as unknown as { evidence_id: number; kind: KindId; events: number }[];
  }

  async updateEvidence(evidenceId: number, change: EvidenceChange): Promise<void> {
    await this.#writer.transaction((connection) => writeChange(connection, evidenceId, change));
  }

  async restartEvidence(evidenceId: number, source: string): Promise<void> {
    const { connection } = this.#writer;
    const gone = await this.#writer.exclusive(async () => {
      const kinds = await kindsOf(connection, evidenceId);
      const holding = await partsHolding(connection, this.#folders.partitions, kinds, evidenceId);
      const rest: NewPart[] = [];
      for (const { kind, file, isShared } of holding) {
        if (isShared) rest.push(...(await this.#parts.without(connection, kind, file, evidenceId)));
      }
      await this.#writer.commitParts(rest, async () => {
        await dropEvents(connection, evidenceId, kinds, holding, source);
        await this.#writer.writeViews(kinds);
      });
      return holding;
    });
    this.#writer.removeFiles(gone.map(({ file }) => file));
  }

  async withShares<T>(kinds: readonly KindId[], work: (rows: SharedRows) => Promise<T>): Promise<T> {
    const { partitions } = this.#folders;
    return this.#read((connection) => withShares(connection, this.macros, partitions, kinds, work), 'shares');
  }

  newBatch(evidenceId: number): EventBatch {
    return new ChunkedEvents(evidenceId, this.#memory);
  }

  async commit(commit: Commit): Promise<void> {
    const { evidenceId, change, problems, progress } = commit;
    const batch = this.#batchOf(evidenceId, commit.events);
    const kinds = batch.takeAll();
    const many = kinds.filter(({ count }) => count >= partRows);
    const parts = many.length === 0 ? [] : await this.#parts.write(many);
    await this.#writer.exclusive(() =>
      this.#writer.commitParts(parts, async (connection) => {
        await writeCounts(
          connection,
          evidenceId,
          many.map(({ kind, count }) => [kind, count]),
        );
        await this.#writeHot(
          connection,
          evidenceId,
          kinds.filter(({ count }) => count < partRows),
        );
        if (change !== undefined) await forgetCut(connection, evidenceId);
        await writeProblems(connection, evidenceId, problems);
        await writeProgress(connection, evidenceId, progress, change);
      }),
    );
    batch.clear();
    this.#memory.settle();
  }

  async #writeHot(connection: DuckDBConnection, evidenceId: number, kinds: readonly KindChunks[]): Promise<void> {
    for (const { kind, count } of kinds) this.#hotRows.added(kind, count);
    await writeEvents(connection, evidenceId, kinds);
  }

  #batchOf(evidenceId: number, events: Commit['events']): ChunkedEvents {
    if (events instanceof ChunkedEvents) return events;
    const batch = new ChunkedEvents(evidenceId, this.#memory);
    batch.add(events as readonly VakthundEvent[]);
    return batch;
  }

  async bulkLoad(chunk: BulkChunk, progress: Commit['progress']): Promise<BulkOutcome> {
    const parts = await this.#read((connection) => this.#parts.load(connection, chunk), 'bulk load');
    if (parts === undefined) return { isLoaded: false };
    const others = this.#batchOf(chunk.evidenceId, chunk.others.events);
    await this.#writer.exclusive(() =>
      this.#writer.commitParts(parts, async (connection) => {
        await writeCounts(
          connection,
          chunk.evidenceId,
          parts.map(({ kind, rowCount }) => [kind, rowCount]),
        );
        await this.#writeHot(connection, chunk.evidenceId, others.takeAll());
        await writeProblems(connection, chunk.evidenceId, chunk.others.problems);
        await writeProgress(connection, chunk.evidenceId, progress);
      }),
    );
    others.clear();
    this.#memory.settle();
    return {
      isLoaded: true,
      events: parts.reduce((sum, part) => sum + part.rowCount, 0),
      firstTime: Math.min(...parts.map((part) => part.firstTime)),
      lastTime: Math.max(...parts.map((part) => part.lastTime)),
    };
  }

  async problems(): Promise<(Problem & { evidence_id: number | null })[]> {
    const rows = await this.query('SELECT * FROM problem');
    return rows.map((row) => ({
      evidence_id: row['evidence_id'] as number | null,
      code: row['code'] as Problem['code'],
      at: {
        ...(row['line'] === null ? {} : { line: Number(row['line']) }),
        ...(row['byte'] === null ? {} : { byte: Number(row['byte']) }),
      },
      message: String(row['message']),
      ...(row['hint'] === null ? {} : { hint: String(row['hint']) }),
      count: Number(row['count']),
    }));
  }

  async addProblems(evidenceId: number | null, problems: readonly Problem[]): Promise<void> {
    if (problems.length === 0) return;
    await this.#writer.transaction((connection) => writeProblems(connection, evidenceId, problems));
  }

  get macros(): Macros {
    return this.#macros;
  }

  useNetworks(networks: LocalNetworks): void {
    this.#macros = createMacros(networks.ranges);
  }

  async setting(name: string): Promise<string | undefined> {
    const [row] = await this.query('SELECT value FROM setting WHERE name = ?', [name]);
    return row === undefined ? undefined : String(row['value']);
  }

  async setSetting(name: string, value: string): Promise<void> {
    await this.#writer.transaction(async (connection) => {
      await connection.run('INSERT OR REPLACE INTO setting VALUES (?, ?)', [name, value]);
    });
  }

  async saveVerdict(findings: readonly Finding[], incidents: readonly Incident[]): Promise<void> {
    await this.#writer.transaction((connection) => writeVerdict(connection, findings, incidents));
  }

  async findings(): Promise<Finding[]> {
    return this.#read((connection) => readBodies<Finding>(connection, 'finding', 'score DESC, id'), 'findings');
  }

  async incidents(): Promise<Incident[]> {
    return this.#read((connection) => readBodies<Incident>(connection, 'incident', 'risk DESC, id'), 'incidents');
  }

  async userQuery(sql: string, options: UserQueryOptions): Promise<UserQueryResult> {
    return runUserQuery(this.#instance, sql, options);
  }

  async exportQuery(
    sql: string,
    options: UserQueryOptions & { readonly path: string; readonly format: 'parquet' | 'csv' },
  ): Promise<number> {
    return exportUserQuery(this.#instance, sql, options);
  }

  async explain(sql: string): Promise<string> {
    return explainUserQuery(this.#instance, sql);
  }

  async seal(threshold: number): Promise<void> {
    const { connection } = this.#writer;
    for (const kind of await this.#read((reading) => this.#hotRows.kindsBeyond(threshold, reading), 'seal')) {
      await this.#writer.exclusive(async () => {
        const parts = await this.#parts.sealHot(connection, kind);
        await this.#writer.commitParts(parts, async () => {
          await connection.run(`DELETE FROM hot.${identifier(kind)}`);
        });
      });
    }
  }

  async retain(olderThan: Micros, kinds: readonly KindId[] = kindIds): Promise<readonly Forgotten[]> {
    return this.#drop(kinds, (connection) => dropOlder(connection, olderThan, kinds));
  }

  async shrink(maxBytes: number, kinds: readonly KindId[], now: Micros): Promise<readonly Forgotten[]> {
    return this.#drop(kinds, (connection) => dropBeyond(connection, maxBytes, kinds, now));
  }

  async forgotten(): Promise<readonly Forgotten[]> {
    return this.#read(readForgotten, 'forgotten');
  }

  /** Files go after the commit. */
  async #drop(
    kinds: readonly KindId[],
    drop: (connection: DuckDBConnection) => Promise<Dropped>,
  ): Promise<readonly Forgotten[]> {
    if (kinds.length === 0) return [];
    const dropping = async (connection: DuckDBConnection): Promise<Dropped> => {
      const dropped = await drop(connection);
      if (dropped.files.length > 0) await this.#writer.writeViews(dropped.events.map(({ kind }) => kind));
      return dropped;
    };
    const { events, files } = await this.damaged.again(() => this.#writer.transaction(dropping));
    this.#writer.removeFiles(files);
    return events;
  }

  async refreshViews(kinds: readonly KindId[]): Promise<void> {
    await this.damaged.again(() => this.#writer.exclusive(() => this.#writer.writeViews(kinds)));
  }

  async close(): Promise<void> {
    await this.#writer.exclusive(async () => {
      await this.#writer.connection.run('CHECKPOINT').catch(() => undefined);
    });
    await this.#parts.close();
    this.#connections.end();
    this.#writer.close();
    this.#instance.closeSync();
  }

  async #read<T>(work: (connection: DuckDBConnection) => Promise<T>, sql: string): Promise<T> {
    try {
      return await this.#connections.during(work);
    } catch (error) {
      await this.damaged.after(error);
      throw queryError(error, sql);
    }
  }
}
