import { boolean, bytes, connectionColumns, defineKind, duration, integer, list, packets, text } from '../kind.ts';

export const kind = defineKind({
  id: 'flow',
  title: 'Network flow',
  description: 'One connection or flow between two addresses, with its length and volume.',
  columns: {
    ...connectionColumns,
    network_protocol: text(
      'Application protocol as detected, in lower case; several joined by a comma.',
      'network.protocol',
    ),
    network_iana_number: integer('IP protocol number.', 'network.iana_number'),
    network_vlan_id: integer('Outer VLAN id.', 'network.vlan.id'),
    event_duration: duration('How long it lasted, so far.', 'event.duration'),
    is_open: boolean('It was still open when the record was written (Zeek open_conn).'),
    source_bytes: bytes(
      'Bytes that the opener sent, headers included (Zeek orig_ip_bytes, EVE bytes_toserver).',
      'source.bytes',
    ),
    destination_bytes: bytes('Bytes that came back, headers included.', 'destination.bytes'),
    source_payload_bytes: bytes('Payload bytes that the opener sent (Zeek orig_bytes).'),
    destination_payload_bytes: bytes('Payload bytes that came back (Zeek resp_bytes).'),
    source_packets: packets('Packets that the opener sent.', 'source.packets'),
    destination_packets: packets('Packets that came back.', 'destination.packets'),
    missed_bytes: bytes('Bytes that the sensor knows it did not see.'),
    conn_state: text("State in Zeek's terms (SF, S0, REJ, …), or Suricata's flow state."),
    history: text("Zeek's connection history."),
    tcp_flags: text('TCP flags seen, as hexadecimal text.'),
    local_orig: boolean('The opener is in a local network, as the sensor was configured.'),
    local_resp: boolean('The answerer is in a local network, as the sensor was configured.'),
    tunnel_parents: list('uids of the tunnels that it ran in.'),
    source_mac: text('Link-layer address of the opener.', 'source.mac'),
    destination_mac: text('Link-layer address of the answerer.', 'destination.mac'),
    end_reason: text('Why the record was written (Suricata flow.reason).', 'event.reason'),
  },
});
