import { isUtf8 } from 'node:buffer';
import { ProblemList, quote } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { readLines, type LineBlock } from '../../lines.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { mapRecord } from '../../windows/map.ts';
import { readEventXml } from '../../windows/xml.ts';
import { EventSpread, type EventText } from './spread.ts';

/** A batch is handed over at this many events, or characters of them. */
const batchEvents = 2048;
const batchLength = 8 << 20;

/** Reads events one after another, whether they stand on a line each or are spread over many. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new Decoder(context.start);
  for await (const block of readLines(content, context)) {
    yield* decoder.read(block);
    if (context.growing) yield decoder.batch();
  }
  if (!context.growing) decoder.end();
  yield decoder.batch();
}

class Decoder {
  readonly #problems = new ProblemList();
  readonly #spread = new EventSpread();
  #events: VakthundEvent[] = [];
  #length = 0;
  #done: Checkpoint;

  constructor(start: Checkpoint) {
    this.#done = start;
  }

  *read(block: LineBlock): Generator<Batch> {
    for (const problem of block.problems) this.#problems.add(problem);
    const { bytes, starts, ends, count, firstLine, endByte } = block;
    const offset = endByte - bytes.length;
    for (let index = 0; index < count; index++) {
      const line = firstLine + index;
      const piece = bytes.subarray(starts[index], ends[index]);
      if (!isUtf8(piece)) {
        const message = 'a line is not valid UTF-8; the bytes that are not were replaced';
        this.#problems.add({ code: 'bad-encoding', at: { line }, message });
      }
      const place = { byte: index === 0 ? this.#done.byte : offset + (starts[index] ?? 0), line };
      for (const text of this.#spread.take(piece.toString('utf8'), place)) this.#event(text);
      this.#done = { byte: index + 1 < count ? offset + (starts[index + 1] ?? 0) : endByte, line };
      if (this.#events.length >= batchEvents || this.#length >= batchLength) yield this.batch();
    }
  }

  /** The content ends here. */
  end(): void {
    const rest = this.#spread.abandon();
    if (rest !== undefined) this.#event(rest);
  }

  /** What was read since the batch before. An event that is still open will be read again from its first line. */
  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    this.#length = 0;
    const { open } = this.#spread;
    const checkpoint = open === undefined ? this.#done : { byte: open.byte, line: open.line - 1 };
    return { events, problems: this.#problems.drain(), checkpoint };
  }

  #event({ xml, line, isWhole }: EventText): void {
    if (!isWhole) {
      const message = `an event has no end; what stands before is kept: ${quote(xml)}`;
      this.#problems.add({ code: 'truncated', at: { line }, message });
    }
    const record = readEventXml(xml);
    if (record?.['EventID'] === undefined) {
      const message = `an event has no event id: ${quote(xml)}`;
      this.#problems.add({ code: 'bad-record', at: { line }, message });
      return;
    }
    const event = mapRecord(record, 0);
    event.evidence_at = line;
    this.#events.push(event);
    this.#length += xml.length;
  }
}
