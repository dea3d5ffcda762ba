import { readFileSync } from 'node:fs';
import { featuresOf } from './features.ts';
import { networkOf, outputOf, type Network } from './network.ts';

/** Longer labels are none (RFC 1035 2.3.4). */
const maxLabel = 63;

/**
 * Log odds from which one name by itself is more than undecided. Of domains and generators that the model did not learn from, one told in seventy is
 * ordinary there (`tools/dga-model`): domains elsewhere are stranger than those that it knows.
 */
export const decidingLogOdds = 2.25;

let loaded: Network | undefined;

function network(): Network {
  return (loaded ??= networkOf(readFileSync(new URL('../../../../content/dga/model.bin', import.meta.url))));
}

/**
 * How much a registered domain (`label.suffix`) looks as if an algorithm had made it: log odds, 0 is undecided, 2 rarely wrong. Sees random
 * letters, digits, made-up syllables, and part of the names that are put together from words. `tools/dga-model` trains it.
 */
export function generatedLogOdds(domain: string): number {
  const name = domain.toLowerCase();
  const dot = name.indexOf('.');
  const label = (dot < 0 ? name : name.slice(0, dot)).slice(0, maxLabel);
  const suffix = dot < 0 ? '' : name.slice(dot + 1, dot + 1 + maxLabel);
  return outputOf(network(), featuresOf(label, suffix));
}
