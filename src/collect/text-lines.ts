import { isUtf8 } from 'node:buffer';
import { ProblemList, quote } from '../base/problem.ts';
import type { VakthundEvent } from '../events/event.ts';
import { readLines, type LineBlock } from './lines.ts';
import type { Batch, Checkpoint, DecodeContext } from './source.ts';

/** What a source makes of lines of text. */
export interface LineDecoder {
  /**
   * The events of a line: none for one that only says something of the form. A text is what is wrong with the line, which is
   * no record then: `a line has no time`. Blank lines do not come here.
   */
  line(text: string, line: number, problems: ProblemList): readonly VakthundEvent[] | VakthundEvent | string;
  /** Whatever it must know to go on after the last line, as text; it comes back when decoding goes on. */
  state?(): string | undefined;
  /** The content ends: a record that goes on over lines and is still open is told. */
  end?(problems: ProblemList): void;
}

const batchEvents = 2048;

/**
 * Reads a content of lines and decodes each; what is no record is a problem, and the rest is read. A last line without its
 * end that is no record counts as cut, so that it is read again when the content has grown.
 */
export async function* decodeTextLines(
  content: AsyncIterable<Uint8Array>,
  context: DecodeContext,
  make: (state: string | undefined) => LineDecoder,
): AsyncGenerator<Batch> {
  const reader = new LineReader(make(context.start.state), context.start);
  for await (const block of readLines(content, context)) {
    yield* reader.read(block);
    if (context.growing) yield reader.batch();
  }
  if (!context.growing) reader.end();
  yield reader.batch();
}

class LineReader {
  readonly #decoder: LineDecoder;
  readonly #problems = new ProblemList();
  #events: VakthundEvent[] = [];
  #doneByte: number;
  #doneLine: number;

  constructor(decoder: LineDecoder, start: Checkpoint) {
    this.#decoder = decoder;
    this.#doneByte = start.byte;
    this.#doneLine = start.line;
  }

  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    const state = this.#decoder.state?.();
    const place = { byte: this.#doneByte, line: this.#doneLine };
    return { events, problems: this.#problems.drain(), checkpoint: state === undefined ? place : { ...place, state } };
  }

  end(): void {
    this.#decoder.end?.(this.#problems);
  }

  *read(block: LineBlock): Generator<Batch> {
    for (const problem of block.problems) this.#problems.add(problem);
    const { bytes, starts, ends, count, firstLine, endByte } = block;
    const offset = endByte - bytes.length;
    const isValid = isUtf8(bytes);
    for (let index = 0; index < count; index++) {
      const line = firstLine + index;
      const isCut = block.isUnterminated && index === count - 1;
      this.#line(bytes.subarray(starts[index], ends[index]), line, isValid, isCut);
      this.#doneByte = index + 1 < count ? offset + (starts[index + 1] ?? 0) : endByte;
      this.#doneLine = line;
      if (this.#events.length >= batchEvents) yield this.batch();
    }
  }

  #line(bytes: Buffer, line: number, isValid: boolean, isCut: boolean): void {
    if (!isValid && !isUtf8(bytes)) {
      const message = 'a line is not valid UTF-8; the bytes that are not were replaced';
      this.#problems.add({ code: 'bad-encoding', at: { line }, message });
    }
    const written = bytes.toString('utf8');
    // A byte order mark before the first line belongs to the file.
    const text = line === 1 && written.startsWith('\uFEFF') ? written.slice(1) : written;
    if (text.trim() === '') return;
    const made = this.#decoder.line(text, line, this.#problems);
    if (typeof made === 'string') {
      const message = `${made}: ${quote(text)}`;
      this.#problems.add({ code: isCut ? 'truncated' : 'bad-record', at: { line }, message });
    } else if ('kind' in made) this.#add(made, line);
    else for (const event of made) this.#add(event, line);
  }

  #add(event: VakthundEvent, line: number): void {
    event.evidence_at = line;
    this.#events.push(event);
  }
}
