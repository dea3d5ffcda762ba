import { passesOn, severityRank, type Severity } from '../events/finding.ts';
import type { Claim } from './claim.ts';
import { listHosts, type Labels } from './labels.ts';
import { isAtLeast } from './measures.ts';
import { oneLine } from './story.ts';
import { usedWeaknesses } from './weaknesses.ts';

const maxNext = 6;

/** What to do, most useful first: stop it, see who else, then what the strongest findings ask for, those of rules last. */
export function nextOf(claims: readonly Claim[], labels: Labels, severity: Severity): string[] {
  const byStrength = claims
    .filter((claim) => !claim.isWeakness)
    .sort(
      (a, b) => severityRank(b.severity) - severityRank(a.severity) || b.lead.score - a.lead.score || a.index - b.index,
    );
  const mending = usedWeaknesses(claims).map(({ claim }) => asStep(claim.lead.next));
  const steps = [
    ...containment(claims, labels, severity),
    ...mending,
    ...byTurns(byStrength.filter((claim) => !isOfRule(claim))).map(({ lead }) => asStep(lead.next)),
    ...byStrength.filter(isOfRule).map(({ lead }) => asStep(lead.next)),
  ];
  return [...new Set(steps.filter((step) => step !== ''))].slice(0, maxNext);
}

/** The first of each detector before the others: what a second finding of one asks for is mostly what the first did. */
function byTurns(claims: readonly Claim[]): Claim[] {
  const heard = new Set<string>();
  const [first, more]: [Claim[], Claim[]] = [[], []];
  for (const claim of claims) {
    (heard.has(claim.lead.detector) ? more : first).push(claim);
    heard.add(claim.lead.detector);
  }
  return [...first, ...more];
}

/** A rule knows what it matched, not what to do about it: steps of the detectors that do go before. */
function isOfRule({ lead }: Claim): boolean {
  return lead.detector.startsWith('rules/');
}

/** Detectors write a sentence or a clause; a command stays as it is. */
function asStep(text: string): string {
  const step = oneLine(text);
  return step.startsWith('vakthund ') ? step : step.charAt(0).toUpperCase() + step.slice(1);
}

function containment(claims: readonly Claim[], labels: Labels, severity: Severity): string[] {
  if (!isAtLeast(severity, 'high')) return [];
  const steps: string[] = [];
  const hosts = actingHosts(claims, labels);
  if (hosts.length > 0) {
    const them = hosts.length === 1 ? 'it' : 'them';
    steps.push(
      `Take ${listHosts(hosts)} off the network, but leave ${them} running: memory and processes are evidence.`,
    );
  }
  const far = farSides(claims, labels);
  if (far.length > 0) {
    const them = far.length === 1 ? 'it' : 'them';
    steps.push(`Block ${far.join(', ')} on the way out, and look which other hosts talk to ${them}.`);
  }
  return steps;
}

/** Without the machines that only passed on what others did. */
function actingHosts(claims: readonly Claim[], labels: Labels): string[] {
  const acting = claims.filter(({ lead }) => !lead.reasons.some(({ what }) => what === passesOn));
  const known = new Set(acting.flatMap((claim) => labels.hostOf(claim) ?? []));
  return labels.hosts.filter((host) => known.has(host));
}

/** Where it reports to or takes data to, at most three. */
function farSides(claims: readonly Claim[], labels: Labels): string[] {
  const outgoing = claims.filter((claim) =>
    claim.tactics.some((tactic) => tactic === 'command-and-control' || tactic === 'exfiltration'),
  );
  return [...new Set(outgoing.flatMap((claim) => labels.farOf(claim) ?? []))].map(oneLine).slice(0, 3);
}
