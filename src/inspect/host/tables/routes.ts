import { defineHostTable } from '../table.ts';
import { formatIp } from '../../../base/ip.ts';

export const table = defineHostTable({
  id: 'routes',
  title: 'Routes of the main table',
  description:
    'From `/proc/net/route` and `/proc/net/ipv6_route`. Of IPv4 the main table only; osquery also gives the local one.',
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
      if (fields.length >= 10) yield ipv6Row(fields);
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
    type: isDirect ? 'direct' : 'gateway',
    hopcount: 0,
  };
}

function ipv6Row(fields: readonly string[]): Record<string, string | number> {
  const [destination = '', bits = '', , , gateway = '', metric = '', , , flags = '', device = ''] = fields;
  const isDirect = !/[^0]/.test(gateway);
  // RTF_LOCAL of ipv6_route.h
  const isLocal = (Number.parseInt(flags, 16) & 0x8000_0000) !== 0;
  const outward = isDirect ? 'direct' : 'gateway';
  return {
    destination: formatIp(BigInt(`0x${destination}`)),
    netmask: Number.parseInt(bits, 16),
    gateway: isDirect ? '' : formatIp(BigInt(`0x${gateway}`)),
    source: '',
    flags: Number.parseInt(flags, 16),
    interface: device,
    metric: Number.parseInt(metric, 16),
    type: isLocal ? 'local' : outward,
    hopcount: 0,
  };
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
