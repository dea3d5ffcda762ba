import { defineHostTable } from '../table.ts';
import { formatIp } from '../../../base/ip.ts';

export const table = defineHostTable({
  id: 'routes',
  title: 'Routes of the main table',
  description:
    'From `/proc/net/route` and `/proc/net/ipv6_route`, with the types of osquery. Unlike there, of IPv4 the main table only, no `source`, `flags` as these files tell them, and the bits of the mask of a single address are 32 or 128, not 0.',
  columns: {
    destination: 'text',
    netmask: 'integer',
    gateway: 'text',
    source: 'text',
    flags: 'integer',
    interface: 'text',
    mtu: 'integer',
    metric: 'integer',
    type: 'text',
    hopcount: 'integer',
  },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('net/route').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields.length >= 11) yield ipv4Row(fields);
    }
    for (const line of proc.text('net/ipv6_route').split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields.length >= 10 && !isRejected(fields)) yield ipv6Row(fields);
    }
  },
});

function ipv4Row(fields: readonly string[]): Record<string, string | number> {
  const [device = '', destination = '', gateway = '', flags = '', , , metric = '', mask = '', mtu = ''] = fields;
  const isDirect = gateway === '00000000';
  return {
    destination: addressOf(destination),
    netmask: bitsOf(Number.parseInt(mask, 16)),
    gateway: isDirect ? '' : addressOf(gateway),
    source: '',
    flags: Number.parseInt(flags, 16),
    interface: device,
    mtu: Number(mtu),
    metric: Number(metric),
    type: 'gateway',
    hopcount: 0,
  };
}

function ipv6Row(fields: readonly string[]): Record<string, string | number> {
  const [destination = '', bits = '', , , gateway = '', metric = '', , , flags = '', device = ''] = fields;
  const isDirect = !/[^0]/.test(gateway);
  return {
    destination: formatIp(BigInt(`0x${destination}`)),
    netmask: Number.parseInt(bits, 16),
    gateway: isDirect ? '' : formatIp(BigInt(`0x${gateway}`)),
    source: '',
    flags: Number.parseInt(flags, 16),
    interface: device,
    mtu: 0,
    metric: Number.parseInt(metric, 16),
    type: ipv6Type(destination, Number.parseInt(flags, 16)),
    hopcount: 0,
  };
}

/** Every address goes that way which no other route takes, to be refused: RTF_REJECT of route.h. The kernel's own, which no tool shows. */
function isRejected(fields: readonly string[]): boolean {
  return (Number.parseInt(fields[8] ?? '', 16) & 0x0200) !== 0;
}

/** By RTF_LOCAL of ipv6_route.h and the addresses of groups; osquery calls every route to elsewhere a gateway. */
function ipv6Type(destination: string, flags: number): string {
  if ((flags & 0x8000_0000) !== 0) return 'local';
  return destination.startsWith('ff') ? 'other' : 'gateway';
}

/** Four bytes as a number in the byte order of the machine, which is little-endian wherever Node runs here. */
function addressOf(hexadecimal: string): string {
  return [...Buffer.from(hexadecimal, 'hex').reverse()].join('.');
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits++;
  return bits;
}
