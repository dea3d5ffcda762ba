import { ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { CaptureReader } from './capture.ts';
import { eventOf } from './events/map.ts';
import { checkpointOf, progressOf } from './resume.ts';

/** Events of one batch. */
const batchSize = 2048;
/** Problems of one code that stand for themselves in a batch; more are counted. */
const keptProblems = 5;

/** Reads a capture to the end, batch by batch. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new Decoder(context);
  for await (const chunk of content) {
    decoder.feed(chunk);
    yield* decoder.read();
  }
  yield* decoder.finish(context.growing);
}

class Decoder {
  readonly #problems = new ProblemList(keptProblems);
  readonly #reader = new CaptureReader(this.#problems);
  readonly #before;
  #events: VakthundEvent[] = [];
  #count = 0;

  constructor(context: DecodeContext) {
    this.#before = progressOf(context.start);
  }

  feed(chunk: Uint8Array): void {
    this.#reader.feed(chunk);
  }

  *read(): Generator<Batch> {
    const reader = this.#reader;
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      const event = eventOf(record);
      if (event === undefined) continue;
      this.#count++;
      if (this.#count <= this.#before.events) continue;
      this.#events.push(event);
      if (this.#events.length >= batchSize) yield this.#batch();
    }
    if (reader.position <= this.#before.byte) this.#problems.drain();
  }

  *finish(isGrowing: boolean): Generator<Batch> {
    if (!isGrowing) {
      this.#reader.end();
      yield* this.read();
      this.#reader.finish();
    }
    yield this.#batch();
  }

  #batch(): Batch {
    const events = this.#events;
    this.#events = [];
    const checkpoint = checkpointOf({
      events: Math.max(this.#count, this.#before.events),
      byte: Math.max(this.#reader.position, this.#before.byte),
    });
    return { events, problems: this.#problems.drain(), checkpoint };
  }
}
