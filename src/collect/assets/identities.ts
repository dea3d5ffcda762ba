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
  const networks = assets
    .flatMap((asset) => (asset.range === undefined ? [] : [{ asset, range: asset.range }]))
    .sort((a, b) => Number(a.range.last - a.range.first - (b.range.last - b.range.first)));
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
      const number = parseIp(ip);
      const around = networks.find(
        ({ range }) => number !== undefined && number >= range.first && number <= range.last,
      );
      return around === undefined ? undefined : { asset: around.asset, by: 'range' };
    },
  };
}
