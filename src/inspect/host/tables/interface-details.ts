import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { attribute, linkName, numberAttribute } from '../sysfs.ts';

export const table = defineHostTable({
  id: 'interface_details',
  title: 'Network interfaces',
  description: 'From `/sys/class/net`; counters are those since the interface was made.',
  columns: {
    interface: 'text',
    mac: 'text',
    type: 'integer',
    mtu: 'integer',
    metric: 'integer',
    flags: 'integer',
    ipackets: 'bigint',
    opackets: 'bigint',
    ibytes: 'bigint',
    obytes: 'bigint',
    ierrors: 'bigint',
    oerrors: 'bigint',
    idrops: 'bigint',
    odrops: 'bigint',
    collisions: 'bigint',
    last_change: 'bigint',
    link_speed: 'bigint',
    pci_slot: 'text',
  },
  hidden: {
    friendly_name: 'text',
    description: 'text',
    manufacturer: 'text',
    connection_id: 'text',
    connection_status: 'text',
    enabled: 'integer',
    physical_adapter: 'integer',
    speed: 'integer',
    service: 'text',
    dhcp_enabled: 'integer',
    dhcp_lease_expires: 'text',
    dhcp_lease_obtained: 'text',
    dhcp_server: 'text',
    dns_domain: 'text',
    dns_domain_suffix_search_order: 'text',
    dns_host_name: 'text',
    dns_server_search_order: 'text',
  },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list('/sys/class/net')) {
      const name = nameOf(path);
      if (attribute(context, `${path}/type`) === undefined) continue;
      const count = (counter: string): number | null => numberAttribute(context, `${path}/statistics/${counter}`);
      yield {
        interface: name,
        mac: attribute(context, `${path}/address`) ?? '',
        type: numberAttribute(context, `${path}/type`),
        mtu: numberAttribute(context, `${path}/mtu`),
        metric: 0,
        flags: Number.parseInt(attribute(context, `${path}/flags`) ?? '0', 16),
        ipackets: count('rx_packets'),
        opackets: count('tx_packets'),
        ibytes: count('rx_bytes'),
        obytes: count('tx_bytes'),
        ierrors: count('rx_errors'),
        oerrors: count('tx_errors'),
        idrops: count('rx_dropped'),
        odrops: count('tx_dropped'),
        collisions: count('collisions'),
        last_change: -1,
        link_speed: numberAttribute(context, `${path}/speed`) ?? 0,
        pci_slot: linkName(context, `${path}/device`),
      };
    }
  },
});
