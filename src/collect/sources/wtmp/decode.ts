import { ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { ByteQueue } from '../../byte-queue.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { layoutById, layoutOf, type Layout } from './layout.ts';
import { eventOfLastlog, eventOfRecord, type Terminals } from './records.ts';

const batchEvents = 2048;
/** Bytes that the layout is told from, when decoding begins. */
const headBytes = 4096;

/** Reads records one after another. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new Decoder(context);
  for await (const chunk of content) {
    decoder.feed(chunk);
    yield* decoder.read(false);
  }
  yield* decoder.read(true);
  if (!context.growing) decoder.finish();
  yield decoder.batch();
}

/** What is known when decoding goes on: the layout, and who is on which terminal. */
interface State {
  readonly layout?: string;
  readonly terminals?: readonly (readonly [string, string])[];
}

class Decoder {
  readonly #context: DecodeContext;
  readonly #queue = new ByteQueue();
  readonly #problems = new ProblemList();
  readonly #terminals: Terminals;
  #layout: Layout | undefined;
  #events: VakthundEvent[] = [];
  #byte: number;
  #records: number;
  #isForeign = false;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#byte = context.start.byte;
    this.#records = context.start.line;
    const state = stateOf(context.start);
    this.#layout = layoutById(state.layout);
    this.#terminals = new Map(state.terminals);
  }

  feed(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  *read(isLast: boolean): Generator<Batch> {
    if (this.#layout === undefined && !this.#isForeign) this.#choose(isLast);
    const layout = this.#layout;
    while (layout !== undefined && this.#queue.length >= layout.size) {
      this.#record(this.#queue.bytes.subarray(0, layout.size), layout);
      this.#queue.drop(layout.size);
      this.#byte += layout.size;
      if (this.#events.length >= batchEvents) yield this.batch();
    }
  }

  /** The content ends here. */
  finish(): void {
    if (this.#queue.length === 0) return;
    const message = this.#isForeign
      ? 'the content has no records of wtmp'
      : `the last ${this.#queue.length} bytes are no whole record`;
    const at = { line: this.#records + 1, byte: this.#byte };
    this.#problems.add({ code: this.#isForeign ? 'bad-header' : 'truncated', at, message });
    this.#byte += this.#queue.length;
  }

  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    const state: State = {
      ...(this.#layout === undefined ? {} : { layout: this.#layout.id }),
      terminals: [...this.#terminals],
    };
    const checkpoint = { byte: this.#byte, line: this.#records, state: JSON.stringify(state) };
    return { events, problems: this.#problems.drain(), checkpoint };
  }

  #choose(isLast: boolean): void {
    if (this.#queue.length < headBytes && !isLast) return;
    this.#layout = layoutOf(this.#context.name, this.#queue.bytes.subarray(0, headBytes));
    this.#isForeign = this.#layout === undefined;
  }

  #record(record: Buffer, layout: Layout): void {
    this.#records++;
    const event =
      layout.id === 'lastlog'
        ? eventOfLastlog(record, this.#records - 1)
        : eventOfRecord(record, layout, this.#terminals);
    if (event === undefined) return;
    event.evidence_at = this.#records;
    this.#events.push(event);
  }
}

/** A state comes from our own checkpoint; one that is damaged counts as none. */
function stateOf({ state }: Checkpoint): State {
  if (state === undefined) return {};
  try {
    return JSON.parse(state) as State;
  } catch {
    return {};
  }
}
