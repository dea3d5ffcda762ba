import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../base/problem.ts';
import { maxLineBytes } from '../collect/lines.ts';
import type { Checkpoint } from '../collect/source.ts';
import type { VakthundEvent } from '../events/event.ts';
import type { BulkPlan } from '../store/bulk.ts';
import { stageLineKey, type BulkChunk } from '../store/store.ts';
import { implausible, isPlausible } from './clock-check.ts';
import { decodeAll, ingestRows, once, type RowIngest } from './row-ingest.ts';

/** Content that is staged and loaded at a time: large enough for columns to pay, small enough to commit often. */
const chunkBytes = 128 * 1024 * 1024;
/** Of the piece with which a chunk is full there is room for as much. */
const spareBytes = 4 * 1024 * 1024;
/** Lines without a route, as a share of a chunk, above which the whole chunk is decoded row by row. */
const maxOtherShare = 0.1;
const newline = 10;

/**
 * Loads a content by columns, a chunk of whole lines at a time; a chunk that is not regular is decoded row by row instead,
 * so that nothing is lost and every problem has its place. Returns how far it came: the rest is for the row decoder.
 * `endByte`: where the content is known to end.
 */
export async function ingestBulk(
  task: RowIngest,
  plan: BulkPlan,
  content: AsyncIterable<Uint8Array>,
  start: Checkpoint,
  endByte: number,
): Promise<Checkpoint> {
  let byte = start.byte;
  let line = start.line;
  let state = plan.resumeState;
  const place = (): Checkpoint => ({ byte, line, ...(state === undefined ? {} : { state }) });
  const load = async (chunk: Buffer): Promise<boolean> => {
    const lines = await loadChunk(task, plan, chunk, place());
    if (lines === undefined) {
      const result = await ingestRows(task, once(chunk), place());
      byte = result.checkpoint.byte;
      line = result.checkpoint.line;
      // A header in the middle of the chunk: the plan speaks of other columns than the rest of the content has.
      const isSame = result.checkpoint.state === plan.resumeState;
      state = result.checkpoint.state;
      return isSame;
    }
    byte += chunk.length;
    line += lines;
    return true;
  };
  const gathered = new Gathered(Math.max(0, Math.min(endByte - start.byte, chunkBytes + spareBytes)));
  for await (const piece of content) {
    task.signal?.throwIfAborted();
    gathered.add(piece);
    if (gathered.bytes < chunkBytes && gathered.openBytes <= maxLineBytes) continue;
    const chunk = gathered.wholeLines();
    // A line that is longer than a line may be: the row decoder cuts it and tells.
    if (chunk.length === 0 || !(await load(chunk))) return place();
    gathered.dropWholeLines();
  }
  const rest = gathered.wholeLines();
  if (rest.length > 0) await load(rest);
  return place();
}

/** Pieces of a content put together in one piece of memory that is used again for every chunk. */
class Gathered {
  #buffer: Buffer;
  /** Where the last whole line ends. Looked for in each piece once: a line may be as long as an attacker likes. */
  #end = 0;
  bytes = 0;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(expectedBytes);
  }

  /** Bytes of a line that has not ended yet. */
  get openBytes(): number {
    return this.bytes - this.#end;
  }

  add(piece: Uint8Array): void {
    const last = piece.lastIndexOf(newline);
    if (last >= 0) this.#end = this.bytes + last + 1;
    const needed = this.bytes + piece.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(
        Math.max(needed, Math.min(this.#buffer.length * 2, chunkBytes + spareBytes)),
      );
      this.#buffer.copy(larger, 0, 0, this.bytes);
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.bytes);
    this.bytes = needed;
  }

  /** Valid until the next `add` or `dropWholeLines`. */
  wholeLines(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  dropWholeLines(): void {
    this.#buffer.copyWithin(0, this.#end, this.bytes);
    this.bytes -= this.#end;
    this.#end = 0;
  }
}

/** Lines in the chunk when it was loaded and committed; undefined when it is not regular and nothing was kept. */
async function loadChunk(
  task: RowIngest,
  plan: BulkPlan,
  chunk: Buffer,
  place: Checkpoint,
): Promise<number | undefined> {
  const staged =
    plan.layout.type === 'delimited'
      ? delimitedLines(chunk, plan.layout.comment)
      : await stageJson(task, plan, chunk, place);
  if (staged === undefined) return undefined;
  try {
    const bulk: BulkChunk = {
      evidenceId: task.evidenceId,
      plan,
      pieces: staged.pieces,
      firstLine: place.line + 1,
      others: { events: staged.events, problems: task.budget.admit(staged.problems) },
    };
    const progress = {
      byte: place.byte + chunk.length,
      line: place.line + staged.lines,
      state: plan.resumeState ?? null,
      isComplete: false,
    };
    const outcome = await task.store.bulkLoad(bulk, progress);
    if (!outcome.isLoaded) return undefined;
    task.onEvents(outcome.events + staged.events.length);
    const first = Math.min(outcome.firstTime, ...staged.events.map(({ time }) => time));
    task.onStored?.({ evidenceId: task.evidenceId, place: bulk.firstLine, first });
    if (!isPlausible(outcome.firstTime, task.clock) || !isPlausible(outcome.lastTime, task.clock)) {
      await tellClock(task, bulk);
    }
    return staged.lines;
  } finally {
    for (const piece of staged.pieces) if ('path' in piece) rmSync(piece.path, { force: true });
  }
}

interface Staged {
  readonly pieces: BulkChunk['pieces'];
  readonly lines: number;
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
}

/** Comment lines may stand at the end only (Zeek's `#close`): anywhere else they would shift the numbers of the rows. */
function delimitedLines(chunk: Buffer, comment: string): Staged | undefined {
  const mark = Buffer.from(`\n${comment}`);
  let end = chunk.indexOf(mark);
  if (chunk.subarray(0, comment.length).equals(Buffer.from(comment))) return undefined;
  let trailing = 0;
  if (end >= 0) {
    end += 1;
    for (let at = end; at < chunk.length; at = chunk.indexOf(newline, at) + 1) {
      if (chunk.indexOf(comment, at) !== at) return undefined;
      trailing++;
    }
  }
  const rows = end < 0 ? chunk : chunk.subarray(0, end);
  const lines = countLines(rows);
  if (lines === undefined) return undefined;
  return { pieces: [{ route: 0, bytes: rows, lines }], lines: lines + trailing, events: [], problems: [] };
}

/** Undefined when one is longer than a line may be: the row decoder cuts it and tells. */
function countLines(bytes: Buffer): number | undefined {
  let count = 0;
  let start = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, start)) {
    if (at - start > maxLineBytes) return undefined;
    count++;
    start = at + 1;
  }
  return count;
}

