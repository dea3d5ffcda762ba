import { Worker } from 'node:worker_threads';
import { unpackEvents } from './packed-events.ts';
import type { PartOptions, PartPortion } from './part-reader.ts';
import { SharedPieces, type SharedPiece } from './shared-pieces.ts';
import type { PackedPortion } from './worker.ts';

/** One part of a capture that is read in a thread of its own. Answers come in the order of the pieces. */
class PartThread {
  readonly #worker: Worker;
  readonly #answers: PackedPortion[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(options: PartOptions) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: options });
    this.#worker.on('message', (answer: PackedPortion) => {
      this.#answers.push(answer);
      this.#wake?.();
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that reads packets has ended early')));
  }

  /** Null behind the last piece. */
  read(piece: SharedPiece | null): void {
    this.#worker.postMessage(piece);
  }

  async answer(): Promise<PartPortion> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) return { ...answer, events: unpackEvents(answer.events) };
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

/**
 * All parts of a capture, each in a thread of its own: the thread that asks has enough to do with handing out, joining and what becomes of
 * the events, and a part of its own would keep the others waiting.
 */
export class PartThreads {
  readonly #threads: readonly PartThread[];
  readonly #pieces = new SharedPieces();
  /** Pieces that were handed out and not asked for yet; null is what stands behind the last. */
  readonly #ahead: (SharedPiece | null)[] = [];

  constructor(parts: number, options: Omit<PartOptions, 'part' | 'parts'>) {
    this.#threads = Array.from({ length: parts }, (_none, part) => new PartThread({ part, parts, ...options }));
  }

  /** Pieces that were handed out and not asked for yet. */
  get ahead(): number {
    return this.#ahead.length;
  }

  /** Takes the next bytes, which may be overwritten afterwards. */
  read(chunk: Uint8Array): void {
    for (const piece of this.#pieces.fill(chunk)) this.#send(piece);
  }

  finish(): void {
    for (const piece of this.#pieces.rest()) this.#send(piece);
    this.#send(null);
  }

  /** What the parts made of the oldest piece that was not asked for yet; undefined when there is none. */
  async answers(): Promise<PartPortion[] | undefined> {
    const piece = this.#ahead.shift();
    if (piece === undefined) return undefined;
    const answers = await Promise.all(this.#threads.map((thread) => thread.answer()));
    if (piece !== null) this.#pieces.release(piece);
    return answers;
  }

  #send(piece: SharedPiece | null): void {
    this.#ahead.push(piece);
    for (const thread of this.#threads) thread.read(piece);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
