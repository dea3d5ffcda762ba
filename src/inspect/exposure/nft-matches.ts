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
function interfaceMatch(key: string, { negated, values }: Operand): Match {
  return { kind: key.startsWith('i') ? 'in' : 'out', names: values, negated };
}

export function metaMatch(key: string, operand: Operand): Match {
  if (/^[io]if(?:name)?$/.test(key)) return interfaceMatch(key, operand);
  const { negated, values } = operand;
  if (key === 'l4proto') return { kind: 'protocol', names: values, negated };
  // Who calls an address of one machine sends to that machine alone.
  if (key === 'pkttype') return { kind: 'state', states: values.some(isUnicast) ? ['new'] : [], negated };
  const names = values.flatMap((value) => familyNames[value] ?? []);
  const isFamily = (key === 'nfproto' || key === 'protocol') && names.length === values.length;
  return isFamily ? { kind: 'family', names, negated } : unknownMatch(`meta ${key}`);
}

/** Of `meta pkttype`; `nft` names the first of its kinds both ways. */
function isUnicast(value: string): boolean {
  return value === 'host' || value === 'unicast';
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
      return orUnknown({ kind: 'original-port', ranges: portsOf(values), negated }, values, `ct ${key}`);
    case 'original daddr':
    case 'original ip daddr':
    case 'original ip6 daddr':
      return orUnknown({ kind: 'original-destination', ranges: rangesOf(values), negated }, values, `ct ${key}`);
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
  if (field === 'saddr' || field === 'daddr') {
    const kind = field === 'saddr' ? 'source' : 'destination';
    return orUnknown({ kind, ranges: rangesOf(values), negated }, values, `${header} ${field}`);
  }
  if (field === 'protocol' || field === 'nexthdr') return { kind: 'protocol', names: values, negated };
  const ranges = portsOf(values);
  if (ranges.length < values.length) return unknownMatch(`${header} ${field}`);
  if (field === 'dport') return { kind: 'port', ranges, negated };
  return field === 'sport' ? { kind: 'source-port', ranges, negated } : unknownMatch(`${header} ${field}`);
}

/** A condition of which a value was not understood would leave that value out: as `!=` it would hold for everybody. */
function orUnknown(
  match: Extract<Match, { readonly ranges: readonly unknown[] }>,
  values: readonly string[],
  text: string,
): Match {
  return match.ranges.length < values.length ? unknownMatch(text) : match;
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
  return values.flatMap((value) => {
    // So nft 1.0 writes a port in a list of `ct original proto-dst != { … }`.
    const hexadecimal = /^(?<port>0x[\da-f]{1,4}) \[invalid type\]$/.exec(value)?.groups?.['port'];
    const port = hexadecimal === undefined ? (services[value] ?? value) : String(Number(hexadecimal));
    return portRangeOf(port) ?? [];
  });
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
