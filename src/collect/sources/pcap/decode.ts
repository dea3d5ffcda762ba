import type { Batch, DecodeContext } from '../../source.ts';
import { readAlone, readInParts } from './reading.ts';
import { readState, writeState } from './resume.ts';

/**
 * Reads a capture to the end, batch by batch. A flow's event depends on packets from its first to its last, so there is no
 * place in the middle to go on from: a reading that was interrupted is done again from where it began, and the events that were
 * handed over before are left out (docs/decisions/0012-captures-are-read-again.md). A capture that has grown is gone on with
 * after its last whole packet.
 */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const { start, secrets, packetIndex: index } = context;
  const before = readState(start.state);
  const { events: alreadyKnown = 0, from } = before ?? {};
  const parts = alreadyKnown > 0 ? (before?.parts ?? 1) : partsFor(context);
  let byte = start.byte;
  const counted = counting(content, (bytes) => (byte += bytes));
  const options = { secrets, index, from };
  const portions = parts > 1 ? readInParts(counted, parts, options) : readAlone(counted, options);
  let handedOver = 0;
  for await (const { events, problems, end } of portions) {
    const known = Math.min(events.length, Math.max(0, alreadyKnown - handedOver));
    handedOver += events.length;
    if (end === undefined) {
      const state = writeState({ events: Math.max(handedOver, alreadyKnown), from, parts });
      yield { events: events.slice(known), problems, checkpoint: { ...start, state } };
      continue;
    }
    const { position, packets } = end;
    const state = writeState({ events: 0, from: position === undefined ? undefined : { position, packets }, parts: 1 });
    yield { events: events.slice(known), problems, checkpoint: { byte: position?.byte ?? byte, line: packets, state } };
  }
}

/** Secrets that stand beside the capture are not handed to threads: with them it is read in one. */
function partsFor({ threads = 1, secrets }: DecodeContext): number {
  return secrets === undefined || secrets.size === 0 ? threads : 1;
}

async function* counting(
  content: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    onBytes(chunk.length);
    yield chunk;
  }
}
