import { isUtf8 } from 'node:buffer';
import { ProblemList, quote, type Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { readLines, type LineBlock } from '../../lines.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { Assembler, eventId } from './assembly/assembler.ts';
import { GapTracker } from './assembly/gaps.ts';
import { LossReports } from './assembly/loss-reports.ts';
import { EventMapper } from './events/map.ts';
import { looksCut } from './records/cut-record.ts';
import { readRecord, type AuditRecord, type Memory, type NoRecord } from './records/record.ts';
import { readState, writeState, type ResumeState } from './resume.ts';

/** Events of one batch, at least; the last audit event may add more. */
const batchSize = 2048;
/** Problems of one code that stand for themselves in a batch; more are counted. */
const keptProblems = 5;
/** Records after which those of an event that was open at the end of a content are not looked for any more. */
const maxLateRecords = 256;
const byteOrderMark = Buffer.from('\uFEFF', 'utf8');

/** Reads an audit log to the end, batch by batch. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new Decoder(context);
  const { start, growing } = context;
  let last: LineBlock | undefined;
  for await (const block of readLines(content, { start, growing })) {
    last = block;
    yield* decoder.read(block);
  }
  yield* decoder.finish(last);
}

class Decoder {
  readonly #context: DecodeContext;
  readonly #mapper = new EventMapper();
  readonly #assembler: Assembler;
  readonly #gaps: GapTracker;
  readonly #losses = new LossReports();
  /** Set while lines are read again that were read before the checkpoint. */
  #again: ResumeState | undefined;
  readonly #pendingBefore: ReadonlyMap<string, number>;
  /** Events that were handed over when the content ended, and how many more records may be theirs. */
  readonly #endedBefore: ReadonlySet<string>;
  #lateRecords = maxLateRecords;
  #ended: readonly string[] = [];
  #events: VakthundEvent[] = [];
  #problems = new ProblemList(keptProblems);
  #position: Checkpoint;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#position = context.start;
    const state = readState(context.start.state);
    this.#again = state;
    this.#pendingBefore = new Map(state?.pending);
    this.#endedBefore = new Set(state?.ended);
    this.#gaps = new GapTracker(state?.nodes, state?.loss);
    if (state !== undefined) {
      this.#mapper.ancestry.restore(state.processes);
      if (state.containerFiles !== undefined) this.#mapper.files.restore(state.containerFiles);
    }
    this.#assembler = new Assembler((record) => {
      if (this.#again === undefined) this.#gaps.see(record);
    });
  }

  *read(block: LineBlock): Generator<Batch> {
    const memory: Memory = { bytes: block.bytes, text: block.bytes.toString('latin1') };
    const blockStart = this.#position.byte;
    // Bytes of a line that was cut are not in the block; they would stand in its first line.
    const shift = block.endByte - block.bytes.length;
    for (const problem of block.problems) this.#problems.add(problem);
    if (!isUtf8(block.bytes)) this.#reportEncoding(block);
    for (let index = 0; index < block.count; index++) {
      const from = (block.starts[index] ?? 0) + (block.firstLine + index === 1 ? markLength(block.bytes) : 0);
      const byte = index === 0 ? blockStart : shift + from;
      const next = index + 1 < block.count ? shift + (block.starts[index + 1] ?? 0) : block.endByte;
      const isLast = block.isUnterminated && index === block.count - 1;
      // It is read when the rest of it has come: the place stays before it.
      if (!this.#line(memory, from, block.ends[index] ?? from, block.firstLine + index, byte, isLast)) break;
      this.#position = { byte: next, line: block.firstLine + index };
      if (this.#events.length >= batchSize) yield this.#batch();
    }
    if (this.#context.growing) {
      this.#assembler.finish({ all: false });
      this.#map();
      if (this.#gaps.isSettled()) this.#reportGaps();
    }
    this.#assembler.detach(memory);
    if (this.#context.growing && (this.#events.length > 0 || this.#problems.total > 0)) yield this.#batch();
  }

  *finish(last: LineBlock | undefined): Generator<Batch> {
    if (!this.#context.growing) {
      this.#ended = this.#assembler.pending().map(eventId);
      this.#assembler.finish({ all: true });
      this.#map();
      this.#reportGaps();
    }
    if (last !== undefined || this.#events.length > 0) yield this.#batch();
  }

  /** False when the line is the last one, without its end, and was cut. */
  #line(memory: Memory, from: number, to: number, line: number, byte: number, isLast: boolean): boolean {
    if (this.#again !== undefined && byte >= this.#again.readUntil) this.#again = undefined;
    const record = readRecord(memory, from, to, line, byte);
    const beginning = (): string => memory.text.slice(from, Math.min(to, from + 200));
    if (isLast && (record === 'malformed' || (typeof record !== 'string' && looksCut(record)))) {
      const message = `the log ends in the middle of a record: ${quote(beginning())}`;
      this.#problems.add({ code: 'truncated', at: { line, byte }, message });
      return false;
    }
    if (typeof record === 'string') {
      if (this.#again === undefined && record !== 'nothing') this.#report(record, beginning(), { line, byte });
      return true;
    }
    if (this.#again !== undefined && !this.#isPending(record)) return true;
    if (this.#endedBefore.size > 0 && this.#isLate(record)) return true;
    this.#assembler.add(record);
    if (this.#again === undefined) this.#map();
    return true;
  }

  #reportEncoding({ bytes, count, starts, ends, firstLine }: LineBlock): void {
    for (let index = 0; index < count; index++) {
      if (isUtf8(bytes.subarray(starts[index], ends[index]))) continue;
      const message = 'a record is not valid UTF-8; the bytes that are not were replaced';
      this.#problems.add({ code: 'bad-encoding', at: { line: firstLine + index }, message });
    }
  }

  #report(kind: NoRecord, line: string, at: Problem['at']): void {
    this.#problems.add(problemOf(kind, line, at));
  }

  /** Hands ended events over while their memory is still ours. */
  #map(): void {
    for (const event of this.#assembler.take()) {
      const problems: Problem[] = [];
      this.#mapper.map(event, this.#events, problems);
      this.#losses.see(event, problems);
      for (const problem of problems) this.#problems.add(problem);
    }
  }

  #isPending(record: AuditRecord): boolean {
    const first = this.#pendingBefore.get(eventId(record));
    return first !== undefined && record.byte >= first;
  }

  /** Whether it belongs to an event that was handed over before: a second event of the same call would say it twice. */
  #isLate(record: AuditRecord): boolean {
    if (this.#lateRecords-- <= 0 || !this.#endedBefore.has(eventId(record))) return false;
    const message = `a ${record.type.name} record of event ${record.serial} came after the log had ended before it; it was left out`;
    this.#problems.add({ code: 'partly-seen', at: { line: record.line, byte: record.byte }, message });
    return true;
  }

  #reportGaps(): void {
    const problem = this.#gaps.report({ line: this.#position.line });
    if (problem !== undefined) this.#problems.add(problem);
  }

  #batch(): Batch {
    const events = this.#events;
    const problems = this.#problems.drain();
    this.#events = [];
    return { events, problems, checkpoint: this.#checkpoint() };
  }

  /** The start of the earliest record whose event has not been handed over, and what is needed to go on there. */
  #checkpoint(): Checkpoint {
    const pending = this.#assembler.pending();
    let start = this.#position;
    for (const { records } of pending) {
      const [first] = records;
      if (first !== undefined && first.byte < start.byte) start = { byte: first.byte, line: first.line - 1 };
    }
    const state = writeState(
      {
        readUntil: this.#position.byte,
        pending: pending.map((event) => [eventId(event), event.records[0]?.byte ?? 0]),
        ...(this.#ended.length === 0 ? {} : { ended: this.#ended }),
        nodes: [...this.#gaps.nodes],
        loss: this.#gaps.loss,
        containerFiles: this.#mapper.files.state(),
      },
      this.#mapper.ancestry.entries(),
    );
    return { byte: start.byte, line: start.line, state };
  }
}

/** Bytes of a byte order mark at the beginning of a file. */
function markLength(bytes: Buffer): number {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
}

function problemOf(kind: NoRecord, line: string, at: Problem['at']): Problem {
  if (kind === 'interpreted') {
    const message = `${quote(line)} was interpreted by ausearch and cannot be read back`;
    return { code: 'unsupported', at, message, hint: 'export it with ausearch --raw' };
  }
  return { code: 'bad-record', at, message: `${quote(line)} is no audit record` };
}
