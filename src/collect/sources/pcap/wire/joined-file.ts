import type { FileSink } from '../analyzer.ts';

/** Pieces of one file that wait for what comes before them: downloaders take 16 or 32 ranges at once. */
const maxRuns = 256;
/** Memory of one file for bytes that wait for what comes before them. */
const maxWaitingBytes = 16 * 1024 * 1024;
const leastCapacity = 4096;

/** Memory for waiting bytes that the files of a capture have together. */
export interface Room {
  bytes: number;
}

/** Bytes that follow each other in the file, and wait for what comes before them. */
interface Run {
  readonly at: number;
  bytes: Buffer;
  length: number;
}

/**
 * Puts a file together of its ranges, in whatever order they come (RFC 9110, 15.3.7.3). What comes in order is handed on without being
 * held. Of bytes that come twice the first copy counts. What was never seen is a gap, told when nothing more comes, or when more would
 * have to wait than there is room for: what fills it then is dropped.
 */
export class JoinedFile {
  readonly #sink: FileSink;
  readonly #room: Room;
  /** By place; they may touch and do not overlap, and all begin behind what was handed on. */
  readonly #runs: Run[] = [];
  #next = 0;
  #waiting = 0;
  #isEnded = false;

  constructor(sink: FileSink, room: Room) {
    this.#sink = sink;
    this.#room = room;
  }

  /** The place up to which all was handed on. */
  get next(): number {
    return this.#next;
  }

  add(at: number, bytes: Uint8Array): void {
    if (this.#isEnded) return;
    const end = at + bytes.length;
    let from = Math.max(at, this.#next);
    while (from < end) {
      const place = from;
      const index = this.#runs.findIndex((run) => run.at + run.length > place);
      const run = this.#runs[index];
      if (run !== undefined && run.at <= from) from = run.at + run.length;
      else {
        const to = Math.min(end, run?.at ?? end);
        this.#place(from, bytes.subarray(from - at, to - at), index < 0 ? this.#runs.length : index);
        from = Math.max(to, this.#next);
      }
    }
    while (this.#runs.length > 0 && this.#isTooMuch()) this.#skip();
  }

  /** Nothing more comes. `reach`: where the file ends at least, as far as is known. */
  end(reach = 0): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    while (this.#runs.length > 0) this.#skip();
    if (reach > this.#next) this.#sink.gap(reach - this.#next);
    this.#sink.end();
  }

  #isTooMuch(): boolean {
    return this.#runs.length > maxRuns || this.#waiting > maxWaitingBytes || this.#room.bytes < 0;
  }

  /** Takes bytes that are new; `index` is that of the run behind them. */
  #place(at: number, bytes: Uint8Array, index: number): void {
    if (at === this.#next) {
      this.#handOn(bytes);
      this.#drain();
      return;
    }
    const before = this.#runs[index - 1];
    if (before !== undefined && before.at + before.length === at) this.#append(before, bytes);
    else {
      const run: Run = { at, bytes: Buffer.alloc(0), length: 0 };
      this.#append(run, bytes);
      this.#runs.splice(index, 0, run);
    }
  }

  #append(run: Run, bytes: Uint8Array): void {
    const length = run.length + bytes.length;
    if (length > run.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * run.bytes.length, leastCapacity));
      larger.set(run.bytes.subarray(0, run.length));
      this.#take(larger.length - run.bytes.length);
      run.bytes = larger;
    }
    run.bytes.set(bytes, run.length);
    run.length = length;
  }

  #take(bytes: number): void {
    this.#waiting += bytes;
    this.#room.bytes -= bytes;
  }

  #handOn(bytes: Uint8Array): void {
    this.#sink.data(bytes);
    this.#next += bytes.length;
  }

  /** Hands on the runs that waited for nothing but what has been handed on now. */
  #drain(): void {
    for (let [run] = this.#runs; run !== undefined && run.at === this.#next; [run] = this.#runs) {
      this.#runs.shift();
      this.#take(-run.bytes.length);
      this.#handOn(run.bytes.subarray(0, run.length));
    }
  }

  /** Gives up what is missing before the first run. */
  #skip(): void {
    const [run] = this.#runs;
    if (run === undefined) return;
    this.#sink.gap(run.at - this.#next);
    this.#next = run.at;
    this.#drain();
  }
}
