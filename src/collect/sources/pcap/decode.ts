import type { Batch, Checkpoint, DecodeContext } from '../../source.ts';
import { CaptureDecoder } from './capture-decoder.ts';
import { protocols } from './protocols/registry.generated.ts';
import { readState, writeState } from './resume.ts';

/** Events of one batch, at least; a chunk's may be more. */
const batchSize = 2000;

/**
 * Reads a capture to the end, batch by batch. A flow's event depends on packets from its first to its last, so there is no
 * place in the middle to go on from: a reading that was interrupted is done again from the start, and the events that were
 * handed over before are left out (see `docs/decisions`).
 */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const { start } = context;
  const state = readState(start.state);
  const decoder = new CaptureDecoder({
    protocols: Object.values(protocols),
    checksums: 'auto',
    ...(state?.from === undefined ? {} : { from: state.from }),
  });
  let [handedOver, skipped] = [0, state?.events ?? 0];
  const batch = (checkpoint: Checkpoint, atEnd: boolean): Batch => {
    const events = decoder.takeEvents();
    const known = Math.min(skipped, events.length);
    skipped -= known;
    handedOver += events.length;
    return { events: events.slice(known), problems: decoder.takeProblems(atEnd), checkpoint };
  };
  let byte = start.byte;
  for await (const chunk of content) {
    byte += chunk.length;
    decoder.push(chunk);
    if (decoder.pendingEvents < batchSize) continue;
    const events = handedOver + decoder.pendingEvents;
    yield batch({ byte: start.byte, line: start.line, state: writeState({ events, from: state?.from }) }, false);
  }
  decoder.finish();
  if (byte === start.byte) return;
  const { position, packets } = decoder;
  const from = position === undefined ? undefined : { position, packets };
  yield batch({ byte, line: packets, state: writeState({ events: 0, from }) }, true);
}
