import { availableParallelism } from 'node:os';
import type { Logger } from '../base/logger.ts';
import type { Micros } from '../base/time.ts';
import { readContent, readFile, readPieces } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import type { Checkpoint, Source } from '../collect/source.ts';
import type { VakthundEvent } from '../events/event.ts';
import type { Commit, EvidenceChange, EvidenceRow, Store } from '../store/store.ts';
import { ingestBulk } from './bulk-ingest.ts';
import { CaptureIndexing } from './capture-indexing.ts';
import { clockBounds } from './clock-check.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { KnownContents } from './known-contents.ts';
import type { Stored } from './news.ts';
import { ProblemBudget } from './problem-budget.ts';
import { afterLineEnd, finished, skipBytes } from './read-on.ts';
import { ingestRows, type RowIngest, type RowsEnd } from './row-ingest.ts';

export interface ReadOptions {
  readonly store: Store;
  readonly limits: OpenLimits;
  /** Contents below this are decoded row by row: columns only pay for large ones. */
  readonly bulkMinBytes: number;
  readonly now: () => Micros;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  /** Where indexes of captures are kept, each under the number of its evidence; none are made without it. */
  readonly packetIndexFolder?: string;
  /** The machine whose logs these are, for records that name none. */
  readonly hostName?: string;
  /** May fill in what is known of events of a live source, before they are committed; they wait for what it promises. */
  amend?(events: readonly VakthundEvent[]): Promise<void> | undefined;
  /** Told of all that is stored, however it was loaded. */
  onStored?(stored: Stored): void;
  /** Events that were decoded record by record, before they are committed: after a kill in between they are read and shown again. Large loads by columns are not shown. */
  onDecoded?(events: readonly VakthundEvent[], evidence: DecodedEvidence): void;
}

export interface DecodedEvidence {
  readonly id: number;
  readonly path: string;
  readonly source: string;
  /** The case has read the beginning of it, or another content in its place, before: what came now came since. */
  readonly isSince: boolean;
}

/** One content, where the ledger stands with it, and what reads it. */
export interface ContentToRead {
  readonly leaf: Leaf;
  readonly print: Fingerprint;
  readonly row: EvidenceRow;
  readonly source: Source;
  /** What the content has grown to: committed with the first of what is read. */
  readonly change: EvidenceChange | undefined;
}

/** Reads contents into the store, each from where it was left to its end. */
export class ContentReader {
  readonly #options: ReadOptions;
  readonly #contents: KnownContents;

  constructor(options: ReadOptions, contents: KnownContents) {
    this.#options = options;
    this.#contents = contents;
  }

  /** `onEvents` is told how many came with each commit. */
  async read(content: ContentToRead, onEvents: (count: number) => void): Promise<void> {
    const { leaf, print, row, source, change } = content;
    const { store, packetIndexFolder } = this.#options;
    const budget = new ProblemBudget();
    const index =
      packetIndexFolder === undefined ? undefined : new CaptureIndexing(packetIndexFolder, leaf, row, source);
    const plan =
      print.size - row.done_byte >= this.#options.bulkMinBytes ? source.bulk?.(leaf.path, print.head) : undefined;
    // Columns are loaded in commits of their own.
    if (plan !== undefined && change !== undefined) await store.updateEvidence(row.evidence_id, change);
    const task = await this.#taskOf(content, {
      budget,
      threads: threadsFor(print.size - row.done_byte),
      ...(index?.writer === undefined ? {} : { packetIndex: index.writer }),
      ...(plan !== undefined || change === undefined ? {} : { change }),
      onEvents,
    });
    const open = this.#opener(content);
    const state = row.done_state === null ? {} : { state: row.done_state };
    let start: Checkpoint = { byte: row.done_byte, line: row.done_line, ...state };
    if (source.isBinary !== true) start = await afterLineEnd(start, open);
    if (plan !== undefined) {
      const header = { byte: plan.headerBytes, line: plan.headerLines };
      const from = start.byte > header.byte ? start : header;
      start = await ingestBulk(task, plan, open(from.byte), from, print.size);
    }
    const conclude = (end: RowsEnd): Pick<Commit, 'problems' | 'progress'> => ({
      problems: [...budget.rest(), ...print.problems],
      progress: progressAt(content, end),
    });
    // A capture is whole when its index is.
    const end = await ingestRows(task, open(start.byte), start, index?.writer === undefined ? conclude : undefined);
    if (index?.writer !== undefined) {
      index.finish(print);
      await store.commit({ evidenceId: row.evidence_id, events: [], ...conclude(end) });
    }
    const { byte, line, state: last } = progressAt(content, end);
    const done = { ...row, is_complete: true, done_byte: byte, done_line: line, done_state: last };
    this.#contents.ledger.put(done, row);
  }

  /** Reads the content on from an offset. A file that is being written is read as far as it was hashed; the rest is growth, for the next time. */
  #opener({ leaf, print: { size }, source }: ContentToRead): (from: number) => AsyncIterable<Uint8Array> {
    const { diskPath, compression } = leaf;
    const read = source.keepsPieces === true ? readFile : readPieces;
    if (compression === 'none') return (from) => read(diskPath, from, size);
    return (from) =>
      skipBytes(
        readContent(diskPath, compression, this.#options.limits, () => undefined),
        from,
      );
  }

  async #taskOf(
    { leaf, row, source }: ContentToRead,
    more: Pick<RowIngest, 'budget' | 'threads' | 'packetIndex' | 'change' | 'onEvents'>,
  ): Promise<RowIngest> {
    const { store, logger, signal, hostName } = this.#options;
    const { ledger, keyLogs } = this.#contents;
    return {
      store,
      source,
      evidenceId: row.evidence_id,
      name: leaf.path,
      ...(hostName === undefined ? {} : { hostName }),
      modified: leaf.modified,
      // Only captures ask for them.
      ...(source.extract === undefined ? {} : { secrets: await keyLogs.secrets() }),
      ...more,
      clock: clockBounds(this.#options.now()),
      logger,
      signal,
      ...(this.#options.amend === undefined ? {} : { amend: (events) => this.#options.amend?.(events) }),
      // Nobody to show them to: they are not kept until they are committed.
      ...(this.#options.onDecoded === undefined
        ? {}
        : {
            onDecoded: (events) =>
              this.#options.onDecoded?.(events, {
                id: row.evidence_id,
                path: leaf.path,
                source: source.id,
                isSince: row.done_byte > 0 || ledger.isInPlaceOfKnown(row),
              }),
          }),
      onStored: (stored) => this.#options.onStored?.(stored),
    };
  }
}

function progressAt({ print, source }: ContentToRead, { checkpoint, isCut }: RowsEnd): Commit['progress'] {
  const { byte, line } = checkpoint;
  const last = checkpoint.state ?? null;
  return source.isBinary === true ? { byte, line, state: last, isComplete: true } : finished(print, isCut, last);
}

/** Content below this is read before threads have begun. */
const threadedBytes = 64 * 1024 * 1024;
/** More share the work of a capture worse, and each takes memory. */
const maxThreads = 4;
/** A thread that decodes keeps this many cores busy, its own garbage collector and the store's threads counted. */
const coresPerThread = 2;

function threadsFor(bytes: number): number {
  const threads = Math.min(maxThreads, Math.floor(availableParallelism() / coresPerThread));
  return bytes < threadedBytes ? 1 : Math.max(1, threads);
}
