import type { Micros } from '../base/time.ts';
import type { Problem } from '../base/problem.ts';
import type { KindId, VakthundEvent } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import type { RowSink } from '../events/row-sink.ts';
import type { BulkPlan } from './bulk.ts';
import type { LocalNetworks } from '../base/networks.ts';
import type { Macros } from './macros.ts';

export type SqlValue = string | number | boolean | null;
/** Result row: numbers as numbers (64-bit beyond 2^53 as text), times as µs numbers, lists as arrays. */
export type SqlRow = Readonly<Record<string, SqlValue | readonly SqlValue[]>>;

/** A run of result rows by column: numbers, times (µs) and booleans as doubles with NaN for null, everything else as values. */
export interface ColumnChunk {
  readonly rowCount: number;
  numbers(column: number): Float64Array;
  texts(column: number): readonly (string | null)[];
}

/** A table that an analysis makes for itself: `sql` is a SELECT of our own. */
export interface WorkTable {
  readonly name: string;
  readonly sql: string;
}

/** A kind of which only some rows are seen. */
export interface Narrowing {
  readonly kind: KindId;
  /** Condition of our own over its columns; `whole` names the table of a kind with all its rows, for sub-queries. */
  readonly where: (whole: (kind: KindId) => string) => string;
}

/** What analytics, enrichers and inspections see of a store: questions only. */
export interface ReadStore {
  readonly macros: Macros;
  /** Our own SQL. Parameters stand as `?`. Small results: for large ones use `scan`. */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<SqlRow[]>;
  /** Our own SQL, streamed by columns with bounded memory. */
  scan(sql: string, parameters?: readonly SqlValue[]): AsyncIterable<ColumnChunk>;
  /** Number of stored events of a kind. */
  count(kind: KindId): Promise<number>;
  /**
   * Makes tables in their order (later ones may read earlier ones), and does `work` with a store that sees them beside all
   * that is stored; they vanish with it. For what several questions have in common. That store answers one question at a
   * time: a scan of it must be read to its end first.
   */
  withTables<T>(tables: readonly WorkTable[], work: (store: ReadStore) => Promise<T>): Promise<T>;
}

/** Some of the stored rows of a kind. */
export interface Share {
  readonly kind: KindId;
  readonly rows: number;
  /** SELECT of whole rows. */
  readonly from: string;
  /** Whether any thread can read it, with a store of sealed parts; others are read where the case is owned. */
  readonly isSealed: boolean;
}

/** What is stored of some kinds at one moment. */
export interface SharedRows {
  /** Reads any share, one at a time. */
  readonly store: Pick<ReadStore, 'macros' | 'scan'>;
  /** Together all rows, each once. */
  readonly shares: readonly Share[];
  /** What a store of sealed parts is opened with. */
  readonly sealedFolder: string;
}

/** A store of which a part can be shown to somebody who asks as if it were all. */
export interface NarrowableStore extends ReadStore {
  /** Sees all that is stored, but of the kinds that are named only some rows. */
  narrowed(to: readonly Narrowing[]): ReadStore;
}

/** Derived tables that enrichers fill; see `tables.ts` for their columns. */
export interface EnrichStore extends ReadStore {
  /** Runs statements of our own that only write the derived tables, in one transaction. */
  derive(statements: readonly string[]): Promise<void>;
  /** Appends rows to a derived table by column name; `number128` columns take big integers. */
  insert(
    table: string,
    rows: readonly Readonly<Record<string, SqlValue | bigint | readonly string[]>>[],
  ): Promise<void>;
}

/** One leaf of evidence in the ledger: a content, perhaps inside an archive. */
export interface EvidenceRow {
  readonly evidence_id: number;
  /** Path as given, inner names after `!`: `day.tar.gz!zeek/conn.log`. */
  readonly path: string;
  /** SHA-256 of the file that it stands in, and of the content itself; equal for a plain file. */
  readonly sha256: string;
  readonly content_sha256: string;
  readonly size: number;
  /** SHA-256 of the first 1 KiB of content, or of all that there is, to find what a grown file grew from. */
  readonly head_sha256: string;
  /** Id of the source that reads it; null when none knows it. */
  readonly source: string | null;
  /** Content read and committed so far. */
  readonly done_byte: number;
  readonly done_line: number;
  readonly done_state: string | null;
  readonly is_complete: boolean;
  readonly added_at: Micros;
}

/** What a content that has grown is known by from then on. */
export type EvidenceChange = Pick<EvidenceRow, 'path' | 'sha256' | 'content_sha256' | 'head_sha256' | 'size'>;

/**
 * Events of one content on their way into the store. They are taken out of JavaScript's memory as they come, where so many
 * objects that live so long cost more than all that is done with them.
 */
export interface EventBatch extends RowSink {
  /** Events since the last commit. */
  readonly count: number;
  add(events: readonly VakthundEvent[]): void;
}

