import { defineKind, ip, text } from '../kind.ts';

export const kind = defineKind({
  id: 'device',
  title: 'Device sighting',
  description: 'A device seen on the local network: ARP, known hosts, software and services that a sensor noticed.',
  columns: {
    device_ip: ip('Address of the device.', 'host.ip'),
    device_mac: text('Hardware address.', 'host.mac'),
    device_port: text('Port and protocol of a service that it offers, such as `22/tcp`.'),
    device_service: text('Service or kind of software.', 'service.type'),
    device_software: text('Software and version.'),
    arp_operation: text('`request` or `reply`, for ARP.'),
    arp_target_ip: ip('Address asked about, for ARP.'),
    arp_target_mac: text('Hardware address that answered, for ARP.'),
  },
});
