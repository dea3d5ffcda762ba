import { ProblemList } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import type { Batch, Checkpoint, DecodeContext } from '../../../source.ts';
import { EntryReader } from './entries.ts';

const batchEvents = 2048;

/** Reads a journal file. Entries name data that stand anywhere before them, so going on means reading from the beginning. */
export async function* decodeJournal(
  content: AsyncIterable<Uint8Array>,
  context: DecodeContext,
): AsyncGenerator<Batch> {
  const problems = new ProblemList(5);
  const reader = new EntryReader(problems);
  const done = doneBefore(context.start);
  let events: VakthundEvent[] = [];
  let count = 0;
  const batch = (): Batch => {
    const full = events;
    events = [];
    const isKnown = count <= done;
    const told = problems.drain();
    // Problems before what was handed over have been told.
    return { events: full, problems: isKnown && done > 0 ? [] : told, checkpoint: checkpointAt(Math.max(count, done)) };
  };
  const take = function* (): Generator<Batch> {
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      count++;
      if (count === done) problems.drain();
      if (count <= done) continue;
      event.evidence_at = count;
      events.push(event);
      if (events.length >= batchEvents) yield batch();
    }
  };
  for await (const chunk of content) {
    reader.feed(chunk);
    yield* take();
  }
  if (!context.growing) reader.finish();
  yield batch();
}

function checkpointAt(entries: number): Checkpoint {
  return { byte: 0, line: 0, state: String(entries) };
}

function doneBefore({ state }: Checkpoint): number {
  return state !== undefined && /^\d{1,15}$/.test(state) ? Number(state) : 0;
}
