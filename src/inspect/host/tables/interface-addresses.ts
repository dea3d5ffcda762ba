import { networkInterfaces } from 'node:os';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'interface_addresses',
  title: 'Addresses of the machine',
  description: 'From getifaddrs(3), of interfaces that are up; without the broadcast address of point-to-point links.',
  columns: {
    interface: 'text',
    address: 'text',
    mask: 'text',
    broadcast: 'text',
    point_to_point: 'text',
    type: 'text',
  },
  hidden: { friendly_name: 'text' },
  needs: 'live',
  *rows() {
    for (const [name, addresses] of Object.entries(networkInterfaces())) {
      for (const { address, netmask, family, internal } of addresses ?? []) {
        const broadcast = family === 'IPv4' && !internal ? broadcastOf(address, netmask) : '';
        yield { interface: name, address, mask: netmask, broadcast, point_to_point: '', type: 'unknown' };
      }
    }
  },
});

function broadcastOf(address: string, mask: string): string {
  const masks = mask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) | (~(masks[index] ?? 255) & 255))
    .join('.');
}
