import type { Micros } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Reason, Severity } from '../../../events/finding.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import type { Claim } from '../../claim.ts';
import type { HostProcess } from '../proc/process.ts';
import { isWholePath } from '../../../match/indicators/values/file.ts';
import type { Hit } from './hits.ts';

/** Where something listed was found; the id is the last part of the detector. */
const places = {
  program: { severity: 'critical', score: 0.95, title: 'process whose program' },
  connection: { severity: 'high', score: 0.9, title: 'connection to what' },
  'command-line': { severity: 'high', score: 0.8, title: 'command line that names what' },
  file: { severity: 'high', score: 0.9, title: 'file that' },
  path: { severity: 'high', score: 0.75, title: 'file in a place that' },
  name: { severity: 'medium', score: 0.5, title: 'file with a name that' },
  text: { severity: 'medium', score: 0.6, title: 'file that names what' },
  log: { severity: 'low', score: 0.3, title: 'log that names what' },
} as const satisfies Record<string, { readonly severity: Severity; readonly score: number; readonly title: string }>;
export type SweepPlace = keyof typeof places;
export const sweepDetectors = Object.keys(places).map((place) => `sweep/${place}`);

export interface Found {
  readonly place: SweepPlace;
  readonly hit: Hit;
  readonly path: string;
  readonly host: string | undefined;
  readonly process?: HostProcess;
  readonly time?: Micros | undefined;
  readonly facts?: readonly Reason[];
  /** SHA-256 of the file, where it is known. */
  readonly sha256?: string | undefined;
}

/** A path that a list names says more than a name, which may lie anywhere. */
export function placeOfName({ value }: IndicatorRef): 'path' | 'name' {
  return isWholePath(value) ? 'path' : 'name';
}

/** What was found, told with the list that names it. */
export function sweepClaim(found: Found): Claim {
  const { place, hit, path, time, facts = [], sha256 } = found;
  const { severity, score, title } = places[place];
  const { ref, seen, line } = hit;
  const said = ref.description === null || ref.description === '' ? '' : ` (${ref.description.slice(0, 200)})`;
  const sure = ref.confidence === null ? 1 : Math.min(1, Math.max(0.2, ref.confidence / 100));
  return {
    detector: `sweep/${place}`,
    title: `${title} ${ref.list} lists`,
    sentence: `${subjectOf(found)} ${verbs[place]} ${(place === 'name' ? ref.value : seen).slice(0, 200)}, listed by ${ref.list}${said}`,
    severity,
    score: Math.round(score * sure * 1000) / 1000,
    path,
    ...(line === undefined ? {} : { line }),
    ...(time === undefined ? {} : { time }),
    about: [ref.kind, ref.value],
    entities: entitiesOf(found),
    attack: [],
    reasons: [
      { what: `listed as ${ref.kind} by ${ref.list}`, value: ref.value, weight: score },
      ...(said === '' ? [] : [{ what: 'the list says', value: said.trim() }]),
      ...(ref.confidence === null ? [] : [{ what: 'confidence of the list', value: String(ref.confidence) }]),
      ...(sha256 === undefined ? [] : [{ what: 'SHA-256', value: sha256 }]),
      ...facts,
    ],
    vanishes: `${ref.list} did not list ${ref.value}`,
    next: nextOf(found),
  };
}

const verbs: Readonly<Record<SweepPlace, string>> = {
  program: 'runs',
  connection: 'is connected to',
  'command-line': 'was started with',
  file: 'has the digest',
  path: 'has or uses the path',
  name: 'has the name',
  text: 'names',
  log: 'names',
};

function subjectOf({ process, path }: Found): string {
  return process === undefined ? path : `process ${process.pid} (${process.name})`;
}

function entitiesOf({ hit: { ref }, path, host, process, sha256 }: Found): Entity[] {
  const entities: Entity[] = host === undefined ? [] : [{ kind: 'host', value: host }];
  if (process === undefined) entities.push({ kind: 'file', value: host === undefined ? path : `${host}:${path}` });
  else entities.push({ kind: 'process', value: `${host ?? ''}/${process.pid}/${process.name}` });
  if (process?.executable !== undefined) entities.push({ kind: 'executable', value: process.executable });
  const listed = entityKind(ref);
  if (listed !== undefined) entities.push({ kind: listed, value: ref.value });
  if (sha256 !== undefined && ref.value !== sha256) entities.push({ kind: 'file-hash', value: sha256 });
  return entities;
}

function entityKind({ kind }: IndicatorRef): Entity['kind'] | undefined {
  switch (kind) {
    case 'address':
    case 'domain':
    case 'url':
    case 'user-agent':
      return kind;
    case 'md5':
    case 'sha1':
    case 'sha256':
      return 'file-hash';
    case 'ja3':
      return 'tls-fingerprint';
    case 'cidr':
    case 'email':
    case 'file':
      return undefined;
  }
}

function nextOf({ process, path, place }: Found): string {
  if (process !== undefined) {
    return `Look at it before you end it: ls -l /proc/${process.pid}/exe /proc/${process.pid}/fd; copy /proc/${process.pid}/exe away first.`;
  }
  return place === 'file' || place === 'path' || place === 'name'
    ? `Keep a copy, and find out who put it there: stat ${path}`
    : `Read the place, and find out who wrote it: ${path}`;
}
