import type { Chain, Firewall, Rule } from './firewall.ts';
import { withSets, type IpSets } from './ipset.ts';

/** Rules of one file. */
export interface Capture {
  readonly path: string;
  readonly firewall: Firewall;
}

/**
 * The rules of a machine that several programs tell, as the kernel has them: a packet must pass the tables of nftables, of
 * `iptables-legacy`, and those that `iptables` keeps in nftables, whoever let it in before. Rule sets of one kind that stand in several files
 * are of several machines or times, and stay apart. Each rule gets the path of its file. `sets` are those of the kernel that rules of `iptables` ask about.
 */
export function mergeCaptures(captures: readonly Capture[], sets: IpSets = new Map()): Firewall[] {
  return (['ip', 'ip6'] as const).flatMap((family) => {
    const own = captures
      .filter(({ firewall }) => firewall.family === family)
      .map((capture) => withSets(withPaths(capture), sets));
    const kinds = new Set(own.map(({ kind }) => kind));
    return own.length > 1 && kinds.size === own.length ? [merged(family, own)] : own;
  });
}

function withPaths({ path, firewall }: Capture): Firewall {
  const chains = [...firewall.chains].map(([key, chain]): [string, Chain] => [
    key,
    { ...chain, rules: chain.rules.map((rule): Rule => ({ ...rule, path })) },
  ]);
  return { ...firewall, chains: new Map(chains) };
}

function merged(family: Firewall['family'], firewalls: readonly Firewall[]): Firewall {
  const chains = new Map<string, Chain>();
  const ofIptables = new Set(
    firewalls.flatMap(({ kind, chains: own }) =>
      kind === 'iptables' ? [...own.values()].map(({ table }) => `${family} ${table}`) : [],
    ),
  );
  for (const [index, firewall] of firewalls.entries()) {
    for (const chain of firewall.chains.values()) {
      // `iptables` tells its own tables better than `nft`, which knows few of its extensions.
      if (firewall.kind === 'nft' && ofIptables.has(chain.table)) continue;
      const table = `${index} ${chain.table}`;
      chains.set(`${table}/${chain.name}`, { ...chain, table });
    }
  }
  return { family, chains };
}
