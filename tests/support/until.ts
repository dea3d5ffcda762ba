import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 60_000;

/** Waits for a state; throws when it does not come. */
export async function until(isSo: () => boolean | Promise<boolean>, forMs = patienceMs): Promise<void> {
  for (const end = Date.now() + forMs; Date.now() < end; await sleep(50)) if (await isSo()) return;
  throw new Error('it did not come to it');
}
