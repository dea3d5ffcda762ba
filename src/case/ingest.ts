import { createHash } from 'node:crypto';
import { messageOf } from '../base/errors.ts';
import { quote, type Problem } from '../base/problem.ts';
import { readStart } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import { openFile } from '../collect/open/open-file.ts';
import { walkEvidence, walkFollowed } from '../collect/open/walk.ts';
import type { Source } from '../collect/source.ts';
import type { EvidenceChange, EvidenceRow } from '../store/store.ts';
import { ContentReader, type ReadOptions } from './content-reader.ts';
import { findSource, sourceById } from './find-source.ts';
import { fingerprint, headHashBytes, type Fingerprint, type ReadSoFar } from './fingerprint.ts';
import { statOf, type FollowedFiles } from './followed-files.ts';
import { contentsToMap, rememberMappings } from './mapped-again.ts';
import { encryptedCaptures, keyLogsFirst, type KeyLogs } from './key-logs.ts';
import { knownContents, type KnownContents } from './known-contents.ts';
import type { Ledger, LedgerAnswer } from './ledger.ts';
import { leavesOf, type ReadAgain } from './read-again.ts';
import { finished } from './read-on.ts';
import { unknownHint } from './unknown-hint.ts';

export interface IngestProgress {
  readonly phase: 'ingest';
  readonly path: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly events: number;
}

export interface IngestOptions extends ReadOptions {
  onProgress(progress: IngestProgress): void;
  /** Given when the same paths are looked at again and again: what it remembers is not read twice. */
  readonly followed?: FollowedFiles;
  /** What is known from the look before; without it, or where a content failed, the store is asked. */
  readonly known?: KnownContents;
  /** Files that are read in another way. */
  isReadElsewhere?(path: string): boolean;
  /** Sources of mapping files, asked before all others. */
  readonly mapped?: readonly Source[];
}

/** What ingesting did, in numbers; the rest stands in the ledger. */
export interface IngestSummary {
  /** Evidence rows that this call touched, also those that were known already. */
  readonly evidenceIds: readonly number[];
  readonly events: number;
  readonly knownContents: number;
  /** Problems of paths and archives, which belong to no content. */
  readonly problems: readonly Problem[];
  /** For the next look; undefined when something failed that may stand otherwise in the store. */
  readonly known?: KnownContents;
}

/** Reads every content below the paths into the store. Nothing is read twice, over all runs of the case. */
export async function ingest(paths: readonly string[], options: IngestOptions): Promise<IngestSummary> {
  const problems: Problem[] = [];
  const files: FoundFile[] = [];
  for (const found of options.followed === undefined ? walkEvidence(paths) : walkFollowed(paths)) {
    if ('problem' in found) problems.push(found.problem);
    else if (options.isReadElsewhere?.(found.file) === true) continue;
    else if (options.followed?.isUnchanged(found.file) !== true) files.push(found);
  }
  // A look that finds nothing changed asks the store for nothing.
  if (files.length === 0 && options.followed !== undefined) {
    return { evidenceIds: [], events: 0, knownContents: 0, problems, ...(options.known && { known: options.known }) };
  }
  const known = options.known ?? (await knownContents(options.store, options.limits));
  return new Ingest(options, known, problems).run(files);
}

interface FoundFile {
  readonly file: string;
  readonly size: number;
}

class Ingest {
  readonly #options: IngestOptions;
  readonly #contents: KnownContents;
  readonly #ledger: Ledger;
  readonly #keyLogs: KeyLogs;
  readonly #again: ReadAgain;
  readonly #reader: ContentReader;
  /** A key log has come in this run, and what was read since. */
  #sinceKeyLog: Set<number> | undefined;
  readonly #evidenceIds: number[] = [];
  readonly #problems: Problem[];
  #events = 0;
  #known = 0;
  #hasFailed = false;
  #doneBytes = 0;
  #totalBytes = 0;