/** What is committed together: either all of it is there after a crash, or none. */
export interface Commit {
  readonly evidenceId: number;
  /** The content has grown to this: as `updateEvidence`. */
  readonly change?: EvidenceChange;
  /** A batch of `newBatch` is empty again afterwards. */
  readonly events: readonly VakthundEvent[] | EventBatch;
  readonly problems: readonly Problem[];
  readonly progress: {
    readonly byte: number;
    readonly line: number;
    readonly state: string | null;
    readonly isComplete: boolean;
  };
}

/** A chunk of whole lines for a bulk load. */
export interface BulkChunk {
  readonly evidenceId: number;
  readonly plan: BulkPlan;
  /** The lines of each route that has some. */
  readonly pieces: readonly BulkPiece[];
  /** Number of the first line (delimited layout: rows follow without a gap). */
  readonly firstLine: number;
  /** Lines that no route took, decoded row by row; committed together with the chunk. */
  readonly others: { readonly events: readonly VakthundEvent[]; readonly problems: readonly Problem[] };
}

/**
 * Lines of one route: of a delimited layout as bytes, each with its end, and of JSON as a staged file in which each line
 * carries its number under `stageLineKey`.
 */
export type BulkPiece = { readonly route: number; readonly lines: number } & (
  | { readonly bytes: Buffer }
  | { readonly path: string }
);

/** What a bulk load found, or that the chunk is not regular and nothing was kept. */
export type BulkOutcome =
  | { readonly isLoaded: false }
  | { readonly isLoaded: true; readonly events: number; readonly firstTime: Micros; readonly lastTime: Micros };

/** Events of one kind that were dropped, with the times of the first and the last of them. */
export interface Forgotten {
  readonly kind: KindId;
  readonly events: number;
  readonly first: Micros;
  readonly last: Micros;
}

export interface UserQueryOptions {
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly signal?: AbortSignal;
}
export interface UserQueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (SqlValue | readonly SqlValue[])[])[];
  /** True when `maxRows` cut the result. */
  readonly isCut: boolean;
}

/** The case's memory. One process owns it. */
export interface Store extends EnrichStore, NarrowableStore {
  addEvidence(row: Omit<EvidenceRow, 'evidence_id'>): Promise<number>;
  /** The content behind a row has grown, or stands under another path now. Problems of its cut end are forgotten. */
  updateEvidence(evidenceId: number, change: EvidenceChange): Promise<void>;
  /** Forgets the events and problems of a content, and how far it was read, so that this source reads it from its start. */
  restartEvidence(evidenceId: number, source: string): Promise<void>;
  evidence(): Promise<EvidenceRow[]>;
  evidenceCounts(): Promise<{ evidence_id: number; kind: KindId; events: number }[]>;
  /** All rows of some kinds for as long as `work` lasts, in shares that several threads can read. */
  withShares<T>(kinds: readonly KindId[], work: (rows: SharedRows) => Promise<T>): Promise<T>;
  newBatch(evidenceId: number): EventBatch;
  commit(commit: Commit): Promise<void>;
  /** Folder for staged chunks; emptied on open. */
  readonly stagingFolder: string;
  /**
   * Loads a staged chunk by columns. Nothing is kept when it is not regular: a line with other columns,
   * a value that does not fit, a count that differs. The caller then decodes it.
   */
  bulkLoad(chunk: BulkChunk, progress: Commit['progress']): Promise<BulkOutcome>;
  problems(): Promise<(Problem & { evidence_id: number | null })[]>;
  addProblems(evidenceId: number | null, problems: readonly Problem[]): Promise<void>;
  /** A small value that the case remembers. */
  /** Which addresses are ours from now on. */
  useNetworks(networks: LocalNetworks): void;
  setting(name: string): Promise<string | undefined>;
  setSetting(name: string, value: string): Promise<void>;
  /** Replaces all findings and incidents by these. */
  saveVerdict(findings: readonly Finding[], incidents: readonly Incident[]): Promise<void>;
  findings(): Promise<Finding[]>;
  incidents(): Promise<Incident[]>;
  /** SQL from a user: one read-only statement, inside the sandbox. */
  userQuery(sql: string, options: UserQueryOptions): Promise<UserQueryResult>;
  exportQuery(
    sql: string,
    options: UserQueryOptions & { readonly path: string; readonly format: 'parquet' | 'csv' },
  ): Promise<number>;
  explain(sql: string): Promise<string>;
  /** Moves hot rows into sealed partitions when there are more than `threshold`. */
  seal(threshold: number): Promise<void>;
  /** Drops events that are older, of all kinds or of some: sealed parts when their newest event is. */
  retain(olderThan: Micros, kinds?: readonly KindId[]): Promise<readonly Forgotten[]>;
  /** Drops the oldest sealed parts of these kinds until the others take no more than `maxBytes` together. Hot rows do not count. */
  shrink(maxBytes: number, kinds: readonly KindId[], now: Micros): Promise<readonly Forgotten[]>;
  /** All that was ever dropped by `retain` and `shrink`, one entry for each kind. */
  forgotten(): Promise<readonly Forgotten[]>;
  close(): Promise<void>;
}
/** Key under which a staged JSON line carries its line number. */
export const stageLineKey = '_vakthund_line';
