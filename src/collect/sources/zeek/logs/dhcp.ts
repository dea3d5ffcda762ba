import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, read, when } from './shared.ts';

export const dhcp: Mapping<'dhcp'> = {
  kind: 'dhcp',
  columns: {
    ...when,
    ...dataset('dhcp'),
    network_transport: { constant: 'udp' },
    uid: read('uids', 'joined'),
    source_ip: read('client_addr', 'ip'),
    destination_ip: read('server_addr', 'ip'),
    client_ip: read('client_addr', 'ip'),
    server_ip: read('server_addr', 'ip'),
    client_mac: read('mac', 'lower'),
    dhcp_assigned_ip: read('assigned_addr', 'ip', 'assigned_ip'),
    dhcp_requested_ip: read('requested_addr', 'ip'),
    dhcp_host_name: read('host_name'),
    dhcp_client_fqdn: read('client_fqdn'),
    dhcp_domain: read('domain'),
    dhcp_vendor_class: read('vendor_class'),
    dhcp_parameters: read('param_list', 'list'),
    dhcp_message_types: read('msg_types', 'list'),
    dhcp_lease_time: read('lease_time', 'interval'),
  },
};
