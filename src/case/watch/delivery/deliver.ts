import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import type { DeliveryQueue } from './queue.ts';

/** Where messages go. Throws when one was not taken; it is then tried again. */
export interface Receiver {
  readonly id: string;
  send(json: string, signal: AbortSignal): Promise<void>;
}

const firstWaitMs = 1000;
const longestWaitMs = 5 * 60_000;
const idleMs = 250;

/** Delivers in order until the signal. After a failure it waits twice as long each time, up to five minutes, and tells the first one. */
export async function deliver(
  queue: DeliveryQueue,
  receiver: Receiver,
  signal: AbortSignal,
  onTrouble: (message: string) => void,
): Promise<void> {
  let waitMs = firstWaitMs;
  let isTold = false;
  while (!signal.aborted) {
    const message = queue.peek();
    try {
      if (message === undefined) {
        await sleep(idleMs, undefined, { signal });
        continue;
      }
      await receiver.send(message, signal);
      queue.shift(message);
      waitMs = firstWaitMs;
      isTold = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isTold) onTrouble(`${receiver.id} took nothing: ${messageOf(error)}; it is kept and tried again`);
      isTold = true;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    }
  }
}