  constructor(options: IngestOptions, contents: KnownContents, problems: Problem[]) {
    this.#options = options;
    this.#contents = contents;
    this.#ledger = contents.ledger;
    this.#again = contents.again;
    this.#keyLogs = contents.keyLogs;
    this.#reader = new ContentReader(options, contents);
    this.#problems = problems;
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
      ...(this.#hasFailed ? {} : { known: this.#contents }),
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
      this.#hasFailed = true;
      this.#options.logger.error({ path: leaf.path, error: messageOf(error) }, 'evidence could not be read');
      this.#problems.push({ code: 'unreadable', at: { path: leaf.path }, message: messageOf(error) });
    }
  }

  /** Gives what was read of the content, for a later look at it. */
  async #leaf(leaf: Leaf): Promise<ReadSoFar> {
    const { limits } = this.#options;
    this.#tell(leaf.path, 0);
    const before = this.#options.followed?.readBefore(leaf);
    const sizes = before === undefined ? await this.#sizesToTell(leaf) : [];
    const print = await fingerprint(leaf, limits, sizes, () => this.#options.signal?.throwIfAborted(), before);
    if (print.size === 0) return print.soFar;
    const answer = this.#ledger.answer(print);
    if (answer.is === 'known') {
      this.#known++;
      this.#evidenceIds.push(answer.row.evidence_id);
      return print.soFar;
    }
    const { row, change } = await this.#row(leaf, print, answer);
    this.#evidenceIds.push(row.evidence_id);
    const source = row.source === null ? undefined : sourceById(row.source, this.#options.mapped);
    if (source === undefined) await this.#unknown(leaf, print, row, change);
    else {
      if (source.readSecrets !== undefined) {
        await this.#keyLogs.add(leaf, source.id);
        this.#sinceKeyLog = new Set();
      }
      await this.#read(leaf, print, row, source, change);
    }
    return print.soFar;
  }

  /** Sizes of contents that this one may have grown from. */
  async #sizesToTell(leaf: Leaf): Promise<number[]> {
    const head = await readStart(leaf, headHashBytes, this.#options.limits);
    return this.#ledger.prefixSizes(createHash('sha256').update(head).digest('hex'));
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
    const grown = answer.is === 'grown' ? await this.#row(leaf, print, answer) : undefined;
    const source = findSource(leaf.path, print.head, mapped);
    if (source === undefined) return;
    await this.#read(leaf, print, await this.#restarted(grown?.row ?? row, source), source, grown?.change);
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

  /** The row of a content, and what it has grown to: that is to be committed with the first of what is read. */
  async #row(
    leaf: Leaf,
    print: Fingerprint,
    answer: LedgerAnswer,
  ): Promise<{ readonly row: EvidenceRow; readonly change?: EvidenceChange }> {
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
      this.#ledger.put(row, answer.row);
      return { row, change };
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
    return { row: full };
  }

  async #unknown(leaf: Leaf, print: Fingerprint, row: EvidenceRow, change: EvidenceChange | undefined): Promise<void> {
    const hint = unknownHint(leaf.path, print.head);
    const problem: Problem = {
      code: 'unknown-format',
      at: {},
      message: `no source recognises it (${print.size} bytes, begins with ${quote(print.head.toString('latin1', 0, 40), 40)})`,
      ...(hint === undefined ? {} : { hint }),
    };
    const problems = change === undefined ? [problem, ...print.problems] : [];
    await this.#options.store.commit({
      evidenceId: row.evidence_id,
      ...(change === undefined ? {} : { change }),
      events: [],
      problems,
      progress: finished(print, false),
    });
    this.#ledger.put({ ...row, is_complete: true }, row);
    this.#options.logger.debug({ path: leaf.path }, 'unknown format');
  }

  async #read(
    leaf: Leaf,
    print: Fingerprint,
    row: EvidenceRow,
    source: Source,
    change: EvidenceChange | undefined,
  ): Promise<void> {
    const before = this.#events;
    await this.#reader.read({ leaf, print, row, source, change }, (count) => {
      this.#events += count;
      this.#tell(leaf.path, this.#events - before);
    });
    if (row.done_byte > 0) return;
    this.#sinceKeyLog?.add(row.evidence_id);
    await this.#again.settle(row.evidence_id);
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
