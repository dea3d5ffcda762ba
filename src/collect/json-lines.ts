import { isUtf8 } from 'node:buffer';
import { ProblemList } from '../base/problem.ts';
import type { VakthundEvent } from '../events/event.ts';
import type { RowSink } from '../events/row-sink.ts';
import { JsonSpread, type JsonPiece } from './json-spread.ts';
import { JsonTape } from './json-tape.ts';
import { parseJsonObject, type JsonObject } from './json-value.ts';
import { readLines, type LineBlock } from './lines.ts';
import type { Batch, Checkpoint, DecodeContext } from './source.ts';

/** What a source makes of a record. */
export interface JsonDecoder {
  /**
   * Event of the record as an object, or several where it holds a list of them; undefined when it is none, and then a
   * problem says why.
   */
  record(value: JsonObject, line: number, problems: ProblemList): VakthundEvent | readonly VakthundEvent[] | undefined;
  /**
   * Event of the record on the tape; undefined leaves the record to `record`. For sources whose speed matters: most of
   * the time goes into making objects.
   */
  plain?(line: number, problems: ProblemList): VakthundEvent | undefined;
  /** The same as a row; false leaves the record to `record`. */
  plainRow?(line: number, problems: ProblemList, rows: RowSink): boolean;
}

/** Enough events that a batch costs little, few enough that one is soon there. */
const batchEvents = 2048;
const openBrace = 123;
const comma = 44;

/**
 * Reads a content of JSON objects, one on each line or otherwise (see `JsonSpread`), and decodes each. What cannot be
 * read is a problem with its line, and the rest is read. `make` gets the tape that plain lines are read to.
 */
export async function* decodeJsonLines(
  content: AsyncIterable<Uint8Array>,
  context: DecodeContext,
  make: (tape: JsonTape) => JsonDecoder,
): AsyncGenerator<Batch> {
  const reader = new JsonReader(make, context);
  for await (const block of readLines(content, context)) {
    yield* reader.read(block);
    if (context.growing) yield reader.batch();
  }
  if (!context.growing) reader.end();
  yield reader.batch();
}

class JsonReader {
  readonly #tape = new JsonTape();
  readonly #problems = new ProblemList();
  readonly #spread = new JsonSpread(this.#problems);
  readonly #decoder: JsonDecoder;
  readonly #rows: RowSink | undefined;
  #events: VakthundEvent[] = [];
  /** Rows since the batch before. */
  #rowCount = 0;
  #doneByte: number;
  #doneLine: number;

  constructor(make: (tape: JsonTape) => JsonDecoder, { start, rows }: DecodeContext) {
    this.#decoder = make(this.#tape);
    this.#rows = rows;
    this.#doneByte = start.byte;
    this.#doneLine = start.line;
  }

  /** What was read since the batch before. An object that is still open will be read again from its beginning. */
  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    this.#rowCount = 0;
    const { open } = this.#spread;
    const place = { byte: this.#doneByte, line: this.#doneLine };
    const checkpoint: Checkpoint = open === undefined ? place : { byte: open.byte, line: open.line - 1 };
    return { events, problems: this.#problems.drain(), checkpoint };
  }

  *read(block: LineBlock): Generator<Batch> {
    for (const problem of block.problems) this.#problems.add(problem);
    const isValid = isUtf8(block.bytes);
    for (let next = 0; next < block.count;) {
      next = this.#lines(block, next, isValid);
      if (this.#isFull) yield this.batch();
    }
  }

  get #isFull(): boolean {
    return this.#events.length + this.#rowCount >= batchEvents;
  }

  /** Reads lines until a batch is full; the index of the line after them. */
  #lines(block: LineBlock, from: number, isValid: boolean): number {
    const { bytes, starts, ends, count, firstLine } = block;
    const offset = block.endByte - bytes.length;
    let index = from;
    while (index < count && !this.#isFull) {
      const start = starts[index] ?? 0;
      const end = ends[index] ?? 0;
      if (!this.#plainLine(bytes, start, end, firstLine + index, isValid) && end > start) {
        const isLast = block.isUnterminated && index === count - 1;
        this.#oddLine(bytes.subarray(start, end), firstLine + index, offset + start, isLast);
      }
      index++;
    }
    this.#doneByte = index < count ? offset + (starts[index] ?? 0) : block.endByte;
    this.#doneLine = firstLine + index - 1;
    return index;
  }

  /** The content ends here. */
  end(): void {
    this.#spread.abandon('truncated');
  }

  /** Reads a line that is one plain record, or one of a list of them; false for every other. */
  #plainLine(bytes: Buffer, start: number, lineEnd: number, line: number, isValid: boolean): boolean {
    if (bytes[start] !== openBrace) return false;
    const end = bytes[lineEnd - 1] === comma ? lineEnd - 1 : lineEnd;
    if (!isValid && !isUtf8(bytes.subarray(start, end))) return false;
    if (!this.#tape.read(bytes, start, end)) {
      // A whole record cannot stand inside another one that is spread over lines, unless it is indented.
      const isOpen = this.#spread.open !== undefined;
      if (isOpen && isObject(bytes.toString('utf8', start, end))) this.#spread.abandon('bad-record');
      return false;
    }
    this.#spread.abandon('bad-record');
    if (!this.#plain(line)) this.#record(JSON.parse(this.#tape.slice(start, end)) as JsonObject, line);
    return true;
  }

  /** Takes over the record on the tape, as a row where rows are wanted; false when it has to be read as an object. */
  #plain(line: number): boolean {
    if (this.#rows !== undefined && this.#decoder.plainRow !== undefined) {
      if (!this.#decoder.plainRow(line, this.#problems, this.#rows)) return false;
      this.#rowCount++;
      return true;
    }
    const event = this.#decoder.plain?.(line, this.#problems);
    if (event === undefined) return false;
    this.#add(event, line);
    return true;
  }

  #oddLine(bytes: Buffer, line: number, byte: number, isLast: boolean): void {
    for (const piece of this.#spread.take(bytes, line, byte, isLast ? 'truncated' : 'bad-record')) this.#piece(piece);
  }

  #piece({ bytes, line }: JsonPiece): void {
    if (!isUtf8(bytes)) {
      const message = 'a record is not valid UTF-8; the bytes that are not were replaced';
      this.#problems.add({ code: 'bad-encoding', at: { line }, message });
    }
    const value = parseJsonObject(bytes.toString('utf8'), { line }, this.#problems);
    if (value !== undefined) this.#record(value, line);
  }

  #record(value: JsonObject, line: number): void {
    const made = this.#decoder.record(value, line, this.#problems);
    if (made === undefined) return;
    if ('kind' in made) this.#add(made, line);
    else for (const event of made) this.#add(event, line);
  }

  #add(event: VakthundEvent, line: number): void {
    event.evidence_at = line;
    this.#events.push(event);
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
