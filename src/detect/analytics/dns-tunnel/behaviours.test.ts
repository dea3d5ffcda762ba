import { describe, expect, it } from 'vitest';
import { dnsScene } from '../../../../tests/support/dns/scene.ts';
import type { Tunnel } from '../../../../tests/support/dns/tunnels.ts';
import { findingsOf } from '../../../../tests/support/event-store.ts';
import { severityRank, type Finding } from '../../../events/finding.ts';
import { analytic } from './index.ts';

const seeds = [1, 2, 3, 4];

function isAbout(finding: Finding, tunnel: Tunnel): boolean {
  return finding.entities.some((entity) => entity.kind === 'domain' && entity.value === tunnel.domain);
}

/** Bytes that the finding says, from `about 1.7 kB in 60 names`. */
function bytesSaid(finding: Finding): number {
  const said = finding.reasons.find((reason) => reason.what === 'data that the names can carry')?.value ?? '';
  const { amount = '0', unit = '' } = /about (?<amount>[\d.]+) (?<unit>k?)B/.exec(said)?.groups ?? {};
  return Number(amount) * (unit === 'k' ? 1000 : 1);
}

describe('tunnels in the look-ups of a network', () => {
  it.each(seeds)('are all found, and nothing else is (seed %i)', async (seed) => {
    const { events, tunnels } = dnsScene(seed, true);
    const findings = (await findingsOf(analytic, events)).filter(
      (finding) => severityRank(finding.severity) >= severityRank('medium'),
    );
    const missed = tunnels.filter((tunnel) => !findings.some((finding) => isAbout(finding, tunnel)));
    expect(missed.map((tunnel) => tunnel.what)).toEqual([]);
    expect(findings.filter((finding) => !tunnels.some((tunnel) => isAbout(finding, tunnel)))).toEqual([]);
    const misjudged = tunnels.filter((tunnel) => {
      const finding = findings.find((one) => isAbout(one, tunnel));
      const ratio = finding === undefined ? 0 : bytesSaid(finding) / tunnel.bytes;
      return ratio < 0.5 || ratio > 2;
    });
    expect(misjudged.map((tunnel) => tunnel.what)).toEqual([]);
  });

  it.each(seeds.slice(0, 2))('are not seen where there are none (seed %i)', async (seed) => {
    const { events } = dnsScene(seed + 500, false);
    const findings = await findingsOf(analytic, events);
    expect(findings.filter((finding) => severityRank(finding.severity) >= severityRank('medium'))).toEqual([]);
  });
});
