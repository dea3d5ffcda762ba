import type { LocalNetworks } from '../base/networks.ts';
import type { Logger } from '../base/logger.ts';
import type { Asset } from './assets/asset.ts';
import type { KindId } from '../events/event.ts';
import type { EnrichStore } from '../store/store.ts';

export interface EnrichContext {
  readonly store: EnrichStore;
  readonly networks: LocalNetworks;
  /** The organisation's own list; empty when there is none. */
  readonly assets: readonly Asset[];
  readonly logger: Logger;
}

/** Who, where, how rare: fills derived tables (`store/tables.ts`) from what is stored, after new evidence came in. */
export interface Enricher<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly description: string;
  readonly reads: readonly KindId[];
  /** Tables that it fills. Enrichers run in the order in which these are needed. */
  readonly fills: readonly string[];
  readonly needs: readonly string[];
  run(context: EnrichContext): Promise<void>;
}

export function defineEnricher<const Id extends string>(enricher: Enricher<Id>): Enricher<Id> {
  return enricher;
}
