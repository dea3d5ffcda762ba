import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'arp_cache',
  title: 'Neighbours on the network',
  description: 'From `/proc/net/arp` (IPv4).',
  columns: { address: 'text', mac: 'text', interface: 'text', permanent: 'text' },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('net/arp').split('\n').slice(1)) {
      const [address = '', , flags = '', mac = '', , device = ''] = line.split(/\s+/);
      if (address === '') continue;
      // ATF_PERM of if_arp.h
      yield { address, mac, interface: device, permanent: (Number.parseInt(flags, 16) & 4) === 0 ? '0' : '1' };
    }
  },
});
