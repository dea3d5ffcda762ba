import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, read, when } from './shared.ts';

export const knownHosts: Mapping<'device'> = {
  kind: 'device',
  columns: { ...when, ...dataset('known_hosts'), device_ip: read('host', 'ip') },
};

export const knownServices: Mapping<'device'> = {
  kind: 'device',
  columns: {
    ...when,
    ...dataset('known_services'),
    device_ip: read('host', 'ip'),
    device_port: { join: [read('port_num'), read('port_proto', 'lower')], by: '/' },
    device_service: read('service', 'joined'),
  },
};

export const software: Mapping<'device'> = {
  kind: 'device',
  columns: {
    ...when,
    ...dataset('software'),
    device_ip: read('host', 'ip'),
    device_port: read('host_p'),
    device_service: read('software_type'),
    device_software: { first: [read('unparsed_version'), read('name')] },
  },
};

/** Zeek has no arp.log of its own; SLIPS writes this one. */
export const arp: Mapping<'device'> = {
  kind: 'device',
  columns: {
    ...when,
    ...dataset('arp'),
    device_ip: { first: [read('orig_h', 'ip'), read('id.orig_h', 'ip')] },
    device_mac: { first: [read('src_mac', 'lower'), read('orig_hw', 'lower')] },
    arp_operation: read('operation', 'lower'),
    arp_target_ip: { first: [read('resp_h', 'ip'), read('id.resp_h', 'ip')] },
    arp_target_mac: { first: [read('dst_mac', 'lower'), read('resp_hw', 'lower')] },
  },
};
