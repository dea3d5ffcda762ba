import type { OpenLimits } from '../collect/open/limits.ts';
import type { Store } from '../store/store.ts';
import { KeyLogs } from './key-logs.ts';
import { Ledger } from './ledger.ts';
import { ReadAgain } from './read-again.ts';

/**
 * What the store says of contents that were read, in memory. Whoever follows files keeps it from look to look as long as nobody else reads: to
 * ask the store for all of it would be half of the work that a line costs.
 */
export interface KnownContents {
  readonly ledger: Ledger;
  readonly again: ReadAgain;
  readonly keyLogs: KeyLogs;
}

export async function knownContents(store: Store, limits: OpenLimits): Promise<KnownContents> {
  const rows = await store.evidence();
  const again = await ReadAgain.open(store);
  return { ledger: new Ledger(rows), again, keyLogs: new KeyLogs(rows, limits, store.stagingFolder) };
}
