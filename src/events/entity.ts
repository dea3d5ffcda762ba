/** What findings attach to, and incidents grow from. */
export const entityKinds = [
  'host',
  'process',
  'executable',
  'file',
  'file-hash',
  'container',
  'image',
  'user',
  'address',
  'domain',
  'url',
  'tls-fingerprint',
  'user-agent',
  'package',
  'vulnerability',
  'device',
] as const;
export type EntityKind = (typeof entityKinds)[number];

/**
 * One thing that a finding is about. `host` is a machine of ours, by name or address; `address` and `domain` are the
 * far side; `process` is `host/pid/name`; `file` is `host:path` where the host is known.
 */
export interface Entity {
  readonly kind: EntityKind;
  readonly value: string;
  /** In an incident, who or what it is as far as that is known: its owner and role, its network and country, its maker. */
  readonly about?: string | undefined;
}

export function entityKey(entity: Entity): string {
  return `${entity.kind}\u0000${entity.value}`;
}
