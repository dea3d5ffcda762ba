import { entityKey, type Entity, type EntityKind } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident, IncidentLink, StoryStep } from '../events/incident.ts';
import { claimsOf } from './claims.ts';
import type { Claim } from './claim.ts';
import type { CorrelationContext } from './context.ts';
import { growGroups, type Group } from './groups.ts';
import { keepIds, incidentId } from './identity.ts';
import { labelsOf } from './labels.ts';
import { findLinks } from './links.ts';
import { isAtLeast, measure, type Measures } from './measures.ts';
import { nextOf } from './next.ts';
import { riskOf } from './risk.ts';
import { storyOf } from './story.ts';
import { detectorsOf, tacticsOf } from './tally.ts';
import { titleOf } from './title.ts';
import { weaknessSteps } from './weaknesses.ts';

/** Low findings make an incident only together: this many detectors, and two tactics. */
const lowDetectors = 3;
const maxEntities = 60;

/**
 * Grows incidents out of findings, riskiest first. Pure: the same findings in any order, and with doubles, give the
 * same incidents. Findings that are in none of them stand on their own.
 */
export function correlate(findings: readonly Finding[], context: CorrelationContext): Incident[] {
  const claims = claimsOf(findings, context);
  const measures = measure(claims, context);
  const groups = growGroups(claims, findLinks(claims, measures));
  const incidents = groups.filter(isIncident).map((group) => incidentOf(group, claims, measures, context));
  return keepIds(incidents, context.previous ?? []).sort(byRisk);
}

function byRisk(a: Incident, b: Incident): number {
  if (a.risk !== b.risk) return b.risk - a.risk;
  if (a.last_seen !== b.last_seen) return b.last_seen - a.last_seen;
  return a.id < b.id ? -1 : 1;
}

function isIncident(group: Group): boolean {
  const acts = group.claims.filter((claim) => !claim.isWeakness);
  if (acts.some((claim) => isAtLeast(claim.severity, 'medium'))) return true;
  return detectorsOf(acts) >= lowDetectors && tacticsOf(acts).length >= 2;
}

function incidentOf(group: Group, all: readonly Claim[], measures: Measures, context: CorrelationContext): Incident {
  const { claims } = group;
  const labels = labelsOf(claims, measures);
  const { risk, severity, parts } = riskOf(claims, measures, context);
  const acts = claims.filter((claim) => !claim.isWeakness);
  return {
    id: incidentId(claims),
    title: titleOf(claims, labels),
    risk,
    severity,
    first_seen: Math.min(...acts.map((claim) => claim.first)),
    last_seen: Math.max(...acts.map((claim) => claim.last)),
    entities: entitiesOf(claims),
    attack: [...new Set(acts.flatMap((claim) => claim.findings).flatMap((finding) => finding.attack))],
    findings: claims.flatMap((claim) => claim.findings.map((finding) => finding.id)),
    story: withWeaknesses(storyOf(acts, labels), weaknessSteps(claims)),
    risk_parts: parts,
    next: nextOf(claims, labels, severity),
    links: linksOf(group, all),
  };
}

/** What made it possible stands right before what made use of it. */
function withWeaknesses(story: readonly StoryStep[], weaknesses: readonly StoryStep[]): StoryStep[] {
  return [...weaknesses, ...story].sort((a, b) => a.time - b.time);
}

/** The order in which people ask: where, to whom, who, by what. */
const kindsByInterest: readonly EntityKind[] = [
  'host',
  'container',
  'address',
  'domain',
  'user',
  'process',
  'executable',
  'file',
  'file-hash',
  'url',
  'vulnerability',
  'image',
  'package',
  'device',
  'tls-fingerprint',
  'user-agent',
];

function entitiesOf(claims: readonly Claim[]): Entity[] {
  const seen = new Map<string, { readonly entity: Entity; times: number }>();
  for (const entity of claims.flatMap((claim) => claim.findings).flatMap((finding) => finding.entities)) {
    const known = seen.get(entityKey(entity));
    if (known === undefined) seen.set(entityKey(entity), { entity, times: 1 });
    else known.times++;
  }
  const interest = ({ kind }: Entity): number => kindsByInterest.indexOf(kind);
  return [...seen.values()]
    .sort(
      (a, b) =>
        interest(a.entity) - interest(b.entity) || b.times - a.times || (a.entity.value < b.entity.value ? -1 : 1),
    )
    .slice(0, maxEntities)
    .map(({ entity: { kind, value } }) => ({ kind, value }));
}

function linksOf(group: Group, all: readonly Claim[]): IncidentLink[] {
  const idOf = (index: number): string => all[index]?.lead.id ?? '';
  return [...group.links]
    .sort((a, b) => b.weight - a.weight || a.a - b.a || a.b - b.b)
    .map(({ a, b, why, weight }) => ({
      from: idOf(a),
      to: idOf(b),
      why: why(),
      weight: Math.round(weight * 100) / 100,
    }));
}
