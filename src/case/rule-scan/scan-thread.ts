import { Worker } from 'node:worker_threads';
import type { KindId } from '../../events/event.ts';
import type { EventQuestion } from '../../match/event-set.ts';
import type { Share } from '../../store/store.ts';
import type { Kept } from '../kept-matches.ts';
import type { MatchShape } from './share-reader.ts';

/** A question as it goes to another thread. */
export interface SentQuestion {
  /** Among all that are asked. */
  readonly place: number;
  readonly kind: KindId;
  /** Of a rule language's `rowFormats`. */
  readonly format: string;
  readonly questions: readonly EventQuestion[];
}

export interface ScanTask {
  readonly questions: readonly SentQuestion[];
  /** Sealed ones. */
  readonly shares: readonly Share[];
  readonly shape: MatchShape;
  readonly folder: string;
  /** Of its database. */
  readonly memoryBytes: number;
  /** Memory of the `ShareTurns` that all threads take their shares by. */
  readonly turns: SharedArrayBuffer;
}

/** By the place of the question among all. */
export type Found = readonly (readonly [place: number, kept: Kept])[];

/** Rows that were read since the last answer, and at the end what was found. */
export type ScanAnswer = { readonly kind: KindId; readonly rows: number } | { readonly found: Found };

/** Reads shares in a thread of its own, until none is left. */
export class ScanThread {
  readonly #ended: Promise<Found>;

  constructor(task: ScanTask, onRows: (kind: KindId, rows: number) => void) {
    const worker = new Worker(new URL('scan-worker.ts', import.meta.url), { workerData: task });
    let found: Found | undefined;
    worker.on('message', (answer: ScanAnswer) => {
      if ('found' in answer) found = answer.found;
      else onRows(answer.kind, answer.rows);
    });
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    worker.on('error', reject);
    worker.on('exit', () => {
      if (found === undefined) reject(new Error('a thread that asks rules has ended early'));
      else resolve(found);
    });
    this.#ended = promise;
    // Whoever gives up does not ask.
    promise.catch(() => undefined);
  }

  /** What it found; throws what it failed with. It has ended then. */
  async found(): Promise<Found> {
    return this.#ended;
  }
}
