import { severityRank } from '../events/finding.ts';
import { tactics, type Tactic } from './attack-tactics.ts';
import type { Claim } from './claim.ts';
import type { CorrelationContext } from './context.ts';

/** A score out of a foreign detector may be anything: what is no number between 0 and 1 is bounded to it. */
export function scoreOf(claim: Claim): number {
  const { score } = claim.lead;
  return Number.isFinite(score) ? Math.min(Math.max(score, 0), 1) : 0;
}

export function bestOf(claims: readonly Claim[]): Claim {
  return claims.reduce((best, claim) => {
    const more = severityRank(claim.severity) - severityRank(best.severity);
    return more > 0 || (more === 0 && scoreOf(claim) > scoreOf(best)) ? claim : best;
  });
}

export function tacticsOf(claims: readonly Claim[]): Tactic[] {
  const reached = new Set(claims.flatMap((claim) => claim.tactics));
  return tactics.filter((tactic) => reached.has(tactic));
}

/** Machines that it happened on, in order of first appearance. */
export function subjectsOf(claims: readonly Claim[]): string[] {
  return [...new Set(claims.flatMap((claim) => claim.subject ?? []))];
}

/** Rules of one plug-in share what it can be wrong about, so they count once. */
export function detectorsOf(claims: readonly Claim[]): number {
  return new Set(claims.map((claim) => claim.lead.detector.split('/', 2).join('/'))).size;
}

/** Independent sources: the formats that the evidence came from; where those are not known, the tools of imported alerts and ourselves. */
export function sourcesOf(claims: readonly Claim[], context: CorrelationContext): number {
  const sources = new Set<string>();
  for (const { lead, findings } of claims) {
    const known = findings
      .flatMap((finding) => finding.evidence)
      .flatMap((at) => context.evidenceSource?.(at.evidence_id) ?? []);
    for (const source of known) sources.add(source);
    if (known.length > 0) continue;
    sources.add(lead.detector.startsWith('alerts/') ? (lead.detector.split('/')[1] ?? 'alerts') : 'own');
  }
  return sources.size;
}
