import { parseIp } from '../../base/ip.ts';
import type { Asset } from './asset.ts';

/** How a machine was recognised, surest first. */
export const recognitions = ['list', 'mac', 'name', 'range'] as const;
export type Recognition = (typeof recognitions)[number];

export interface Recognised {
  readonly asset: Asset;
  readonly by: Recognition;
}

/** What the store knows of a local address. */
export interface KnownAddress {
  readonly ip: string;
  readonly mac: string | null;
  readonly names: readonly string[];
}

/** Which asset a value or an address is. The first entry of a list counts where two claim the same. */
export interface Identities {
  /** An asset by a name, address, hardware address or account name that its entry lists. */
  listed(kind: 'host' | 'user', value: string): Asset | undefined;
  /** By its own entry, by hardware address, by a name that it had, or by the smallest network that holds it. */
  recognise(address: KnownAddress): Recognised | undefined;
}

export function createIdentities(assets: readonly Asset[]): Identities {
  const byValue = new Map<string, Asset>();
  for (const asset of assets) {
    for (const value of asset.also) {
      const key = `${asset.kind} ${value}`;
      if (!byValue.has(key)) byValue.set(key, asset);
    }
  }
  const networkOf = createNetworkSearch(assets);
  const listed = (kind: string, value: string): Asset | undefined => byValue.get(`${kind} ${value.toLowerCase()}`);
  return {
    listed,
    recognise({ ip, mac, names }) {
      const own = listed('host', ip);
      if (own !== undefined) return { asset: own, by: 'list' };
      const card = mac === null ? undefined : listed('host', mac);
      if (card !== undefined) return { asset: card, by: 'mac' };
      for (const name of names) {
        const named = listed('host', name) ?? listed('host', name.split('.', 1)[0] ?? name);
        if (named !== undefined) return { asset: named, by: 'name' };
      }
      const around = networkOf(ip);
      return around === undefined ? undefined : { asset: around, by: 'range' };
    },
  };
}

/** The smallest network that holds an address. Networks in CIDR notation lie inside or outside each other, never across. */
function createNetworkSearch(assets: readonly Asset[]): (ip: string) => Asset | undefined {
  const networks = assets
    .flatMap((asset) => (asset.range === undefined ? [] : [{ asset, ...asset.range }]))
    // Those that begin together stand the larger first, so that the one around a network stands before it.
    .sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  const parents: number[] = [];
  for (const [index, { first }] of networks.entries()) {
    let parent = index - 1;
    while (parent >= 0 && (networks[parent]?.last ?? 0n) < first) parent = parents[parent] ?? -1;
    parents.push(parent);
  }
  return (ip) => {
    const number = parseIp(ip);
    if (number === undefined) return undefined;
    let at = lastBegun(networks, number);
    while (at >= 0 && (networks[at]?.last ?? 0n) < number) at = parents[at] ?? -1;
    return networks[at]?.asset;
  };
}

/** Index of the last network that begins at or before the number; -1 when none does. */
function lastBegun(networks: readonly { readonly first: bigint }[], number: bigint): number {
  let low = 0;
  let high = networks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((networks[middle]?.first ?? 0n) <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function compare(a: bigint, b: bigint): number {
  return Number(a > b) - Number(a < b);
}
