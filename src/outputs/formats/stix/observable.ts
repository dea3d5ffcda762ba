import { parseIp } from '../../../base/ip.ts';
import type { Entity, EntityKind } from '../../../events/entity.ts';
import { fileParts, hashAlgorithm, macAddress, processParts } from '../../entity-parts.ts';
import { observableId, unsharedId } from './identifier.ts';

export type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string };

const nameShape = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u;

/** The observables that stand for an entity, the one for itself first; none for what STIX has no observable for. */
export function observablesOf({ kind, value }: Entity): readonly StixObject[] {
  return byKind[kind]?.(value) ?? [];
}

const byKind: Readonly<Partial<Record<EntityKind, (value: string) => readonly StixObject[]>>> = {
  host: endpoint,
  address: endpoint,
  domain: endpoint,
  url: (value) => [observable('url', { value })],
  user: (value) => [observable('user-account', { account_login: value })],
  file: fileObjects,
  executable: fileObjects,
  'file-hash'(value) {
    const algorithm = hashAlgorithm(value);
    return algorithm === undefined ? [] : [observable('file', { hashes: { [algorithm]: value.toLowerCase() } })];
  },
  process: processObjects,
  device(value) {
    const mac = macAddress(value);
    return mac === undefined ? [] : [observable('mac-addr', { value: mac })];
  },
  package: (value) => [observable('software', { name: value })],
  image: (value) => [observable('software', { name: value })],
};

/** All properties given contribute to the id. */
function observable(type: string, properties: Readonly<Record<string, unknown>>): StixObject {
  return { type, spec_version: '2.1', id: observableId(type, properties), ...properties };
}

function endpoint(value: string): StixObject[] {
  if (parseIp(value) !== undefined) return [observable(value.includes(':') ? 'ipv6-addr' : 'ipv4-addr', { value })];
  return nameShape.test(value) ? [observable('domain-name', { value })] : [];
}

function fileObjects(value: string): StixObject[] {
  const { folder, name } = fileParts(value);
  if (name === '') return [];
  if (folder === '') return [observable('file', { name })];
  const directory = observable('directory', { path: folder });
  return [observable('file', { name, parent_directory_ref: directory.id }), directory];
}

/** A process has no properties that contribute to an id. */
function processObjects(value: string): StixObject[] {
  const parts = processParts(value);
  if (parts === undefined || parts.name === '') return [];
  const image = observable('file', { name: parts.name });
  return [
    {
      type: 'process',
      spec_version: '2.1',
      id: unsharedId('process', value),
      pid: parts.pid,
      image_ref: image.id,
    },
    image,
  ];
}

/** A STIX pattern that matches the far side of a finding; undefined where an entity is ours or cannot be told by a pattern. */
export function patternOf({ kind, value }: Entity): string | undefined {
  const text = quoted(value);
  if (kind === 'url') return `[url:value = ${text}]`;
  if (kind === 'address' || kind === 'domain') {
    const [object] = endpoint(value);
    return object === undefined ? undefined : `[${object.type}:value = ${text}]`;
  }
  const algorithm = kind === 'file-hash' ? hashAlgorithm(value) : undefined;
  return algorithm === undefined ? undefined : `[file:hashes.'${algorithm}' = ${quoted(value.toLowerCase())}]`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
