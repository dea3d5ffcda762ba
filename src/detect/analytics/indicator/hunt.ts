import type { LocalNetworks } from '../../../base/networks.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { Finding } from '../../../events/finding.ts';
import type { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { findingsOf } from './findings.ts';
import { groupSightings, type Suppressed } from './grouping.ts';
import { findSightings, type HistoryOptions } from './history.ts';
import { SightingTable, sightingOf } from './sighting.ts';

export interface IndicatorVerdict {
  readonly findings: readonly Finding[];
  /** Matches that warning lists kept from firing, most frequent first. */
  readonly suppressed: readonly Suppressed[];
  /** Events that were matched but found no room in memory: the verdict is not complete when it is not 0. */
  readonly cut: number;
}

/** Looks through everything stored. */
export async function huntIndicators(
  options: HistoryOptions & { readonly networks: LocalNetworks },
): Promise<IndicatorVerdict> {
  const table = new SightingTable();
  await findSightings(options, table);
  return verdictOf(table, options.matcher, options.networks);
}

/**
 * Watches events as they come in. Its verdict at any moment equals that of `huntIndicators` over the same events, unless
 * there were so many that some are no longer told apart.
 */
export class IndicatorWatch {
  readonly #matcher: IndicatorMatcher;
  readonly #networks: LocalNetworks;
  readonly #table = new SightingTable();

  constructor(options: { readonly matcher: IndicatorMatcher; readonly networks: LocalNetworks }) {
    this.#matcher = options.matcher;
    this.#networks = options.networks;
  }

  /** Takes events whose `evidence_id` is set; returns how many values in them are listed. */
  take(events: readonly VakthundEvent[]): number {
    const matches = this.#matcher.matchEvents(events);
    for (const { event, observable, value } of matches) this.#table.add(sightingOf(event, observable, value));
    return matches.length;
  }

  verdict(): IndicatorVerdict {
    return verdictOf(this.#table, this.#matcher, this.#networks);
  }
}

function verdictOf(table: SightingTable, matcher: IndicatorMatcher, networks: LocalNetworks): IndicatorVerdict {
  const { cases, suppressed } = groupSightings(table.all(), matcher, networks);
  const findings = findingsOf(cases).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { findings, suppressed, cut: table.cut };
}
