import { Worker } from 'node:worker_threads';
import type { RecordContext } from '../../sensor.ts';

/** What the thread of a sensor is given. */
export interface ThreadData {
  readonly folder: string;
  /** Not 0 when it is to stop. */
  readonly stop: Int32Array;
  /** What the sensor is pointed at. */
  readonly inputs: readonly string[];
  /** What it read and checked before the thread began: libraries that were only needed for that stay out of the thread's memory. */
  readonly given?: unknown;
}

/** What it tells. */
export type ThreadMessage =
  | { readonly lost: number; readonly why: string }
  | { readonly note: string }
  /** Pairs of a process and its container. */
  | { readonly containers: readonly (readonly [pid: number, containerId: string])[] };

/**
 * Runs a recorder in a thread of its own, which may wait in the kernel: the main thread's work never makes records wait. Resolves when the
 * signal came and the thread has ended well.
 */
export async function recordInThread(recorder: URL, context: RecordContext, given?: unknown): Promise<void> {
  const { folder, signal } = context;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadData = { folder, stop, inputs: context.inputs ?? [], given };
  const worker = new Worker(recorder, { workerData });
  const end = (): void => void Atomics.store(stop, 0, 1);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await new Promise<void>((done, fail) => {
      worker.on('message', (message: ThreadMessage) => {
        if ('lost' in message) context.onLost(message.lost, message.why);
        else if ('note' in message) context.onNote(message.note);
        else for (const [pid, container] of message.containers) context.onContainerProcess(pid, container);
      });
      worker.once('error', fail);
      worker.once('exit', (code) => (code === 0 ? done() : fail(new Error(`the recorder ended with ${code}`))));
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}
