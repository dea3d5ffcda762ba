/** Runs in a thread of its own: a burst of entries is read while the main thread judges. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { foldersOf } from '../../linux/journal/find-journals.ts';
import { JournalSpool } from './journal-spool.ts';

const everyMs = 250;

function run({ folder, stop, inputs }: ThreadData): void {
  const events = {
    onLost: (lost: number, why: string): void => tell({ lost, why }),
    onNote: (note: string): void => tell({ note }),
  };
  const spool = new JournalSpool(folder, foldersOf(inputs), inputs.length > 0, events, () => performance.now());
  try {
    while (Atomics.load(stop, 0) === 0) if (spool.takeSome()) Atomics.wait(stop, 0, 0, everyMs);
    while (!spool.takeSome());
  } finally {
    spool.close();
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

run(workerData as ThreadData);
