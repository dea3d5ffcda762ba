import type { Entity } from '../../../events/entity.ts';
import { entityKey } from '../../../events/entity.ts';
import type { EvidencePointer, Finding, Reason } from '../../../events/finding.ts';
import { makeFinding, maxPointers } from '../../make-finding.ts';
import { senseOf, type Direction } from './direction.ts';
import { compareTexts, countEvents, type CaseOfOne } from './grouping.ts';
import { scoreOf, severityFor } from './judge.ts';
import { listReasons, sightingReasons, techniquesOf, titleOf, type Told } from './words.ts';

/**
 * Listed things that make a finding of their own for one machine and sense; the others are told together. Scanners on
 * lists try every open port: those that were refused are always told together.
 */
const ownFindings: Readonly<Record<Direction, number>> = {
  outward: 50,
  resolved: 50,
  file: 50,
  mail: 20,
  login: 50,
  answered: 20,
  refused: 1,
  passing: 20,
};
/** Listed things that a finding about many names as entities. */
const namedSubjects = 20;
/** Observed names that are shown beside a listed domain. */
const namedValues = 5;

export function findingsOf(cases: readonly CaseOfOne[]): Finding[] {
  const byHost = Map.groupBy(cases, (each) => JSON.stringify([senseOf(each.direction), each.host]));
  return [...byHost.values()].flatMap(findingsOfHost);
}

function findingsOfHost(cases: readonly CaseOfOne[]): Finding[] {
  const [first] = cases;
  if (first === undefined) return [];
  const most = ownFindings[first.direction];
  const ranked = cases.map(toldOf).sort(byWeight);
  if (ranked.length <= most) return ranked.map((told) => finding([told]));
  const own = most === 1 ? 0 : most;
  return [...ranked.slice(0, own).map((told) => finding([told])), finding(ranked.slice(own))];
}

function toldOf(each: CaseOfOne): Told {
  return { ...each, count: countEvents(each.sightings), score: scoreOf(each) };
}

function byWeight(a: Told, b: Told): number {
  return b.score - a.score || b.count - a.count || compareTexts(entityKey(a.subject), entityKey(b.subject));
}

/** One finding about the things told, which all concern one machine in one sense; the first weighs most. */
function finding(told: readonly Told[]): Finding {
  const [first, ...others] = told;
  if (first === undefined) throw new RangeError('a finding needs a subject');
  const sightings = told.flatMap((each) => each.sightings);
  const refs = told.flatMap((each) => each.refs);
  const lists = [...new Set(refs.map((ref) => ref.list))].sort();
  const isMany = others.length > 0;
  return makeFinding({
    about: [senseOf(first.direction), first.host ?? '', isMany ? 'many' : entityKey(first.subject)],
    detector: 'analytics/indicator',
    title: titleOf(told, lists),
    severity: severityFor(first.direction, told),
    score: first.score,
    first_seen: sightings.reduce((least, each) => Math.min(least, each.first), Number.POSITIVE_INFINITY),
    last_seen: sightings.reduce((most, each) => Math.max(most, each.last), Number.NEGATIVE_INFINITY),
    entities: entitiesOf(told),
    attack: techniquesOf(refs),
    reasons: [
      ...countReason(told),
      ...listReasons(refs, first.score),
      ...sightingReasons(sightings, first.subject, namedValues),
    ],
    evidence: pointersOf(told),
    count: told.reduce((sum, each) => sum + each.count, 0),
    vanishes: isMany
      ? `they are taken off ${lists.join(', ')}, expire there, or are on a warning list`
      : `"${first.subject.value}" is taken off ${lists.join(', ')}, expires there, or is on a warning list`,
    next: nextStep(first),
  });
}

function countReason(told: readonly Told[]): Reason[] {
  return told.length === 1 ? [] : [{ what: 'listed things', value: String(told.length) }];
}

function entitiesOf(told: readonly Told[]): Entity[] {
  const all = new Map<string, Entity>();
  const add = (entity: Entity): unknown => all.set(entityKey(entity), entity);
  const [first] = told;
  if (first?.host !== null && first !== undefined) add({ kind: 'host', value: first.host });
  for (const each of told.slice(0, namedSubjects)) add(each.subject);
  const sightings = told.flatMap((each) => each.sightings);
  const actors = sightings.flatMap((each) => actorsOf(each.host ?? first?.host ?? null, each));
  for (const actor of actors.sort((a, b) => compareTexts(entityKey(a), entityKey(b))).slice(0, namedSubjects)) {
    add(actor);
  }
  return [...all.values()];
}

function actorsOf(host: string | null, sighting: Told['sightings'][number]): Entity[] {
  const { pid, process, container, user } = sighting;
  return [
    ...(pid !== null && process !== null && host !== null
      ? [{ kind: 'process', value: `${host}/${pid}/${process}` } as const]
      : []),
    ...(container !== null && container !== '' ? [{ kind: 'container', value: container } as const] : []),
    ...(user !== null ? [{ kind: 'user', value: user } as const] : []),
  ];
}

/** The first and last event, and others evenly between. */
function pointersOf(told: readonly Told[]): EvidencePointer[] {
  const all = told
    .flatMap((each) => each.sightings)
    .flatMap((each) => [
      { time: each.first, evidence_id: each.evidenceId, at: each.firstAt },
      { time: each.last, evidence_id: each.evidenceId, at: each.lastAt },
    ])
    .sort((a, b) => a.time - b.time || a.evidence_id - b.evidence_id || a.at - b.at)
    .filter(
      (each, index, list) => each.at !== list[index - 1]?.at || each.evidence_id !== list[index - 1]?.evidence_id,
    );
  const kept =
    all.length <= maxPointers
      ? all
      : Array.from(
          { length: maxPointers },
          (_none, index) => all[Math.round((index * (all.length - 1)) / (maxPointers - 1))],
        );
  return kept.flatMap((each) => (each === undefined ? [] : [{ evidence_id: each.evidence_id, at: each.at }]));
}

function nextStep({ direction, subject, host }: Told): string {
  const column = subject.kind === 'address' ? 'destination_ip' : undefined;
  const isSafe = /^[\w.:-]+$/.test(subject.value);
  if (direction === 'refused' || direction === 'passing') {
    return 'nothing to do unless it comes again and is answered; block it at the border';
  }
  if (direction === 'login') return `find out who logged in at ${host ?? 'the machine'} and what that session did`;
  if (direction === 'file') return 'isolate the file, and look for what wrote it and what it started';
  if (column !== undefined && isSafe) {
    return `find the process behind it: vakthund hunt "SELECT * FROM socket WHERE ${column} = '${subject.value}'"`;
  }
  if (subject.kind === 'domain' && isSafe) {
    return `see who asked for it: vakthund hunt "SELECT * FROM dns WHERE dns_question_name LIKE '%${subject.value}'"`;
  }
  return `look at what ${host ?? 'the machine'} did before and after`;
}
