import { parentPort, workerData } from 'node:worker_threads';
import { packEvents, type PackedEvents } from './packed-events.ts';
import { PartReader, type PartOptions, type PartPortion } from './part-reader.ts';
import type { SharedPiece } from './shared-pieces.ts';

/** A portion as it comes back. */
export interface PackedPortion extends Omit<PartPortion, 'events'> {
  readonly events: PackedEvents;
}

/** Reads a part of a capture in a thread: a message for each piece, one with null behind the last, each answered. */
const reader = new PartReader(workerData as PartOptions);
parentPort?.on('message', (piece: SharedPiece | null) => {
  const portion = piece === null ? reader.finish() : reader.read(piece.memory.subarray(0, piece.length));
  parentPort?.postMessage({ ...portion, events: packEvents(portion.events) } satisfies PackedPortion);
});
