import { canonicalIp, parseCidr, type IpRange } from '../../base/ip.ts';

/** `network` stands for every machine in a range that is not listed itself. */
export type AssetKind = 'host' | 'user' | 'network';

/** A machine, a person or a network of the organisation, as its own list tells it. */
export interface Asset {
  readonly kind: AssetKind;
  readonly name: string;
  readonly owner: string | null;
  /** What it is for: `payment server`, `domain administrator`. */
  readonly role: string | null;
  /** Worth to the organisation, 0 to 1. */
  readonly criticality: number | null;
  readonly zone: string | null;
  /** Other names, addresses, hardware addresses, account names; in lower case. */
  readonly also: readonly string[];
  /** For a network. */
  readonly range?: IpRange;
}

export const assetColumns = ['name', 'also', 'address', 'mac', 'owner', 'role', 'criticality', 'zone'] as const;
export type AssetColumn = (typeof assetColumns)[number];

/** An entry as it is written, before it is checked. */
export interface AssetEntry {
  readonly kind: string;
  readonly fields: Partial<Readonly<Record<AssetColumn, readonly string[]>>>;
}

const levels: ReadonlyMap<string, number> = new Map([
  ['low', 0.25],
  ['medium', 0.5],
  ['high', 0.75],
  ['critical', 1],
]);

const maxText = 200;
const maxAliases = 200;

/** The asset of an entry, or what is wrong with it. */
export function toAsset({ kind, fields }: AssetEntry): Asset | string {
  if (kind !== 'host' && kind !== 'user' && kind !== 'network') {
    return `"${kind.slice(0, 40)}" is no kind of asset: host, user or network`;
  }
  const one = (column: AssetColumn): string | null => fields[column]?.join(' ').slice(0, maxText) ?? null;
  const name = one('name') ?? fields.address?.[0] ?? fields.mac?.[0];
  if (name === undefined || name === '') return 'an asset without a name';
  const worth = one('criticality');
  const criticality = worth === null ? null : criticalityOf(worth);
  if (criticality === undefined) {
    return `the criticality "${worth?.slice(0, 40)}" of ${name} is none of low, medium, high, critical, or a number from 0 to 1`;
  }
  const written = [name, ...(fields.also ?? []), ...(fields.address ?? [])];
  const also = [...written.map((value) => canonicalIp(value) ?? value), ...(fields.mac ?? []).map(plainMac)];
  const common = { name, owner: one('owner'), role: one('role'), criticality, zone: one('zone') };
  if (kind === 'network') return toNetwork(common, fields.address?.[0]);
  return { kind, ...common, also: [...new Set(also.map((value) => value.toLowerCase()))].slice(0, maxAliases) };
}

function toNetwork(common: Omit<Asset, 'kind' | 'also'>, cidr: string | undefined): Asset | string {
  const range = cidr === undefined ? undefined : parseCidr(cidr);
  if (range === undefined) return `the network ${common.name} has no address range such as 10.20.0.0/16`;
  return { kind: 'network', ...common, zone: common.zone ?? common.name, also: [], range };
}

/** From 0 to 1; undefined for what is no level and no such number. */
function criticalityOf(text: string): number | undefined {
  const level = levels.get(text.toLowerCase());
  if (level !== undefined) return level;
  const value = Number(text);
  return text.trim() !== '' && value >= 0 && value <= 1 ? value : undefined;
}

/** `b8:27:eb:01:02:03` of any usual way to write it. */
function plainMac(text: string): string {
  const digits = text.replaceAll(/[^0-9a-f]/gi, '');
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : text;
}
