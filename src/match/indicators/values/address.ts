import { canonicalIp, formatIp, parseCidr, parseIpv4, type IpRange } from '../../../base/ip.ts';
import { normalValue, parsePort, type Normalised } from './value.ts';

/**
 * Ranges of which no address tells one machine from another: this network, loopback, multicast, reserved and broadcast,
 * and their IPv6 likes. An entry inside one would fire everywhere or nowhere.
 */
const meaninglessV4: readonly (readonly [firstOctet: number, lastOctet: number])[] = [
  [0, 0],
  [127, 127],
  [224, 255],
];
const meaninglessV6 = ['::/127', 'ff00::/8'].flatMap((cidr) => parseCidr(cidr) ?? []);

const nobody = 'is not the address of one machine (loopback, multicast, reserved)';

/** Widest networks that are kept, as prefix lengths: a `/0` in a list would make every connection a finding. */
const shortestPrefix = { v4: 8, v6: 16 };

/**
 * An address or network, with or without port or brackets: `192.0.2.1`, `192.0.2.1:443`, `[2001:db8::1]:443`,
 * `192.0.2.0/24`. A network of one address becomes an address. Undefined for what does not look like either.
 */
export function normaliseAddress(text: string): Normalised | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return oneV4(text, v4);
  const first = text.charCodeAt(0);
  const startsNumeric = (first >= 48 && first <= 57) || first === 91;
  if (!startsNumeric && !text.includes('::') && text.split(':', 4).length < 4) return undefined;
  const slash = text.indexOf('/');
  if (slash > 0) return normaliseNetwork(text, slash);
  const groups = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d+))?$/.exec(text)?.groups;
  const host = groups?.['v6'] ?? groups?.['v4'] ?? text;
  const address = canonicalIp(host);
  if (address === undefined) return undefined;
  const port = groups?.['port'];
  if (port === undefined) return oneAddress(address);
  const number = parsePort(port);
  return number === undefined ? 'has a port that is none' : oneAddress(address, number);
}

function oneAddress(address: string, port?: number): Normalised {
  const v4 = parseIpv4(address);
  if (v4 !== undefined) return oneV4(address, v4, port);
  const range = parseCidr(address);
  return range === undefined || isInside(range, meaninglessV6) ? nobody : normalValue('address', address, port);
}

function oneV4(address: string, number: number, port?: number): Normalised {
  const octet = number >>> 24;
  return meaninglessV4.some(([first, last]) => octet >= first && octet <= last)
    ? nobody
    : normalValue('address', address, port);
}

function normaliseNetwork(text: string, slash: number): Normalised | undefined {
  const range = parseCidr(text);
  if (range === undefined) return undefined;
  if (range.first === range.last) return oneAddress(formatIp(range.first));
  const isV4 = !text.includes(':');
  const prefix = Number(text.slice(slash + 1));
  if (prefix < (isV4 ? shortestPrefix.v4 : shortestPrefix.v6)) return 'is a network too wide to mean anything';
  const first = formatIp(range.first);
  const octet = isV4 ? (parseIpv4(first) ?? 0) >>> 24 : -1;
  if (isInside(range, meaninglessV6) || meaninglessV4.some(([low, high]) => octet >= low && octet <= high)) {
    return nobody;
  }
  return normalValue('cidr', `${first}/${prefix}`);
}

function isInside(inner: IpRange, ranges: readonly IpRange[]): boolean {
  return ranges.some((range) => inner.first >= range.first && inner.last <= range.last);
}
