import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, read, shortEndpoints, when } from './shared.ts';

const columns = {
  ...when,
  ...shortEndpoints,
  network_transport: read('proto'),
  network_protocol: read('service'),
  network_iana_number: read('ip_proto', 'integer'),
  network_vlan_id: read('vlan', 'integer'),
  network_community_id: read('community_id'),
  event_duration: read('duration', 'interval'),
  source_bytes: read('orig_ip_bytes', 'integer'),
  destination_bytes: read('resp_ip_bytes', 'integer'),
  source_payload_bytes: read('orig_bytes', 'integer'),
  destination_payload_bytes: read('resp_bytes', 'integer'),
  source_packets: read('orig_pkts', 'integer'),
  destination_packets: read('resp_pkts', 'integer'),
  missed_bytes: read('missed_bytes', 'integer'),
  conn_state: read('conn_state'),
  history: read('history'),
  local_orig: read('local_orig', 'boolean'),
  local_resp: read('local_resp', 'boolean'),
  tunnel_parents: read('tunnel_parents', 'list'),
  source_mac: read('orig_l2_addr', 'lower'),
  destination_mac: read('resp_l2_addr', 'lower'),
} as const;

export const conn: Mapping<'flow'> = {
  kind: 'flow',
  columns: { ...columns, ...dataset('conn'), is_open: { constant: false } },
};

/** Connections that were still open when it was written. */
export const openConn: Mapping<'flow'> = {
  kind: 'flow',
  columns: { ...columns, ...dataset('open_conn'), is_open: { constant: true } },
};
