import { stableId } from '../base/id.ts';
import type { Incident } from '../events/incident.ts';
import type { Claim } from './claim.ts';
import { inTimeOrder } from './claims.ts';
import { isAtLeast } from './measures.ts';

/**
 * The id comes from the earliest finding that is at least medium (the earliest of all when none is): findings that are
 * added later, and low ones whenever, do not change it.
 */
export function incidentId(claims: readonly Claim[]): string {
  const findings = claims.filter((claim) => !claim.isWeakness).flatMap((claim) => claim.findings);
  const strong = findings.filter((finding) => isAtLeast(finding.severity, 'medium'));
  const [anchor] = (strong.length > 0 ? strong : findings).sort(inTimeOrder);
  return stableId('inc-', [anchor?.id ?? '']);
}

/**
 * Where evidence that came later reaches further back, the earliest finding is another one: an incident that holds more
 * than half of the findings of one from the run before takes over its id, each id once.
 */
export function keepIds(incidents: readonly Incident[], previous: readonly Incident[]): Incident[] {
  const byFinding = new Map(previous.flatMap((old) => old.findings.map((finding) => [finding, old] as const)));
  const taken = new Set(incidents.map((incident) => incident.id));
  return incidents.map((incident) => {
    const old = largestShare(incident, byFinding);
    if (old === undefined || old.id === incident.id || taken.has(old.id)) return incident;
    taken.add(old.id);
    return { ...incident, id: old.id };
  });
}

function largestShare(incident: Incident, byFinding: ReadonlyMap<string, Incident>): Incident | undefined {
  const shared = new Map<Incident, number>();
  for (const finding of incident.findings) {
    const old = byFinding.get(finding);
    if (old !== undefined) shared.set(old, (shared.get(old) ?? 0) + 1);
  }
  return [...shared].find(([old, count]) => count > old.findings.length / 2)?.[0];
}
