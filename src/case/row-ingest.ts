import type { Logger } from '../base/logger.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { Batch, Checkpoint, Source } from '../collect/source.ts';
import type { PacketIndexSink } from '../collect/packet-index.ts';
import type { TlsSecrets } from '../collect/tls-secrets.ts';
import type { KindId, VakthundEvent } from '../events/event.ts';
import type { RowSink } from '../events/row-sink.ts';
import type { Commit, EvidenceChange, Store } from '../store/store.ts';
import { ClockCheck, type ClockBounds } from './clock-check.ts';
import type { Stored } from './news.ts';
import type { ProblemBudget } from './problem-budget.ts';

/** Events that are committed together: so many that most kinds among them become parts of the store at once. */
const commitEvents = 100_000;
/** Content whose events are committed together even when they are few: large records must not fill the memory. */
const commitBytes = 128 * 1024 * 1024;

export interface RowIngest {
  readonly store: Store;
  readonly source: Source;
  readonly evidenceId: number;
  /** What the content has grown to, committed with the first of its records. */
  readonly change?: EvidenceChange;
  readonly name: string;
  /** Machine of records that name none; without it the folder stands for it. */
  readonly hostName?: string;
  /** When the file of the content was last changed. */
  readonly modified: Micros | undefined;
  readonly secrets?: TlsSecrets;
  readonly packetIndex?: PacketIndexSink;
  /** Threads that the source may use. */
  readonly threads?: number;
  readonly budget: ProblemBudget;
  readonly clock: ClockBounds;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  onEvents(count: number): void;
  onStored?(stored: Stored): void;
  /** May fill in events before they are taken over; they wait for what it promises. */
  amend?(events: readonly VakthundEvent[]): Promise<void> | undefined;
  /** Events that will stand in the store with the next commit. */
  onDecoded?(events: readonly VakthundEvent[]): void;
}

/** Where a reading ended: the last checkpoint, and whether the last record was cut. */
export interface RowsEnd {
  readonly checkpoint: Checkpoint;
  readonly isCut: boolean;
}

/**
 * Decodes a content record by record and commits events, problems and place together. With `conclude`, the last commit says what it gives of the
 * content as a whole, so that a little growth is one commit.
 */
export async function ingestRows(
  task: RowIngest,
  content: AsyncIterable<Uint8Array>,
  start: Checkpoint,
  conclude?: (end: RowsEnd) => Pick<Commit, 'problems' | 'progress'>,
): Promise<RowsEnd> {
  let checkpoint = start;
  let committedByte = start.byte;
  let isCut = false;
  const rows = task.store.newBatch(task.evidenceId);
  const clock = new ClockCheck(task.clock);
  const seen = new Seen(clock);
  let told: VakthundEvent[] = [];
  let problems: Problem[] = [];
  const hostLabel = task.hostName ?? hostLabelOf(task.name);
  let { change } = task;
  const flush = async (isLast: boolean): Promise<void> => {
    const { count } = rows;
    const admitted = task.budget.admit([...problems, ...clock.drain()]);
    const end = isLast ? conclude?.({ checkpoint, isCut }) : undefined;
    if (count === 0 && admitted.length === 0 && checkpoint === start && end === undefined) return;
    task.onDecoded?.(told);
    told = [];
    await task.store.commit({
      evidenceId: task.evidenceId,
      ...(change === undefined ? {} : { change }),
      events: rows,
      problems: [...admitted, ...(end?.problems ?? [])],
      progress: end?.progress ?? {
        byte: checkpoint.byte,
        line: checkpoint.line,
        state: checkpoint.state ?? null,
        isComplete: false,
      },
    });
    change = undefined;
    task.onEvents(count);
    if (count > 0) task.onStored?.({ evidenceId: task.evidenceId, ...seen.take() });
    problems = [];
    committedByte = checkpoint.byte;
  };
  const sink: RowSink = {
    begin: (kind, at, time) => {
      if (hostKinds.has(kind)) throw new Error(`rows of ${kind} need the name of their machine: give events`);
      seen.look(time, at);
      return rows.begin(kind, at, time);
    },
  };
  for await (const batch of decode(task, content, start, wantsEvents(task) ? undefined : sink)) {
    task.signal?.throwIfAborted();
    for (const event of batch.events) {
      withHost(event, task.source, hostLabel);
      seen.look(event.time, event.evidence_at);
    }
    await task.amend?.(batch.events);
    rows.add(batch.events);
    if (task.onDecoded !== undefined) for (const event of batch.events) told.push(event);
    for (const problem of batch.problems) problems.push(problem);
    isCut ||= batch.problems.some((problem) => problem.code === 'truncated');
    checkpoint = batch.checkpoint;
    if (rows.count >= commitEvents || checkpoint.byte - committedByte >= commitBytes) await flush(false);
  }
  await flush(true);
  return { checkpoint, isCut };
}

