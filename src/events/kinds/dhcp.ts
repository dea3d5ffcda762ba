import { connectionColumns, defineKind, duration, ip, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'dhcp',
  title: 'DHCP exchange',
  description: 'One DHCP message or exchange: which hardware got which address under which name.',
  columns: {
    ...connectionColumns,
    client_mac: text('Hardware address of the client.', 'client.mac'),
    client_ip: ip('Address that the client asked from.', 'client.ip'),
    server_ip: ip('Address of the server.', 'server.ip'),
    dhcp_assigned_ip: ip('Address that was assigned.'),
    dhcp_requested_ip: ip('Address that was asked for.'),
    dhcp_host_name: text('Host name that the client sent (option 12).'),
    dhcp_client_fqdn: text('FQDN that the client sent (option 81).'),
    dhcp_domain: text('Domain that the server sent (option 15).'),
    dhcp_vendor_class: text('Vendor class (option 60).'),
    dhcp_parameters: list('Parameter request list (option 55), in order.'),
    dhcp_message_types: list('Message types in order.'),
    dhcp_lease_time: duration('Lease time.'),
  },
});
