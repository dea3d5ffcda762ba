import { createRequire } from 'node:module';
import type * as calculator from 'ae-cvss-calculator';

/** The metrics that every vector of version 4.0 has, and their values (CVSS 4.0 specification, table 23). */
const baseMetrics: Readonly<Record<string, string>> = {
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'HLN',
  SI: 'HLN',
  SA: 'HLN',
};

/** Scores by vector: the same few stand in thousands of records, and one takes most of a millisecond. */
const known = new Map<string, number | undefined>();
const maxKnown = 10_000;

/** Score of a CVSS 4.0 vector, 0 to 10, with the threat and environmental metrics that stand in it; undefined when it lacks a base metric. */
export function cvssScore4(vector: string): number | undefined {
  if (known.has(vector)) return known.get(vector);
  const score = isWhole(vector) ? calculate(vector) : undefined;
  if (known.size < maxKnown) known.set(vector, score);
  return score;
}

function isWhole(vector: string): boolean {
  const metrics = new Map(vector.split('/').map((part) => part.split(':', 2) as [string, string | undefined]));
  return Object.entries(baseMetrics).every(([name, values]) => {
    const value = metrics.get(name);
    return value?.length === 1 && values.includes(value);
  });
}

/** Its tables take a tenth of a second to load, which only those wait for who meet such a vector. */
function calculate(vector: string): number | undefined {
  const { Cvss4P0 } = createRequire(import.meta.url)('ae-cvss-calculator') as typeof calculator;
  return new Cvss4P0(vector).calculateScores().overall;
}
