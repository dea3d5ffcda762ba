import { describe, expect, it } from 'vitest';
import { flowScene } from '../../../../tests/support/flows/scene.ts';
import type { Theft } from '../../../../tests/support/flows/thefts.ts';
import { findingsOf } from '../../../../tests/support/event-store.ts';
import { severityRank, type Finding } from '../../../events/finding.ts';
import { analytic } from './index.ts';

const seeds = [1, 2, 3, 4, 5, 6];

function isAbout(finding: Finding, theft: Theft): boolean {
  const values = finding.entities.map((entity) => entity.value);
  return values.includes(theft.source) && values.includes(theft.place);
}

async function telling(seed: number, withThefts: boolean): Promise<{ findings: Finding[]; thefts: readonly Theft[] }> {
  const { events, thefts } = flowScene(seed, withThefts);
  const findings = await findingsOf(analytic, events);
  return { findings: findings.filter((finding) => severityRank(finding.severity) >= severityRank('medium')), thefts };
}

describe('thefts in the traffic of a company', () => {
  it.each(seeds)('are all found, and nothing else is (seed %i)', async (seed) => {
    const { findings, thefts } = await telling(seed, true);
    const missed = thefts.filter((theft) => !findings.some((finding) => isAbout(finding, theft)));
    expect(missed.map((theft) => theft.what)).toEqual([]);
    expect(findings.filter((finding) => !thefts.some((theft) => isAbout(finding, theft)))).toEqual([]);
  });

  it.each(seeds)('are not seen where there are none (seed %i)', async (seed) => {
    const { findings } = await telling(seed + 500, false);
    expect(findings).toEqual([]);
  });
});
