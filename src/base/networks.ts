import { VakthundError } from './errors.ts';
import { parseCidr, parseIp, type IpRange } from './ip.ts';

/** RFC 1918, loopback, link-local, carrier-grade NAT (RFC 6598), unique local and link-local IPv6. */
export const defaultLocalNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '0.0.0.0/32',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/** Multicast and broadcast: never an inside or an outside host. */
const groupNetworks = ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8'].map(rangeOf);

/** The networks that are ours. */
export interface LocalNetworks {
  readonly cidrs: readonly string[];
  readonly ranges: readonly IpRange[];
  /** False for text that is no address. */
  isLocal(ip: string): boolean;
  /** Multicast or broadcast. */
  isGroup(ip: string): boolean;
}

export function createLocalNetworks(cidrs: readonly string[] = defaultLocalNetworks): LocalNetworks {
  const ranges = cidrs.map(rangeOf);
  const inside = (list: readonly IpRange[], ip: string): boolean => {
    const value = parseIp(ip);
    return value !== undefined && list.some((range) => value >= range.first && value <= range.last);
  };
  return { cidrs, ranges, isLocal: (ip) => inside(ranges, ip), isGroup: (ip) => inside(groupNetworks, ip) };
}

function rangeOf(cidr: string): IpRange {
  const range = parseCidr(cidr);
  if (range === undefined) {
    throw new VakthundError('CONFIG', `"${cidr}" is not a network in CIDR notation`, {
      hint: 'write it as 10.0.0.0/8',
    });
  }
  return range;
}
