import { parseCidr, type IpRange } from '../../base/ip.ts';
import { portRangeOf, type Match, type PortRange } from './firewall.ts';

/** The right side of a condition of nftables: what it is compared with, as text. */
export interface Operand {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** The left side of a condition: makes conditions of what it is compared with. */
export type Selector = (operand: Operand) => Match[];

/** The families that a table's rules are about; none for bridges, ARP and devices. */
export const familiesOf: Readonly<Record<string, readonly ('ip' | 'ip6')[]>> = {
  ip: ['ip'],
  ip6: ['ip6'],
  inet: ['ip', 'ip6'],
};

const familyNames: Readonly<Record<string, string>> = { ipv4: 'ip', ipv6: 'ip6', ip: 'ip', ip6: 'ip6' };

/** `iif`, `iifname`, `oif`, `oifname`. */
export function interfaceMatch(key: string, { negated, values }: Operand): Match {
  return { kind: key.startsWith('i') ? 'in' : 'out', names: values, negated };
}

export function metaMatch(key: string, operand: Operand): Match {
  if (/^[io]if(?:name)?$/.test(key)) return interfaceMatch(key, operand);
  const { negated, values } = operand;
  if (key === 'l4proto') return { kind: 'protocol', names: values, negated };
  const names = values.flatMap((value) => familyNames[value] ?? []);
  const isFamily = (key === 'nfproto' || key === 'protocol') && names.length === values.length;
  return isFamily ? { kind: 'family', names, negated } : unknownMatch(`meta ${key}`);
}

/** `ct state`, `ct status dnat`, `ct direction original`, `ct original proto-dst`, `ct original ip daddr`. */
export function connectionMatch(key: string, { negated, values }: Operand): Match {
  switch (key) {
    case 'state':
      return { kind: 'state', states: values, negated };
    case 'direction':
      // Of a first packet there is no other direction.
      return { kind: 'state', states: values.includes('original') ? ['new'] : [], negated };
    case 'original proto-dst':
      return { kind: 'original-port', ranges: portsOf(values), negated };
    case 'original daddr':
    case 'original ip daddr':
    case 'original ip6 daddr':
      return { kind: 'original-destination', ranges: rangesOf(values), negated };
    default:
      return key === 'status' && values[0] === 'dnat' ? { kind: 'dnat', negated } : unknownMatch(`ct ${key}`);
  }
}

/** A field of a header; `tcp dport` asks for the protocol too, `ip saddr` for the family. */
export function headerMatches(header: string, field: string, operand: Operand): Match[] {
  const match = fieldMatch(header, field, operand);
  if (header === 'ip' || header === 'ip6') return [{ kind: 'family', names: [header], negated: false }, match];
  if (header !== 'tcp' && header !== 'udp') return [match];
  return [{ kind: 'protocol', names: [header], negated: false }, match];
}

function fieldMatch(header: string, field: string, { negated, values }: Operand): Match {
  if (field === 'saddr') return { kind: 'source', ranges: rangesOf(values), negated };
  if (field === 'daddr') return { kind: 'destination', ranges: rangesOf(values), negated };
  if (field === 'protocol' || field === 'nexthdr') return { kind: 'protocol', names: values, negated };
  const ranges = portsOf(values);
  if (ranges.length < values.length) return unknownMatch(`${header} ${field}`);
  if (field === 'dport') return { kind: 'port', ranges, negated };
  return field === 'sport' ? { kind: 'source-port', ranges, negated } : unknownMatch(`${header} ${field}`);
}

/** Services as `nft` names them without `-n`; others are not known. */
const services: Readonly<Record<string, string>> = {
  ftp: '21',
  ssh: '22',
  smtp: '25',
  domain: '53',
  http: '80',
  https: '443',
  'http-alt': '8080',
};

function portsOf(values: readonly string[]): PortRange[] {
  return values.flatMap((value) => portRangeOf(services[value] ?? value) ?? []);
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
