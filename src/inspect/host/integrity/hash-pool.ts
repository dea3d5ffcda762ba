import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { hashFile } from './hash-file.ts';
import type { HashBatch, HashedBatch } from './hash-worker.ts';

/** A batch is full with so many files or bytes: large enough to be worth a message, small enough that no worker waits for the last. */
const batchFiles = 64;
const batchBytes = 4 << 20;
/** Batches that lie before the workers: the walk waits for them, so that memory stays bounded. */
const maxWaiting = 8;

/** The first batches are hashed here: a check that finds little to read begins no threads. */
const batchesAlone = 4;
/** Threads that only hash need little. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

type Done = (digest: string) => void;

/** Hashes files in worker threads, one for each core, as soon as there is enough to do. */
export class HashPool {
  readonly #workers: Worker[] = [];
  readonly #pending = new Map<number, readonly Done[]>();
  readonly #load: number[] = [];
  readonly #wakers: (() => void)[] = [];
  #batch: { paths: string[]; limits: number[]; done: Done[]; bytes: number } = emptyBatch();
  #nextId = 0;
  #failure: Error | undefined;

  readonly #size: number;

  constructor(size = Math.max(1, Math.min(4, availableParallelism()))) {
    this.#size = size;
  }

  /** `done` gets the SHA-256 in base64url, or `!` and a message. Waits when the workers are far behind. */
  async add(path: string, size: number, done: Done, limit = Infinity): Promise<void> {
    const batch = this.#batch;
    batch.paths.push(path);
    batch.limits.push(limit);
    batch.done.push(done);
    batch.bytes += size;
    if (batch.paths.length >= batchFiles || batch.bytes >= batchBytes) this.#send();
    while (this.#pending.size >= maxWaiting) await this.#change();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Waits for all that was added. */
  async finish(): Promise<void> {
    this.#send();
    while (this.#pending.size > 0 && this.#failure === undefined) await this.#change();
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #send(): void {
    const { paths, limits, done } = this.#batch;
    if (paths.length === 0) return;
    this.#batch = emptyBatch();
    const id = this.#nextId++;
    if (id < batchesAlone) {
      for (const [index, path] of paths.entries()) done[index]?.(hashFile(path, limits[index] ?? Infinity));
      return;
    }
    if (this.#workers.length === 0) this.#begin();
    this.#pending.set(id, done);
    const idle = this.#load.indexOf(Math.min(...this.#load));
    this.#load[idle] = (this.#load[idle] ?? 0) + 1;
    this.#workers[idle]?.postMessage({ id, paths, limits } satisfies HashBatch);
  }

  #begin(): void {
    for (let index = 0; index < this.#size; index++) {
      const worker = new Worker(new URL('hash-worker.ts', import.meta.url), { resourceLimits });
      worker.on('message', (answer: HashedBatch) => this.#receive(index, answer));
      worker.on('error', (error: Error) => this.#fail(error));
      this.#workers.push(worker);
      this.#load.push(0);
    }
  }

  #receive(worker: number, { id, digests }: HashedBatch): void {
    this.#load[worker] = (this.#load[worker] ?? 1) - 1;
    const done = this.#pending.get(id) ?? [];
    this.#pending.delete(id);
    for (const [index, digest] of digests.entries()) done[index]?.(digest);
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakers.push(resolve);
    });
  }

  #wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }
}

function emptyBatch(): { paths: string[]; limits: number[]; done: Done[]; bytes: number } {
  return { paths: [], limits: [], done: [], bytes: 0 };
}