/** Somebody looks at the events between their record and the store. */
function wantsEvents(task: RowIngest): boolean {
  return task.amend !== undefined || task.onDecoded !== undefined;
}

/** Where and when the rows since the last commit begin. */
class Seen {
  readonly #clock: ClockCheck;
  #place = Number.POSITIVE_INFINITY;
  #first = Number.POSITIVE_INFINITY;

  constructor(clock: ClockCheck) {
    this.#clock = clock;
  }

  look(time: Micros, at: number | null): void {
    this.#place = Math.min(this.#place, at ?? 0);
    this.#first = Math.min(this.#first, time);
    this.#clock.look(time, at);
  }

  take(): { place: number; first: Micros } {
    const taken = { place: this.#place, first: this.#first };
    this.#place = Number.POSITIVE_INFINITY;
    this.#first = Number.POSITIVE_INFINITY;
    return taken;
  }
}

function decode(
  task: RowIngest,
  content: AsyncIterable<Uint8Array>,
  start: Checkpoint,
  rows: RowSink | undefined,
): AsyncIterable<Batch> {
  const { name, modified, secrets, packetIndex, threads, logger } = task;
  const beside = {
    ...(secrets === undefined ? {} : { secrets }),
    ...(packetIndex === undefined ? {} : { packetIndex }),
    ...(threads === undefined ? {} : { threads }),
    ...(rows === undefined ? {} : { rows }),
  };
  return task.source.decode(content, { name, start, growing: false, modified, ...beside, logger });
}

/** Kinds whose records are all of one machine when none of them names it. */
const hostKinds: ReadonlySet<KindId> = new Set(['process', 'file_access', 'socket', 'user_session', 'kernel_module']);

/** Logs of one folder are of one machine: it stands for the name that no record tells. */
function withHost(event: VakthundEvent, { isOwnLog }: Source, label: string): void {
  if (event.host_name === null && (isOwnLog === true || hostKinds.has(event.kind))) event.host_name = label;
}

function hostLabelOf(path: string): string {
  const parts = path.split(/[/!]/).slice(0, -1);
  const folder = parts.findLast((part) => part !== '' && !genericFolders.has(part.toLowerCase()));
  return `host of ${folder ?? 'this evidence'}`;
}

const genericFolders: ReadonlySet<string> = new Set([
  'log',
  'logs',
  'var',
  'audit',
  'auditd',
  'falco',
  'journal',
  'nginx',
  'apache2',
  'httpd',
  'caddy',
  'traefik',
  'haproxy',
  'evidence',
  'tmp',
  'host',
  'live',
]);

/** Decodes a content that is known to be small, without committing. */
export async function decodeAll(
  task: Pick<RowIngest, 'source' | 'name' | 'logger'>,
  content: Uint8Array,
  start: Checkpoint,
): Promise<{ events: VakthundEvent[]; problems: Problem[] }> {
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name: task.name, start, growing: false, logger: task.logger };
  for await (const batch of task.source.decode(once(content), context)) {
    for (const event of batch.events) events.push(event);
    for (const problem of batch.problems) problems.push(problem);
  }
  return { events, problems };
}

export async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
