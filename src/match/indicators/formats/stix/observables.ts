import type { IndicatorKind } from '../../format.ts';
import type { EntryBatch } from '../../reading/entries.ts';
import { asRecord, textField } from '../../reading/json-items.ts';

const byType: ReadonlyMap<unknown, IndicatorKind> = new Map<unknown, IndicatorKind>([
  ['ipv4-addr', 'address'],
  ['ipv6-addr', 'address'],
  ['domain-name', 'domain'],
  ['url', 'url'],
  ['email-addr', 'email'],
]);
const hashTypes = new Set<unknown>(['file', 'artifact', 'x509-certificate']);

/** True for an object that is itself a value: bundles of plain observables have no indicator beside them. */
export function isObservable(object: Readonly<Record<string, unknown>>): boolean {
  return byType.has(object['type']) || hashTypes.has(object['type']);
}

export function addObservable(
  batch: EntryBatch,
  object: Readonly<Record<string, unknown>>,
  at: { byte: number },
): void {
  const details = { description: textField(object, 'x_opencti_description') ?? 'observable' };
  const kind = byType.get(object['type']);
  const value = textField(object, 'value');
  if (kind !== undefined && value !== undefined) batch.add(kind, value, at, details);
  const hashes = hashTypes.has(object['type']) ? asRecord(object['hashes']) : undefined;
  for (const name of ['MD5', 'SHA-1', 'SHA-256']) {
    const hash = hashes === undefined ? undefined : textField(hashes, name);
    if (hash !== undefined) batch.add('md5', hash, at, details);
  }
  // Beside a digest the name only says what the file was called once.
  const name = object['type'] === 'file' && hashes === undefined ? textField(object, 'name') : undefined;
  if (name !== undefined) batch.add('file', name, at, details);
}
