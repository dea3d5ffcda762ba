import { entityKey, type Entity } from '../events/entity.ts';
import type { EvidencePointer, Finding } from '../events/finding.ts';
import { maxPointers } from '../detect/make-finding.ts';

/** Entities that a sum keeps: a rule that fires on everything must not make one finding about all of it. */
const maxEntities = 60;

/** One finding of two with the same id, that stand on different rows: what the worse of them says, of the rows of both. */
export function addFindings(a: Finding, b: Finding): Finding {
  const [first, later] = a.first_seen <= b.first_seen ? [a, b] : [b, a];
  const worse = b.score > a.score ? b : a;
  return {
    ...worse,
    first_seen: first.first_seen,
    last_seen: Math.max(a.last_seen, b.last_seen),
    count: a.count + b.count,
    entities: unique([...worse.entities, ...a.entities, ...b.entities]),
    attack: [...new Set([...worse.attack, ...a.attack, ...b.attack])],
    evidence: pointersOfBoth(first.evidence, later.evidence),
  };
}

function unique(entities: readonly Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [entityKey(entity), entity])).values()].slice(0, maxEntities);
}

/** The earliest, and the last one. */
function pointersOfBoth(first: readonly EvidencePointer[], later: readonly EvidencePointer[]): EvidencePointer[] {
  const all = [...new Map([...first, ...later].map((each) => [`${each.evidence_id} ${each.at}`, each])).values()];
  return all.length <= maxPointers ? all : [...all.slice(0, maxPointers - 1), ...all.slice(-1)];
}
