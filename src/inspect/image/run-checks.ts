import { append } from '../../base/multimap.ts';
import type { Entity } from '../../events/entity.ts';
import type { Reason } from '../../events/finding.ts';
import type { Claim } from '../claim.ts';
import type { Check, Fault, Scene } from './check.ts';
import { checks } from './checks/registry.generated.ts';
import { podName } from './inputs/kubernetes/pod.ts';
import { formatPlace, type Place } from './inputs/place.ts';

export const allChecks: readonly Check[] = Object.values(checks);

export interface ChecksResult {
  readonly claims: readonly Claim[];
  /** Detectors that had something to look at. */
  readonly ran: readonly string[];
}

/** How a person calls the file at a path of the scene; any other text stays as it is. */
export type NameOf = (path: string) => string;

/** Asks every check about everything that stands in a scene. Files are told by `nameOf`; ids are made of their paths in the scene. */
export function runChecks(
  scene: Scene,
  asked: readonly Check[] = allChecks,
  nameOf: NameOf = (path) => path,
): ChecksResult {
  const claims: Claim[] = [];
  const ran: string[] = [];
  for (const check of asked) {
    const subjects = subjectsOf(check, scene);
    if (subjects.length > 0) ran.push(`checks/${check.id}`);
    for (const subject of subjects) {
      for (const fault of subject.faults) claims.push(claimOf(check, fault, subject, nameOf));
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

type Asked = (kind: string, name: string, faults: Iterable<Fault> | undefined, entities: readonly Entity[]) => void;

function subjectsOf(check: Check, scene: Scene): Subject[] {
  const subjects: Subject[] = [];
  const ask: Asked = (kind, name, faults, entities) => {
    if (faults !== undefined) subjects.push({ kind, name, entities, faults });
  };
  askWorkloads(check, scene, ask);
  askCluster(check, scene, ask);
  askImages(check, scene, ask);
  if (scene.engine !== undefined) ask('the engine', '', check.engine?.(scene.engine, scene), []);
  if (isCaptured(scene.host)) ask('the host', '', check.host?.(scene.host, scene), []);
  return subjects;
}

function askWorkloads(check: Check, scene: Scene, ask: Asked): void {
  for (const workload of scene.workloads) {
    const { name, image, origin } = workload;
    const runs: Entity[] = image === undefined || image.value === '' ? [] : [{ kind: 'image', value: image.value }];
    const kind = origin === 'compose' ? 'service' : 'container';
    ask(kind, name, check.workload?.(workload, scene), [{ kind: 'container', value: name }, ...runs]);
  }
}

function askCluster(check: Check, scene: Scene, ask: Asked): void {
  for (const pod of scene.pods) {
    const name = podName(pod);
    ask('', name, check.pod?.(pod, scene), [{ kind: 'container', value: name }]);
  }
  for (const object of scene.objects) ask('', `${object.kind}/${object.name}`, check.object?.(object, scene), []);
}

function askImages(check: Check, scene: Scene, ask: Asked): void {
  for (const build of scene.builds) {
    ask('image of', build.path, check.build?.(build, scene), [{ kind: 'file', value: build.path }]);
  }
  for (const image of scene.images) {
    ask('image', image.name, check.image?.(image, scene), [{ kind: 'image', value: image.name }]);
  }
  for (const file of scene.files) {
    const { image } = file.origin;
    const inside: Entity[] = image === undefined ? [] : [{ kind: 'image', value: image }];
    ask('', file.path, check.file?.(file, scene), [...inside, { kind: 'file', value: file.path }]);
  }
}

function isCaptured({ sockets, firewalls, ufw, auditRules }: Scene['host']): boolean {
  return [sockets, firewalls, ufw, auditRules].some(({ length }) => length > 0);
}

function claimOf(check: Check, fault: Fault, { kind, name, entities }: Subject, nameOf: NameOf): Claim {
  const at = { ...fault.at, path: nameOf(fault.at.path) };
  const isFile = (value: string): boolean =>
    entities.some((entity) => entity.kind === 'file' && entity.value === value);
  const named = isFile(name) ? nameOf(name) : name;
  return {
    detector: `checks/${check.id}`,
    title: check.title,
    sentence: `${`${kind} ${named}`.trim()} ${fault.what}`,
    severity: fault.severity ?? check.severity,
    score: fault.score ?? 1,
    path: at.path,
    ...(at.path === fault.at.path ? {} : { key: fault.at.path }),
    ...(at.line === undefined ? {} : { line: at.line }),
    about: [`${kind} ${name}`.trim(), at.pointer ?? '', fault.what],
    entities: uniqueEntities([...entities, ...(fault.entities ?? [])], nameOf),
    attack: fault.attack ?? check.attack,
    reasons: reasonsOf(check, fault, at),
    vanishes: check.vanishes,
    next: check.fix,
  };
}

function reasonsOf(check: Check, fault: Fault, at: Place): Reason[] {
  const published = publishedAs(fault.references ?? check.references);
  return [
    { what: 'where', value: formatPlace(at) },
    ...(fault.reasons ?? []),
    { what: 'why', value: check.why },
    ...(published === '' ? [] : [{ what: 'reference', value: published }]),
  ];
}

/** `CIS Docker 1.6-1.8: 5.27, 4.6; CWE-798`; `CIS Docker 1.6: 2.14; CIS Docker 1.8: 2.15` where the numbers differ. */
function publishedAs(references: Check['references']): string {
  const byPublisher = new Map<string, string[]>();
  const isRenumbered = references.some(({ of }) => of === 'CIS Docker 1.8');
  for (const { of, id } of references) {
    const name = of === 'CIS Docker 1.6' && !isRenumbered ? 'CIS Docker 1.6-1.8' : of;
    const publisher = of === 'docs' || of === 'CWE' ? '' : `${name}: `;
    append(byPublisher, publisher, id);
  }
  return [...byPublisher].map(([publisher, ids]) => `${publisher}${ids.join(', ')}`).join('; ');
}

function uniqueEntities(entities: readonly Entity[], nameOf: NameOf): Entity[] {
  const named = entities.map((entity): Entity =>
    entity.kind === 'file' ? { ...entity, value: nameOf(entity.value) } : entity,
  );
  return [...new Map(named.map((entity) => [`${entity.kind} ${entity.value}`, entity])).values()];
}
