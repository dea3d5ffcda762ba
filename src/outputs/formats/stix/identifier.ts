import { createHash } from 'node:crypto';

/** Namespace of the ids of observables (STIX 2.1, 2.9): every producer gives the same observable the same id. */
const observableNamespace = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Ours, for everything else: the same case gives the same bundle. */
const ownNamespace = '6f1d3f4e-9a53-5c0f-8c59-0f7b8d0f2a11';

/** Id of an observable from the properties that the specification names for its type, as canonical JSON. */
export function observableId(type: string, properties: Readonly<Record<string, unknown>>): string {
  return `${type}--${hashedUuid(observableNamespace, canonical(properties))}`;
}

/** Id of an object of ours, from what makes it the same one. */
export function ownId(type: string, ...parts: readonly string[]): string {
  return `${type}--${hashedUuid(ownNamespace, JSON.stringify([type, ...parts]))}`;
}

/**
 * Id of an observable whose type has no properties that make it one, so that the specification wants version 4 (STIX 2.1, 2.9). It is drawn from
 * what makes it the same one here instead of by chance: the same case gives the same bundle.
 */
export function unsharedId(type: string, ...parts: readonly string[]): string {
  return `${type}--${hashedUuid(ownNamespace, JSON.stringify([type, ...parts]), 4)}`;
}

/** RFC 9562, version 5; with the bits of another version for ids that must not be taken for such names. */
function hashedUuid(namespace: string, name: string, version: 4 | 5 = 5): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name.toWellFormed())
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** RFC 8785 for texts and objects of them: keys in order, no blanks. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
