import type { AnalyzerContext, FileFacts, FileSink, SharedFileSink } from '../analyzer.ts';
import { JoinedFile, type Room } from '../wire/joined-file.ts';

/** Zeek's `default_file_timeout_interval`: after so long nothing more of a file is waited for. */
const idleMicros = 120e6;
/** Files of a capture that are put together at the same time; each has some KB, and three running hashes. */
const maxFiles = 1000;
/** Memory for bytes that wait for what comes before them, for all files of the capture. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** A longer name of a file is no reason to keep it: its ranges are files of their own. */
const maxKeyLength = 4096;

/** Where the bytes of an answer belong. */
export interface RangePlace {
  /** Answers with the same key are parts of one file. */
  readonly key: string;
  /** Place of the first byte. */
  readonly first: number;
  /** Length of the whole file, where it is told. */
  readonly total: number | undefined;
}

interface Joining {
  readonly sink: SharedFileSink;
  readonly file: JoinedFile;
  readonly total: number;
  lastTime: number;
}

/**
 * Joins the ranges of one file that a client fetches by several answers, over one connection or over several at the same time: one file
 * with one hash, as Zeek joins them. It is over when it is whole, two minutes after its last byte, or with the capture.
 */
export class RangeJoiner {
  readonly #files = new Map<string, Joining>();
  readonly #room: Room = { bytes: maxWaitingBytes };

  /** Takes the bytes of one answer. */
  open(place: RangePlace, facts: FileFacts, context: AnalyzerContext): FileSink {
    if (place.key.length > maxKeyLength) return context.openFile(facts);
    return new RangeSink(this, this.#joining(place, facts, context), place, context);
  }

  /** The file is whole: an answer with the same key begins another one. */
  finishIfWhole(key: string, joining: Joining): void {
    if (joining.file.next < joining.total) return;
    joining.file.end();
    if (this.#files.get(key) === joining) this.#files.delete(key);
  }

  tick(time: number): void {
    for (const [key, joining] of this.#files) if (time - joining.lastTime > idleMicros) this.#end(key, joining);
  }

  finish(): void {
    for (const [key, joining] of this.#files) this.#end(key, joining);
  }

  #joining({ key, total }: RangePlace, facts: FileFacts, context: AnalyzerContext): Joining {
    const { time } = context.clock;
    const known = this.#files.get(key);
    if (known !== undefined && time - known.lastTime <= idleMicros) return known;
    if (known !== undefined) this.#end(key, known);
    if (this.#files.size >= maxFiles) this.#endOldest(context);
    const sink = context.openSharedFile(facts);
    const joining = { sink, file: new JoinedFile(sink, this.#room), total: total ?? Infinity, lastTime: time };
    this.#files.set(key, joining);
    return joining;
  }

  #endOldest(context: AnalyzerContext): void {
    context.problem('limit-reached', 'too many files come in ranges; the oldest is not put together further');
    const [oldest] = this.#files;
    if (oldest !== undefined) this.#end(...oldest);
  }

  #end(key: string, { file }: Joining): void {
    file.end();
    this.#files.delete(key);
  }
}

/** The bytes of one answer. Its end says nothing: other answers bring more of the file. */
class RangeSink implements FileSink {
  readonly #joiner: RangeJoiner;
  readonly #joining: Joining;
  readonly #key: string;
  readonly #context: AnalyzerContext;
  #at: number;

  constructor(joiner: RangeJoiner, joining: Joining, { key, first }: RangePlace, context: AnalyzerContext) {
    this.#joiner = joiner;
    this.#joining = joining;
    this.#key = key;
    this.#context = context;
    this.#at = first;
  }

  get uid(): string {
    return this.#joining.sink.uid;
  }

  get mimeType(): string | null {
    return this.#joining.sink.mimeType;
  }

  data(bytes: Uint8Array): void {
    const { sink, file } = this.#joining;
    this.#joining.lastTime = this.#context.clock.time;
    sink.carriedBy(this.#context);
    file.add(this.#at, bytes);
    this.#at += bytes.length;
    this.#joiner.finishIfWhole(this.#key, this.#joining);
  }

  /** What is missing of this answer may come in another one. */
  gap(length: number): void {
    this.#at += length;
  }

  end(): void {
    // Told by the joiner.
  }
}