const openBrace = 123;

/** One file per route, each line with its number in it; lines without a route are decoded here and now. */
async function stageJson(
  task: RowIngest,
  plan: BulkPlan,
  chunk: Buffer,
  place: Checkpoint,
): Promise<Staged | undefined> {
  const writers = plan.routes.map((_route, index) => new StageWriter(task.store.stagingFolder, index));
  const others: { start: number; end: number; line: number }[] = [];
  const { route } = plan;
  let lines = 0;
  for (let start = 0; start < chunk.length;) {
    const found = chunk.indexOf(newline, start);
    const end = found < 0 ? chunk.length : found;
    const isPlain = chunk[start] === openBrace && end - start <= maxLineBytes;
    const index = isPlain ? (route?.(chunk, start, end) ?? 0) : -1;
    const writer = writers[index];
    if (writer === undefined) others.push({ start, end: end + 1, line: place.line + lines });
    else writer.add(chunk, start, end, place.line + lines + 1);
    lines++;
    start = end + 1;
  }
  const files = writers.map((writer) => writer.close()).filter((file) => file.lines > 0);
  if (others.length > 1000 && others.length > lines * maxOtherShare) {
    for (const file of files) rmSync(file.path, { force: true });
    return undefined;
  }
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  for (const other of others) {
    const start = {
      byte: place.byte + other.start,
      line: other.line,
      ...(place.state === undefined ? {} : { state: place.state }),
    };
    const decoded = await decodeAll(task, chunk.subarray(other.start, other.end), start);
    events.push(...decoded.events);
    problems.push(...decoded.problems);
  }
  return { pieces: files, lines, events, problems };
}

/** Writes `{"_vakthund_line":N,` and the rest of each line, in large pieces. */
class StageWriter {
  readonly #path: string;
  readonly #route: number;
  #file: number | undefined;
  #buffer = Buffer.alloc(0);
  #used = 0;
  #lines = 0;

  constructor(folder: string, route: number) {
    this.#path = join(folder, `chunk-${randomUUID()}`);
    this.#route = route;
  }

  add(bytes: Buffer, start: number, end: number, line: number): void {
    const head = `{"${stageLineKey}":${line}`;
    const needed = head.length + 2 + (end - start);
    if (this.#used + needed > this.#buffer.length) this.#flush(needed);
    const into = this.#buffer;
    let at = this.#used;
    at += into.write(head, at, 'latin1');
    if (!isEmptyObject(bytes, start, end)) into[at++] = 44;
    at += bytes.copy(into, at, start + 1, end);
    into[at++] = newline;
    this.#used = at;
    this.#lines++;
  }

  close(): { route: number; path: string; lines: number } {
    this.#flush(0);
    if (this.#file !== undefined) closeSync(this.#file);
    return { route: this.#route, path: this.#path, lines: this.#lines };
  }

  #flush(needed: number): void {
    if (this.#used > 0) {
      this.#file ??= openSync(this.#path, 'wx', 0o600);
      for (let at = 0; at < this.#used;) at += writeSync(this.#file, this.#buffer, at, this.#used - at);
      this.#used = 0;
    }
    if (needed > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(Math.max(needed, 1 << 20));
  }
}

function isEmptyObject(bytes: Buffer, start: number, end: number): boolean {
  return bytes
    .toString('latin1', start + 1, Math.min(end, start + 64))
    .trimStart()
    .startsWith('}');
}

async function tellClock(task: RowIngest, chunk: BulkChunk): Promise<void> {
  const { earliest, latest } = task.clock;
  for (const kind of new Set(chunk.pieces.map((piece) => chunk.plan.routes[piece.route]?.mapping.kind))) {
    if (kind === undefined) continue;
    const [row] = await task.store.query(
      `SELECT count(*) AS n, min(evidence_at) AS line, ${task.store.macros.micros(task.store.macros.firstBy('time', 'evidence_at'))} AS time
       FROM ${kind} WHERE evidence_id = ? AND evidence_at >= ? AND (time < ${task.store.macros.toTime(String(earliest))} OR time > ${task.store.macros.toTime(String(latest))})`,
      [task.evidenceId, chunk.firstLine],
    );
    const count = Number(row?.['n'] ?? 0);
    if (count === 0) continue;
    const problem = implausible(Number(row?.['time']), Number(row?.['line']), count);
    await task.store.addProblems(task.evidenceId, task.budget.admit([problem]));
  }
}
