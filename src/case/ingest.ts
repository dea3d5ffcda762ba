import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { quote, type Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import { readContent, readFile, readStart } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { walkEvidence } from '../collect/open/walk.ts';
import type { Checkpoint, Source } from '../collect/source.ts';
import type { VakthundEvent } from '../events/event.ts';
import type { EvidenceRow, Store } from '../store/store.ts';
import { CaptureIndexing } from './capture-indexing.ts';
import { clockBounds } from './clock-check.ts';
import { ingestBulk } from './bulk-ingest.ts';
import { findSource, sourceById } from './find-source.ts';
import { fingerprint, headHashBytes, type Fingerprint, type ReadSoFar } from './fingerprint.ts';
import { statOf, type FollowedFiles } from './followed-files.ts';
import { contentsToMap, rememberMappings } from './mapped-again.ts';
import { encryptedCaptures, KeyLogs, keyLogsFirst } from './key-logs.ts';
import { Ledger, type LedgerAnswer } from './ledger.ts';
import type { Stored } from './news.ts';
import { ProblemBudget } from './problem-budget.ts';
import { leavesOf, ReadAgain } from './read-again.ts';
import { afterLineEnd, finished, skipBytes } from './read-on.ts';
import { ingestRows, type RowIngest } from './row-ingest.ts';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';

export interface IngestProgress {
  readonly phase: 'ingest';
  readonly path: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly events: number;
}

export interface IngestOptions {
  readonly store: Store;
  readonly limits: OpenLimits;
  /** Contents below this are decoded row by row: columns only pay for large ones. */
  readonly bulkMinBytes: number;
  readonly now: () => Micros;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  onProgress(progress: IngestProgress): void;
  /** Where indexes of captures are kept, each under the number of its evidence; none are made without it. */
  readonly packetIndexFolder?: string;
  /** The machine whose logs these are, for records that name none. */
  readonly hostName?: string;
  /** Given when the same paths are looked at again and again: what it remembers is not read twice. */
  readonly followed?: FollowedFiles;
  /** Files that are read in another way. */
  isReadElsewhere?(path: string): boolean;
  /** Sources of mapping files, asked before all others. */
  readonly mapped?: readonly Source[];
  /** May fill in what is known of events of a live source, before they are committed. */
  amend?(events: readonly VakthundEvent[]): void;
  /** Told of all that is stored, however it was loaded. */
  onStored?(stored: Stored): void;
  /** Events that were decoded record by record, after they were committed. Large loads by columns are not shown. */
  onCommitted?(events: readonly VakthundEvent[], evidence: CommittedEvidence): void;
}

export interface CommittedEvidence {
  readonly id: number;
  readonly path: string;
  readonly source: string;
}

/** What ingesting did, in numbers; the rest stands in the ledger. */
export interface IngestSummary {
  /** Evidence rows that this call touched, also those that were known already. */
  readonly evidenceIds: readonly number[];
  readonly events: number;
  readonly knownContents: number;
  /** Problems of paths and archives, which belong to no content. */
  readonly problems: readonly Problem[];
}

/** Reads every content below the paths into the store. Nothing is read twice, over all runs of the case. */
export async function ingest(paths: readonly string[], options: IngestOptions): Promise<IngestSummary> {
  const problems: Problem[] = [];
  const files: FoundFile[] = [];
  for (const found of walkEvidence(paths)) {
    if ('problem' in found) problems.push(found.problem);
    else if (options.isReadElsewhere?.(found.file) === true) continue;
    else if (options.followed?.isUnchanged(found.file) !== true) files.push(found);
  }
  // A look that finds nothing changed asks the store for nothing.
  if (files.length === 0 && options.followed !== undefined) {
    return { evidenceIds: [], events: 0, knownContents: 0, problems };
  }
  const rows = await options.store.evidence();
  return new Ingest(options, rows, await ReadAgain.open(options.store), problems).run(files);
}

interface FoundFile {
  readonly file: string;
  readonly size: number;
}

class Ingest {
  readonly #options: IngestOptions;
  readonly #ledger: Ledger;
  readonly #keyLogs: KeyLogs;
  readonly #again: ReadAgain;
  /** A key log has come in this run, and what was read since. */
  #sinceKeyLog: Set<number> | undefined;
  readonly #evidenceIds: number[] = [];
  readonly #problems: Problem[];
  #events = 0;
  #known = 0;
  #doneBytes = 0;
  #totalBytes = 0;

  constructor(options: IngestOptions, rows: readonly EvidenceRow[], again: ReadAgain, problems: Problem[]) {
    this.#options = options;
    this.#ledger = new Ledger(rows);
    this.#again = again;
    this.#problems = problems;
    this.#keyLogs = new KeyLogs(rows, options.limits, options.store.stagingFolder);
  }

  async run(files: readonly FoundFile[]): Promise<IngestSummary> {
    if (this.#options.followed === undefined) await this.#markMapped();
    this.#totalBytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of keyLogsFirst(files)) {
      await this.#file(file);
      this.#doneBytes += size;
    }
    await this.#markCaptures();
    if (this.#options.followed === undefined) await this.#readAgain();
    return {
      evidenceIds: this.#evidenceIds,
      events: this.#events,
      knownContents: this.#known,
      problems: this.#problems,
    };
  }

  async #file(path: string): Promise<void> {
    const { followed } = this.#options;
    const stats = statOf(path);
    const context = { limits: this.#options.limits, spoolFolder: this.#options.store.stagingFolder };
    for await (const result of openFile(path, context)) {
      this.#options.signal?.throwIfAborted();
      if ('problem' in result) {
        this.#problems.push(result.problem);
        continue;
      }
      await this.#guarded(result.leaf, async () => {
        const soFar = await this.#leaf(result.leaf);
        followed?.remember(path, stats, result.leaf, soFar);
      });
    }
  }

  /** One content that cannot be read does not keep the others from being read. */
  async #guarded(leaf: Leaf, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#options.signal?.aborted === true) throw error;
      this.#options.logger.error({ path: leaf.path, error: messageOf(error) }, 'evidence could not be read');
      this.#problems.push({ code: 'unreadable', at: { path: leaf.path }, message: messageOf(error) });
    }
  }

  /** Gives what was read of the content, for a later look at it. */
  async #leaf(leaf: Leaf): Promise<ReadSoFar> {
    const { limits } = this.#options;
    this.#tell(leaf.path, 0);
    const head = await readStart(leaf, headHashBytes, limits);
    const sizes = this.#ledger.prefixSizes(createHash('sha256').update(head).digest('hex'));
    const before = this.#options.followed?.readBefore(leaf);
    const print = await fingerprint(leaf, limits, sizes, () => this.#options.signal?.throwIfAborted(), before);
    if (print.size === 0) return print.soFar;
    const answer = this.#ledger.answer(print);
    if (answer.is === 'known') {
      this.#known++;
      this.#evidenceIds.push(answer.row.evidence_id);
      return print.soFar;
    }
    const row = await this.#row(leaf, print, answer);
    this.#evidenceIds.push(row.evidence_id);
    const source = row.source === null ? undefined : sourceById(row.source, this.#options.mapped);
    if (source === undefined) await this.#unknown(leaf, print, row, answer);
    else {
      if (source.readSecrets !== undefined) {
        await this.#keyLogs.add(leaf, source.id);
        this.#sinceKeyLog = new Set();
      }
      await this.#read(leaf, print, row, source);
    }
    return print.soFar;
  }

  /** Contents that a mapping file which has come, or was changed, reads otherwise. */
  async #markMapped(): Promise<void> {
    const { store, limits, mapped = [] } = this.#options;
    await this.#again.mark(await contentsToMap(store, mapped, { limits, spoolFolder: store.stagingFolder }));
    await rememberMappings(store, mapped);
  }

  /** Captures that were read without the secrets that have come. */
  async #markCaptures(): Promise<void> {
    const { store, followed } = this.#options;
    const since = this.#sinceKeyLog;
    if (since === undefined) return;
    const encrypted = await encryptedCaptures(store, await store.evidence());
    const marked = await this.#again.mark(encrypted.filter((id) => !since.has(id)));
    if (marked === 0 || followed === undefined) return;
    const message = `${marked} captures that were read before their key log came stay encrypted for now`;
    const hint = 'the next investigate of the case reads them again';
    this.#problems.push({ code: 'partly-seen', at: {}, message, hint });
  }

  /** Replaces what marked contents gave, as far as they are still there. */
  async #readAgain(): Promise<void> {
    if (this.#again.size === 0) return;
    const { store, limits } = this.#options;
    const rows = (await store.evidence()).filter(({ evidence_id }) => this.#again.has(evidence_id));
    const byPath = new Map(rows.map((row) => [row.path, row]));
    for await (const leaf of leavesOf(rows, { limits, spoolFolder: store.stagingFolder })) {
      const row = byPath.get(leaf.path);
      if (row !== undefined) await this.#guarded(leaf, () => this.#leafAgain(leaf, row));
    }
    for (const { evidence_id } of rows.filter((row) => this.#again.has(row.evidence_id))) {
      const message =
        'it was not read again, though what it was read with has changed: it is gone, or another file by now';
      await store.addProblems(evidence_id, [{ code: 'partly-seen', at: {}, message }]);
      await this.#again.settle(evidence_id);
    }
  }

  async #leafAgain(leaf: Leaf, row: EvidenceRow): Promise<void> {
    const { limits, signal, mapped } = this.#options;
    const print = await fingerprint(leaf, limits, [row.size], () => signal?.throwIfAborted());
    const answer = this.#ledger.answer(print);
    if (answer.is === 'new' || answer.row.evidence_id !== row.evidence_id) return;
    const current = answer.is === 'grown' ? await this.#row(leaf, print, answer) : row;
    const source = findSource(leaf.path, print.head, mapped);
    if (source !== undefined) await this.#read(leaf, print, await this.#restarted(current, source), source);
  }

  /** The row of a content of which nothing is stored any more, to be read from its start by that source. */
  async #restarted(row: EvidenceRow, source: Source): Promise<EvidenceRow> {
    // Kept until it is read: a run that is stopped in between must leave it to the next.
    await this.#again.mark([row.evidence_id]);
    await this.#options.store.restartEvidence(row.evidence_id, source.id);
    const fresh = { ...row, source: source.id, done_byte: 0, done_line: 0, done_state: null, is_complete: false };
    this.#ledger.put(fresh, row);
    return fresh;
  }

  async #row(leaf: Leaf, print: Fingerprint, answer: LedgerAnswer): Promise<EvidenceRow> {
    const change = {
      path: leaf.path,
      sha256: print.fileSha256,
      content_sha256: print.contentSha256,
      head_sha256: print.headSha256,
      size: print.size,
    };
    const told = answer.is === 'new' ? null : answer.row.source;
    const source = told ?? findSource(leaf.path, print.head, this.#options.mapped)?.id ?? null;
    // A short head that nothing recognised may be told apart now that there is more of it; what is still unknown keeps its row.
    if (answer.is !== 'new' && told === source) {
      const row = { ...answer.row, ...change, is_complete: false };
      await this.#options.store.updateEvidence(row.evidence_id, change);
      this.#ledger.put(row, answer.row);
      return row;
    }
    const row = {
      ...change,
      source,
      done_byte: 0,
      done_line: 0,
      done_state: null,
      is_complete: false,
      added_at: this.#options.now(),
    };
    const full = { evidence_id: await this.#options.store.addEvidence(row), ...row };
    this.#ledger.put(full);
    return full;
  }

  async #unknown(leaf: Leaf, print: Fingerprint, row: EvidenceRow, answer: LedgerAnswer): Promise<void> {
    const problem: Problem = {
      code: 'unknown-format',
      at: {},
      message: `no source recognises it (${print.size} bytes, begins with ${quote(print.head.toString('latin1', 0, 40), 40)})`,
    };
    const problems = answer.is === 'new' ? [problem, ...print.problems] : [];
    await this.#options.store.commit({
      evidenceId: row.evidence_id,
      events: [],
      problems,
      progress: finished(print, false),
    });
    this.#ledger.put({ ...row, is_complete: true }, row);
    this.#options.logger.debug({ path: leaf.path }, 'unknown format');
  }

  async #read(leaf: Leaf, print: Fingerprint, row: EvidenceRow, source: Source): Promise<void> {
    const { store, limits, logger, signal } = this.#options;
    const budget = new ProblemBudget();
    const before = this.#events;
    const { packetIndexFolder } = this.#options;
    const index =
      packetIndexFolder === undefined ? undefined : new CaptureIndexing(packetIndexFolder, leaf, row, source);
    const task: RowIngest = {
      store,
      source,
      evidenceId: row.evidence_id,
      name: leaf.path,
      ...(this.#options.hostName === undefined ? {} : { hostName: this.#options.hostName }),
      modified: leaf.modified,
      // Only captures ask for them.
      ...(source.extract === undefined ? {} : { secrets: await this.#keyLogs.secrets() }),
      ...(index?.writer === undefined ? {} : { packetIndex: index.writer }),
      threads: threadsFor(print.size - row.done_byte),
      budget,
      clock: clockBounds(this.#options.now()),
      logger,
      signal,
      amend: (events) => this.#options.amend?.(events),
      // Nobody to show them to: they are not kept until they are committed.
      ...(this.#options.onCommitted === undefined
        ? {}
        : {
            onCommitted: (events) =>
              this.#options.onCommitted?.(events, { id: row.evidence_id, path: leaf.path, source: source.id }),
          }),
      onStored: (stored) => this.#options.onStored?.(stored),
      onEvents: (count) => {
        this.#events += count;
        this.#tell(leaf.path, this.#events - before);
      },
    };
    // A file that is being written is read as far as it was hashed; the rest is growth, for the next time.
    const open = (from: number): AsyncIterable<Uint8Array> =>
      leaf.compression === 'none'
        ? readFile(leaf.diskPath, from, print.size)
        : skipBytes(
            readContent(leaf.diskPath, leaf.compression, limits, () => undefined),
            from,
          );
    const state = row.done_state === null ? {} : { state: row.done_state };
    let start: Checkpoint = { byte: row.done_byte, line: row.done_line, ...state };
    if (source.isBinary !== true) start = await afterLineEnd(start, open);
    const plan =
      print.size - start.byte >= this.#options.bulkMinBytes ? source.bulk?.(leaf.path, print.head) : undefined;
    if (plan !== undefined) {
      const header = { byte: plan.headerBytes, line: plan.headerLines };
      start = await ingestBulk(
        task,
        plan,
        open(Math.max(start.byte, header.byte)),
        start.byte > header.byte ? start : header,
      );
    }
    const { checkpoint, isCut } = await ingestRows(task, open(start.byte), start);
    index?.finish(print);
    const problems = [...budget.rest(), ...print.problems];
    const lastState = (await this.#progressOf(row.evidence_id)) ?? null;
    const progress =
      source.isBinary === true
        ? { byte: checkpoint.byte, line: checkpoint.line, state: lastState, isComplete: true }
        : finished(print, isCut, lastState);
    await store.commit({ evidenceId: row.evidence_id, events: [], problems, progress });
    this.#ledger.put(
      { ...row, is_complete: true, done_byte: progress.byte, done_line: progress.line, done_state: progress.state },
      row,
    );
    if (row.done_byte > 0) return;
    this.#sinceKeyLog?.add(row.evidence_id);
    await this.#again.settle(row.evidence_id);
  }

  async #progressOf(evidenceId: number): Promise<string | undefined> {
    const [row] = await this.#options.store.query('SELECT done_state FROM evidence WHERE evidence_id = ?', [
      evidenceId,
    ]);
    return row?.['done_state'] === null ? undefined : String(row?.['done_state']);
  }

  #tell(path: string, events: number): void {
    this.#options.onProgress({
      phase: 'ingest',
      path,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
      events,
    });
  }
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
