import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import type { DeliveryQueue } from './queue.ts';

/** Where messages go. */
export interface Receiver {
  readonly id: string;
  /** Of one that takes several messages together: how many at most, and how long to collect after each sending. */
  readonly digest?: { readonly most: number; readonly everyMs: number };
  /** One JSON text a message, oldest first; one message unless `digest` says otherwise. Throws when they were not taken: they are tried again. */
  send(messages: readonly string[], signal: AbortSignal): Promise<void>;
}

/** The receiver says that it will never take this message: it is told, and the next one is sent. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

const firstWaitMs = 1000;
const longestWaitMs = 5 * 60_000;
const idleMs = 250;

/** Delivers in order until the signal. After a failure it waits twice as long each time, up to five minutes, and tells the first one. `onLost`: somebody took undelivered messages away. */
export async function deliver(
  queue: DeliveryQueue,
  receiver: Receiver,
  signal: AbortSignal,
  onTrouble: (message: string) => void,
  onLost: (bytes: number) => void = () => undefined,
): Promise<void> {
  let waitMs = firstWaitMs;
  let isTold = false;
  let isRefusalTold = false;
  while (!signal.aborted) {
    const messages = queue.peek(receiver.digest?.most ?? 1);
    const lostBytes = queue.takeLostBytes();
    if (lostBytes > 0) onLost(lostBytes);
    try {
      if (messages.length === 0) {
        await sleep(idleMs, undefined, { signal });
        continue;
      }
      await receiver.send(messages, signal);
      queue.shift(messages);
      waitMs = firstWaitMs;
      isTold = false;
      await sleep(receiver.digest?.everyMs ?? 0, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof MessageRefused) {
        queue.shift(messages);
        if (!isRefusalTold) {
          onTrouble(`${receiver.id} refused a message for good: ${messageOf(error)}; it is not sent again`);
        }
        isRefusalTold = true;
        continue;
      }
      if (!isTold) onTrouble(`${receiver.id} took nothing: ${messageOf(error)}; it is kept and tried again`);
      isTold = true;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    }
  }
}
