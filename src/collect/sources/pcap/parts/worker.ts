import { parentPort, workerData } from 'node:worker_threads';
import { packEvents, type PackedEvents } from './packed-events.ts';
import { PartReader, type PartOptions, type PartPortion } from './part-reader.ts';

/** A chunk of the capture as it goes to a thread: the first `length` bytes of the memory. */
export interface SentChunk {
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly length: number;
}

/** A portion as it comes back, with the memory of its chunk, to be used again: new memory for each chunk would keep the collector busy. */
export interface PackedPortion extends Omit<PartPortion, 'events'> {
  readonly events: PackedEvents;
  readonly memory: Uint8Array<ArrayBuffer> | undefined;
}

/** Reads a part of a capture in a thread: a message for each chunk, one with null behind the last, each answered. */
const reader = new PartReader(workerData as PartOptions);
parentPort?.on('message', (chunk: SentChunk | null) => {
  const memory = chunk?.memory;
  const portion = chunk === null ? reader.finish() : reader.read(chunk.memory.subarray(0, chunk.length));
  const answer = { ...portion, events: packEvents(portion.events), memory } satisfies PackedPortion;
  parentPort?.postMessage(answer, memory === undefined ? [] : [memory.buffer]);
});
