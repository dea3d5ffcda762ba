import { parseCidr, type IpRange } from '../../base/ip.ts';
import { portRangeOf, type Match } from './firewall.ts';

/** The right side of a condition of nftables: what it is compared with, as text. */
export interface Operand {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** The families that a table's rules are about; none for bridges, ARP and devices. */
export const familiesOf: Readonly<Record<string, readonly ('ip' | 'ip6')[]>> = {
  ip: ['ip'],
  ip6: ['ip6'],
  inet: ['ip', 'ip6'],
};

/** `iif`, `iifname`, `oif`, `oifname`. */
export function interfaceMatch(key: string, { negated, values }: Operand): Match {
  return { kind: key.startsWith('i') ? 'in' : 'out', names: values, negated };
}

export function metaMatch(key: string, operand: Operand): Match {
  if (/^[io]if(?:name)?$/.test(key)) return interfaceMatch(key, operand);
  const { negated, values } = operand;
  return key === 'l4proto' ? { kind: 'protocol', names: values, negated } : unknownMatch(`meta ${key}`);
}

/** `ct state`, `ct status dnat`. */
export function connectionMatch(key: string, { negated, values }: Operand): Match {
  if (key === 'state') return { kind: 'state', states: values, negated };
  return key === 'status' && values[0] === 'dnat' ? { kind: 'dnat', negated } : unknownMatch(`ct ${key}`);
}

/** A field of a header; `tcp dport` asks for the protocol too. */
export function headerMatches(header: string, field: string, operand: Operand): Match[] {
  const match = fieldMatch(header, field, operand);
  if (header !== 'tcp' && header !== 'udp') return [match];
  return [{ kind: 'protocol', names: [header], negated: false }, match];
}

function fieldMatch(header: string, field: string, { negated, values }: Operand): Match {
  const ports = values.flatMap((value) => portRangeOf(value) ?? []);
  if (values.some((value) => value.startsWith('@'))) return unknownMatch(`${header} ${field}`);
  if (field === 'saddr') return { kind: 'source', ranges: rangesOf(values), negated };
  if (field === 'daddr') return { kind: 'destination', ranges: rangesOf(values), negated };
  if (field === 'protocol' || field === 'nexthdr') return { kind: 'protocol', names: values, negated };
  if (ports.length < values.length) return unknownMatch(`${header} ${field}`);
  if (field === 'dport') return { kind: 'port', ranges: ports, negated };
  return field === 'sport' ? { kind: 'source-port', ranges: ports, negated } : unknownMatch(`${header} ${field}`);
}

function rangesOf(values: readonly string[]): IpRange[] {
  return values.flatMap((value) => {
    const [from, to] = value.split('-').map((part) => parseCidr(part));
    if (from === undefined) return [];
    return to === undefined ? [from] : [{ first: from.first, last: to.last }];
  });
}

/** A condition on more than the packet, or one that is not known. */
export function unknownMatch(text: string): Match {
  return { kind: 'unknown', text };
}
