import type { Batch, DecodeContext } from '../../source.ts';
import { CaptureDecoder } from './capture-decoder.ts';
import { protocols } from './protocols/registry.generated.ts';
import { readState, writeState } from './resume.ts';

/** Events of one batch, at least; a chunk's may be more. */
const batchSize = 2000;

/**
 * Reads a capture to the end, batch by batch. A flow's event depends on packets from its first to its last, so there is no
 * place in the middle to go on from: a reading that was interrupted is done again from where it began, and the events that were
 * handed over before are left out (docs/decisions/0012-captures-are-read-again.md). A capture that has grown is gone on with
 * after its last whole packet.
 */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const { start } = context;
  const { events: alreadyKnown = 0, from } = readState(start.state) ?? {};
  const decoder = new CaptureDecoder({
    protocols: Object.values(protocols),
    checksums: 'auto',
    ...(context.secrets === undefined ? {} : { secrets: context.secrets }),
    ...(from === undefined ? {} : { from }),
    ...(context.packetIndex === undefined ? {} : { index: context.packetIndex }),
  });
  let handedOver = 0;
  let byte = start.byte;
  for await (const chunk of content) {
    byte += chunk.length;
    decoder.push(chunk);
    if (decoder.pendingEvents < batchSize) continue;
    const events = decoder.takeEvents();
    const known = Math.min(events.length, Math.max(0, alreadyKnown - handedOver));
    handedOver += events.length;
    const state = writeState({ events: Math.max(handedOver, alreadyKnown), from });
    yield { events: events.slice(known), problems: decoder.takeProblems(false), checkpoint: { ...start, state } };
  }
  if (byte === start.byte) return;
  decoder.finish();
  const events = decoder.takeEvents();
  const { position, packets } = decoder;
  const state = writeState({ events: 0, from: position === undefined ? undefined : { position, packets } });
  yield {
    events: events.slice(Math.max(0, alreadyKnown - handedOver)),
    problems: decoder.takeProblems(true),
    checkpoint: { byte: position?.byte ?? byte, line: packets, state },
  };
}
