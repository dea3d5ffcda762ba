import { Worker } from 'node:worker_threads';
import { unpackEvents } from './packed-events.ts';
import type { PartOptions, PartPortion } from './part-reader.ts';
import type { PackedPortion, SentChunk } from './worker.ts';

/** One part of a capture that is read in a thread of its own. Answers come in the order of the chunks. */
class PartThread {
  readonly #worker: Worker;
  readonly #answers: PackedPortion[] = [];
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(options: PartOptions) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: options });
    this.#worker.on('message', (answer: PackedPortion) => {
      this.#answers.push(answer);
      if (answer.memory !== undefined) this.#free.push(answer.memory);
      this.#wake?.();
    });
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread that reads packets has ended early')));
  }

  /** Hands a copy over; null behind the last chunk. */
  read(chunk: Uint8Array | null): void {
    if (chunk === null) {
      this.#worker.postMessage(null);
      return;
    }
    const { length } = chunk;
    const free = this.#free.pop();
    const memory = free !== undefined && free.length >= length ? free : new Uint8Array(length);
    memory.set(chunk);
    this.#worker.postMessage({ memory, length } satisfies SentChunk, [memory.buffer]);
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
  #ahead = 0;

  constructor(parts: number, options: Omit<PartOptions, 'part' | 'parts'>) {
    this.#threads = Array.from({ length: parts }, (_none, part) => new PartThread({ part, parts, ...options }));
  }

  /** Chunks that were handed out and not asked for yet. */
  get ahead(): number {
    return this.#ahead;
  }

  /** The next chunk; null behind the last one. */
  read(chunk: Uint8Array | null): void {
    this.#ahead++;
    for (const thread of this.#threads) thread.read(chunk);
  }

  /** What the parts made of the oldest chunk that was not asked for yet; undefined when there is none. */
  async answers(): Promise<PartPortion[] | undefined> {
    if (this.#ahead === 0) return undefined;
    this.#ahead--;
    return Promise.all(this.#threads.map((thread) => thread.answer()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
