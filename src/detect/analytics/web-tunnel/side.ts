import type { LocalNetworks } from '../../../base/networks.ts';
import type { Entity } from '../../../events/entity.ts';

/** An end of a connection: a machine of ours is a host, another an address. */
export function sideOf(value: string, networks: LocalNetworks): Entity {
  return { kind: networks.isLocal(value) ? 'host' : 'address', value };
}
