import { formatIp } from '../../../../base/ip.ts';
import { descriptorType, type Descriptor } from './descriptor.ts';

const mappedPrefix = '\0\0\0\0\0\0\0\0\0\0\xff\xff';
const noIpv4 = '\0\0\0\0';
const noIpv6 = noIpv4.repeat(4);

/** No address at all, or the unspecified one. */
export function isUnspecified(raw: string): boolean {
  return raw === '' || raw === noIpv4 || raw === noIpv6;
}

/** An IPv4 address inside IPv6 (`::ffff:a.b.c.d`). */
export function isMapped(raw: string): boolean {
  return raw.length === 16 && raw.startsWith(mappedPrefix);
}

export function unmap(raw: string): string {
  return raw.slice(12);
}

/** Text of raw bytes, as inet_ntop(3) writes it. Anything but 4 or 16 bytes counts as the unspecified IPv4 address. */
export function addressText(raw: string): string {
  if (raw.length !== 16) {
    const byte = (at: number): number => (raw.length === 4 ? raw.charCodeAt(at) : 0);
    return `${byte(0)}.${byte(1)}.${byte(2)}.${byte(3)}`;
  }
  if (isMapped(raw)) return `::ffff:${addressText(unmap(raw))}`;
  let value = 0n;
  for (let at = 0; at < 16; at++) value = (value << 8n) | BigInt(raw.charCodeAt(at));
  return formatIp(value);
}

/** `10.0.0.1:40000->10.0.0.2:80`; `0.0.0.0:22` for a server. Undefined for other descriptors. */
export function socketName(descriptor: Descriptor): string | undefined {
  const { sourceAddress, sourcePort, destinationAddress, destinationPort } = descriptor;
  const destination = (): string => `${ofFamily(descriptor, destinationAddress)}:${destinationPort}`;
  if (descriptor.isServer) return destination();
  if (!descriptor.isConnection) return undefined;
  return `${ofFamily(descriptor, sourceAddress)}:${sourcePort}->${destination()}`;
}

function ofFamily(descriptor: Descriptor, raw: string): string {
  const isIpv6 = descriptor.type === descriptorType.ipv6 || descriptor.type === descriptorType.ipv6Server;
  return addressText(raw === '' && isIpv6 ? noIpv6 : raw);
}
