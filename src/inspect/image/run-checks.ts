import type { Entity } from '../../events/entity.ts';
import type { Reason } from '../../events/finding.ts';
import type { Claim } from '../claim.ts';
import type { Check, Fault, Scene } from './check.ts';
import { checks } from './checks/registry.generated.ts';
import { podName } from './inputs/kubernetes/pod.ts';
import { formatPlace } from './inputs/place.ts';

export const allChecks: readonly Check[] = Object.values(checks);

export interface ChecksResult {
  readonly claims: readonly Claim[];
  /** Detectors that had something to look at. */
  readonly ran: readonly string[];
}

/** Asks every check about everything that stands in a scene. */
export function runChecks(scene: Scene, asked: readonly Check[] = allChecks): ChecksResult {
  const claims: Claim[] = [];
  const ran: string[] = [];
  for (const check of asked) {
    const subjects = subjectsOf(check, scene);
    if (subjects.length > 0) ran.push(`checks/${check.id}`);
    for (const { name, kind, entities, faults } of subjects) {
      for (const fault of faults) claims.push(claimOf(check, fault, `${kind} ${name}`.trim(), entities));
    }
  }
  return { claims, ran };
}

/** One thing that a check is asked about. */
interface Subject {
  /** How a sentence begins that is about it: `container`, then its name. */
  readonly kind: string;
  readonly name: string;
  readonly entities: readonly Entity[];
  readonly faults: Iterable<Fault>;
}

function subjectsOf(check: Check, scene: Scene): Subject[] {
  const subjects: Subject[] = [];
  const add = (kind: string, name: string, faults: Iterable<Fault> | undefined, entities: readonly Entity[]): void => {
    if (faults !== undefined) subjects.push({ kind, name, entities, faults });
  };
  for (const workload of scene.workloads) {
    const { name, image, origin } = workload;
    const runs: Entity[] = image === undefined || image.value === '' ? [] : [{ kind: 'image', value: image.value }];
    const kind = origin === 'compose' ? 'service' : 'container';
    add(kind, name, check.workload?.(workload, scene), [{ kind: 'container', value: name }, ...runs]);
  }
  for (const pod of scene.pods) {
    add('', podName(pod), check.pod?.(pod, scene), [{ kind: 'container', value: podName(pod) }]);
  }
  for (const object of scene.objects) add('', `${object.kind}/${object.name}`, check.object?.(object, scene), []);
  for (const build of scene.builds) {
    add('image of', build.path, check.build?.(build, scene), [{ kind: 'file', value: build.path }]);
  }
  if (scene.engine !== undefined) add('the engine', '', check.engine?.(scene.engine, scene), []);
  if (isCaptured(scene.host)) add('the host', '', check.host?.(scene.host, scene), []);
  return subjects;
}

function isCaptured({ sockets, firewalls, ufw, auditRules }: Scene['host']): boolean {
  return [sockets, firewalls, ufw, auditRules].some(({ length }) => length > 0);
}

function claimOf(check: Check, fault: Fault, subject: string, entities: readonly Entity[]): Claim {
  const { at } = fault;
  return {
    detector: `checks/${check.id}`,
    title: check.title,
    sentence: `${subject} ${fault.what}`,
    severity: fault.severity ?? check.severity,
    score: fault.score ?? 1,
    path: at.path,
    ...(at.line === undefined ? {} : { line: at.line }),
    about: [subject, at.pointer ?? '', fault.what],
    entities: uniqueEntities([...entities, ...(fault.entities ?? [])]),
    attack: check.attack,
    reasons: reasonsOf(check, fault),
    vanishes: fault.vanishes ?? check.vanishes,
    next: fault.fix ?? check.fix,
  };
}

function reasonsOf(check: Check, fault: Fault): Reason[] {
  const published = check.references.map(({ of, id }) => (of === 'docs' || of === 'CWE' ? id : `${of}: ${id}`));
  return [
    { what: 'where', value: formatPlace(fault.at) },
    ...(fault.reasons ?? []),
    { what: 'why', value: check.why },
    ...(published.length === 0 ? [] : [{ what: 'reference', value: published.join(', ') }]),
  ];
}

function uniqueEntities(entities: readonly Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [`${entity.kind} ${entity.value}`, entity])).values()];
}
