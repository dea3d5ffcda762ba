import type { AnalyticContext } from '../../analytic.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import { commonHosts } from '../../pairs/rarity.ts';
import { endsOf, type Channel } from './channel.ts';
import type { BeaconSettings } from './settings.ts';

/** One name that a host used with an address. */
interface NameUse {
  readonly name: string;
  readonly calls: number;
  /** Local hosts that use the name. */
  readonly hosts: number;
}

/** What the names say about regular channels. */
export interface Companions {
  /** Names behind a pair of addresses (`endsOf`), most used first. */
  readonly names: ReadonlyMap<string, readonly NameUse[]>;
  /** Addresses behind a host's name (`endsOf`). */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Local hosts that use names of the registered domain of a name. */
  readonly domainHosts: ReadonlyMap<string, number>;
}

/** Only the names and addresses of the given channels are kept, so memory is bounded by them. */
export async function findCompanions(
  { store }: AnalyticContext<BeaconSettings>,
  channels: readonly Channel[],
): Promise<Companions> {
  const names = new Map<string, NameUse[]>();
  const addresses = new Map<string, string[]>();
  const domainUsers = new Map<string, Set<string>>();
  const { getDomain } = await import('tldts');
  const domainOf = (name: string): string =>
    getDomain(name, { allowPrivateDomains: true, extractHostname: false }) ?? name;
  for (const channel of channels) {
    if (!channel.isName) names.set(endsOf(channel.source, channel.destination), []);
    else {
      addresses.set(endsOf(channel.source, channel.destination), []);
      domainUsers.set(domainOf(channel.destination), new Set());
    }
  }
  for await (const chunk of store.scan(namesSql)) {
    const [calls, hosts] = [chunk.numbers(0), chunk.numbers(1)];
    const [sources, destinations, texts] = [chunk.texts(2), chunk.texts(3), chunk.texts(4)];
    for (let row = 0; row < chunk.rowCount; row++) {
      const [source, destination, name] = [sources[row] ?? '', destinations[row] ?? '', texts[row] ?? ''];
      pushBounded(names.get(endsOf(source, destination)), { name, calls: calls[row] ?? 0, hosts: hosts[row] ?? 0 });
      pushBounded(addresses.get(endsOf(source, name)), destination);
      for (const domain of suffixesOf(name)) domainUsers.get(domain)?.add(source);
    }
  }
  const domainHosts = new Map<string, number>();
  for (const channel of channels) {
    if (channel.isName) domainHosts.set(channel.destination, domainUsers.get(domainOf(channel.destination))?.size ?? 0);
  }
  return { names, addresses, domainHosts };
}

/** Names behind one address are an attacker's choice; they come most used first. */
const maxCompanions = 1000;

function pushBounded<T>(list: T[] | undefined, entry: T): void {
  if (list !== undefined && list.length < maxCompanions) list.push(entry);
}

const namesSql = `WITH use AS (
  SELECT source_ip, destination_ip, name, count(*) AS calls FROM ${namedCalls} AS n GROUP BY source_ip, destination_ip, name),
users AS (SELECT name, count(DISTINCT source_ip) AS hosts FROM use GROUP BY name)
SELECT u.calls, h.hosts, u.source_ip, u.destination_ip, u.name FROM use u JOIN users h ON h.name = u.name
ORDER BY u.calls DESC, u.name, u.destination_ip, u.source_ip`;

/** `a.b.c`, `b.c`, `c`; a name of hostile length has no more than 128 labels. */
function suffixesOf(name: string): string[] {
  const labels = name.split('.', 128);
  return labels.map((_label, index) => labels.slice(index).join('.'));
}

/**
 * What an address channel is when names are looked at: `covered` when its calls are those of a regular name of the same
 * host, or of a name that everybody uses; else the name that most of its calls have, if one has.
 */
export function judgeAddress(
  channel: Channel,
  companions: Companions,
  regularNames: ReadonlySet<string>,
): { readonly isCovered: boolean; readonly name: string | undefined } {
  const uses = companions.names.get(endsOf(channel.source, channel.destination)) ?? [];
  const half = channel.measurement.calls / 2;
  const named = (fits: (use: NameUse) => boolean): boolean =>
    uses.filter(fits).reduce((sum, use) => sum + use.calls, 0) >= half;
  const common = commonHosts(channel.networkSize);
  const isCovered =
    named((use) => regularNames.has(endsOf(channel.source, use.name))) || named((use) => use.hosts >= common);
  return { isCovered, name: uses.find((use) => use.calls >= half)?.name };
}
