import type { IpRange } from '../../base/ip.ts';

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** The rules of one address family, as the kernel walks them. Read from `iptables-save` or from `nft list ruleset`. */
export interface Firewall {
  readonly family: 'ip' | 'ip6';
  /** What its tables are: those of `iptables` stand in the list of `nft` too, those of `iptables-legacy` do not. */
  readonly kind?: 'iptables' | 'iptables-legacy' | 'nft';
  /** By `table/chain`. */
  readonly chains: ReadonlyMap<string, Chain>;
}

export interface Chain {
  readonly table: string;
  readonly name: string;
  /** Where the kernel enters; absent for a chain that is only jumped to. */
  readonly hook?: { readonly at: Hook; readonly priority: number; policy: 'accept' | 'drop' };
  readonly rules: Rule[];
}

export interface Rule {
  readonly line: number;
  /** File that it was read from, where rules of several stand together. */
  readonly path?: string;
  readonly matches: readonly Match[];
  readonly verdict: Verdict;
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** New address and port of the receiver; 0 keeps the port, undefined is this machine itself. */
  | { readonly kind: 'dnat'; readonly address: string | undefined; readonly port: number };

/** One condition. `unknown` are those that depend on more than the packet: sets, owners, times. */
export type Match =
  | { readonly kind: 'in' | 'out'; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'source' | 'destination'; readonly ranges: readonly IpRange[]; readonly negated: boolean }
  | { readonly kind: 'protocol'; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'source-port' | 'port'; readonly ranges: readonly PortRange[]; readonly negated: boolean }
  | { readonly kind: 'state'; readonly states: readonly string[]; readonly negated: boolean }
  /** The receiver is an address of this machine. */
  | { readonly kind: 'local'; readonly negated: boolean }
  /** The receiver is behind a bridge of the engine, which keeps their networks in a set (Docker 28). */
  | { readonly kind: 'bridged'; readonly negated: boolean }
  /** Port that the caller asked for, before it was redirected (`--ctorigdstport`, `ct original proto-dst`). */
  | { readonly kind: 'original-port'; readonly ranges: readonly PortRange[]; readonly negated: boolean }
  /** Address that the caller asked for (`--ctorigdst`, `ct original ip daddr`). */
  | { readonly kind: 'original-destination'; readonly ranges: readonly IpRange[]; readonly negated: boolean }
  /** Of tables for both families (`meta nfproto`); `ip saddr` asks for it too. */
  | { readonly kind: 'family'; readonly names: readonly string[]; readonly negated: boolean }
  /** The receiver was changed on the way (`--ctstate DNAT`, `ct status dnat`). */
  | { readonly kind: 'dnat'; readonly negated: boolean }
  /** All conditions of one of the alternatives hold: what stands in a set of addresses and ports. */
  | { readonly kind: 'any'; readonly alternatives: readonly (readonly Match[])[]; readonly negated: boolean }
  /** `set`: that a packet stands in a set of the kernel, which its own list tells. */
  | { readonly kind: 'unknown'; readonly text: string; readonly set?: SetMatch };

/** `--match-set name src,dst`. */
export interface SetMatch {
  readonly name: string;
  /** `src` or `dst` for each part of its entries. */
  readonly directions: readonly string[];
  readonly negated: boolean;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** `80`, `80:90` or `80-90`; undefined for what is no port. */
export function portRangeOf(text: string): PortRange | undefined {
  const [first, last = first] = text.split(/[:-]/).map(Number);
  if (first === undefined || last === undefined || !Number.isInteger(first) || !Number.isInteger(last)) {
    return undefined;
  }
  return { first, last };
}
