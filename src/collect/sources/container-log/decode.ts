import { ProblemList, type Problem } from '../../../base/problem.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { chooseFormat } from './choose-format.ts';
import { complete } from './complete.ts';
import { containerOf } from './container.ts';
import { cri } from './cri.ts';
import type { FormatId } from './detect.ts';
import { docker } from './docker.ts';
import { LineJoiner } from './join.ts';
import type { LineFormat, Piece } from './piece.ts';
import { readState, writeState, type ResumeState } from './resume.ts';

const formats: Readonly<Record<FormatId, LineFormat>> = { docker, cri };

/** Pieces of the engine's format, joined to lines. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const known = readState(context.start.state);
  const chosen = known === undefined ? await chooseFormat(content, context.growing) : { id: known.format, content };
  if (chosen === undefined) {
    yield { events: [], problems: [], checkpoint: context.start };
    return;
  }
  const state = known ?? { format: chosen.id, pieces: 0, line: 0 };
  const reader = new LineReader(formats[chosen.id], context, state);
  for await (const batch of formats[chosen.id].pieces(chosen.content, context)) {
    const read = reader.read(batch);
    if (read !== undefined) yield read;
  }
  if (!context.growing) yield reader.end();
}

class LineReader {
  readonly #joiner: LineJoiner;
  readonly #start: ResumeState;
  readonly #container: ReturnType<typeof containerOf>;
  #last: Checkpoint;
  #pieces = 0;
  /** Where the batches of pieces began in which lines may still be open. */
  #begins: { readonly checkpoint: Checkpoint; readonly pieces: number }[] = [];

  constructor(format: LineFormat, context: DecodeContext, start: ResumeState) {
    this.#joiner = new LineJoiner(format);
    this.#start = start;
    this.#container = containerOf(context.name);
    this.#last = { byte: context.start.byte, line: context.start.line };
  }

  /** Undefined while pieces are taken a second time: nothing of them is handed over again. */
  read(batch: Batch): Batch | undefined {
    // Of batches without a piece the last will do, so that lines that are none cannot fill the memory.
    if (this.#begins.at(-1)?.pieces === this.#pieces) this.#begins.pop();
    this.#begins.push({ checkpoint: this.#last, pieces: this.#pieces });
    const problems = new ProblemList();
    const events: Piece[] = [];
    for (const problem of batch.problems) if (this.#isUntold(problem)) problems.add(problem);
    for (const piece of batch.events as readonly Piece[]) {
      const isRepeated = this.#pieces < this.#start.pieces;
      const lines = this.#joiner.take(piece, this.#pieces++, isRepeated ? new ProblemList() : problems);
      if (isRepeated) continue;
      for (const line of lines) events.push(complete(line, this.#container));
    }
    this.#last = batch.checkpoint;
    if (this.#pieces < this.#start.pieces) return undefined;
    return { events, problems: problems.drain(), checkpoint: this.#checkpoint() };
  }

  end(): Batch {
    const problems = new ProblemList();
    const events = this.#joiner.end(problems).map((line) => complete(line, this.#container));
    return { events, problems: problems.drain(), checkpoint: this.#checkpoint() };
  }

  /** Before the first piece of an open line, or where reading is. */
  #checkpoint(): Checkpoint {
    const { openFrom } = this.#joiner;
    const here = { checkpoint: this.#last, pieces: this.#pieces };
    const index = openFrom === undefined ? -1 : this.#begins.findLastIndex(({ pieces }) => pieces <= openFrom);
    this.#begins = index < 0 ? [] : this.#begins.slice(index);
    const { checkpoint, pieces } = this.#begins[0] ?? here;
    const line = this.#last.line;
    const state = writeState({ format: this.#start.format, pieces: this.#pieces - pieces, line });
    return { byte: checkpoint.byte, line: checkpoint.line, state };
  }

  #isUntold(problem: Problem): boolean {
    return this.#start.pieces === 0 || (problem.at.line ?? 0) > this.#start.line;
  }
}
