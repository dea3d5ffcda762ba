import { ownAddresses } from '../own-addresses.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'interface_addresses',
  title: 'Addresses of the machine',
  description: 'From getifaddrs(3); where the C library cannot be asked, of interfaces that run.',
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
    for (const { pointToPoint, ...address } of ownAddresses()) {
      yield { ...address, point_to_point: pointToPoint, type: 'unknown' };
    }
  },
});
