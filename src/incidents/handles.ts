import type { Entity, EntityKind } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import type { Draft, Handle, HandleCategory } from './claim.ts';
import type { CorrelationContext } from './context.ts';
import { entityKeyOf, findHostInside } from './keys.ts';
import type { Machines } from './machines.ts';
import { addressesAndNamesIn } from './mentions.ts';

const categories: Record<EntityKind, HandleCategory> = {
  host: 'place',
  container: 'place',
  process: 'thing',
  executable: 'trait',
  file: 'thing',
  'file-hash': 'thing',
  device: 'thing',
  address: 'far',
  domain: 'far',
  url: 'far',
  'tls-fingerprint': 'trait',
  'user-agent': 'trait',
  user: 'trait',
  image: 'trait',
  package: 'trait',
  vulnerability: 'trait',
};

/** A finding may carry any number of entities out of hostile evidence; these many are enough to hold it by. */
const maxHandles = 48;
const maxFindingsRead = 8;

export function handlesOf(
  draft: Draft,
  subjects: ReadonlySet<string>,
  machines: Machines,
  context: CorrelationContext,
): ReadonlyMap<string, Handle> {
  const handles = new Map<string, Handle>();
  const add = (key: string, entity: Entity, category: HandleCategory, role: Handle['role']): void => {
    if (handles.size < maxHandles && !handles.has(key)) handles.set(key, { key, entity, category, role });
  };
  if (draft.subject !== undefined) {
    add(draft.subject, { kind: 'host', value: subjectValue(draft, machines) }, 'place', 'own');
  }
  const read = draft.findings.slice(0, maxFindingsRead);
  for (const entity of read.flatMap((finding) => finding.entities)) {
    const key = keyOf(entity, draft.subject, machines, context);
    const isMachine = entity.kind === 'host' || (entity.kind === 'address' && subjects.has(key));
    if (isMachine) add(key, entity, 'place', 'peer');
    else add(key, entity, categories[entity.kind], 'own');
  }
  for (const entity of read.flatMap(mentionsOf)) {
    const key = keyOf(entity, draft.subject, machines, context);
    if (!subjects.has(key)) add(key, entity, 'far', 'named');
  }
  for (const handle of handles.values()) {
    if (handle.entity.kind !== 'domain' || handle.role !== 'own') continue;
    for (const value of context.resolvedTo?.(handle.key.slice('domain:'.length)).slice(0, maxHandles) ?? []) {
      const key = machines.keyOf(value);
      if (!subjects.has(key)) add(key, { kind: 'address', value }, 'far', 'resolved');
    }
  }
  return handles;
}

function keyOf(
  entity: Entity,
  subject: string | undefined,
  machines: Machines,
  { person }: CorrelationContext,
): string {
  if (entity.kind === 'host' || entity.kind === 'address') return machines.keyOf(entity.value);
  if (entity.kind === 'user') return entityKeyOf({ kind: 'user', value: person?.(entity.value) ?? entity.value });
  if (entity.kind !== 'file' && entity.kind !== 'process') return entityKeyOf(entity);
  const inside = findHostInside(entity);
  if (inside !== undefined) return `${entity.kind}:${machines.keyOf(inside)}${entity.value.slice(inside.length)}`;
  return `${entity.kind}:${subject ?? ''}:${entity.value}`;
}

function subjectValue(draft: Draft, machines: Machines): string {
  const named = draft.lead.entities.find(
    (entity) => entity.kind === 'host' && machines.keyOf(entity.value) === draft.subject,
  );
  if (named !== undefined) return named.value;
  return draft.lead.entities.map(findHostInside).find((host) => host !== undefined) ?? draft.subject ?? '';
}

/** Addresses and domains inside what a finding says: the callback in an exploit string is the far side of what comes next. */
function mentionsOf(finding: Finding): Entity[] {
  const texts = [...finding.reasons.map((reason) => reason.value), ...urlsOf(finding), finding.title];
  return addressesAndNamesIn(texts);
}

function urlsOf(finding: Finding): string[] {
  return finding.entities.filter((entity) => entity.kind === 'url').map((entity) => entity.value);
}
