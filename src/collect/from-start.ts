import { contentStart, type Batch, type DecodeContext } from './source.ts';

/**
 * Decoding that can only begin at the beginning: going on means reading it all once more without handing over what was
 * handed over. The checkpoint holds how many events that is.
 */
export async function* decodeFromStart(
  content: AsyncIterable<Uint8Array>,
  context: DecodeContext,
  decode: (content: AsyncIterable<Uint8Array>, context: DecodeContext) => AsyncIterable<Batch>,
): AsyncGenerator<Batch> {
  const { state } = context.start;
  const done = state !== undefined && /^\d{1,15}$/.test(state) ? Number(state) : 0;
  let count = 0;
  for await (const batch of decode(content, { ...context, start: contentStart })) {
    const events = batch.events.slice(Math.max(0, done - count));
    count += batch.events.length;
    // Problems of what was handed over have been told.
    const problems = done > 0 && count <= done ? [] : batch.problems;
    yield { events, problems, checkpoint: { byte: 0, line: 0, state: String(Math.max(count, done)) } };
  }
}
