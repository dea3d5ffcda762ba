import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';

/**
 * A flow that its target did not take up: no answer, or a refusal. By Zeek's state where there is one (S0 no reply, REJ
 * refused, SH and RSTOS0 given up half-way, RSTRH reset in the handshake), else by the packets: nothing came back, or one
 * packet for the one or two of an opening, which is a reset.
 */
const unanswered = `CASE WHEN conn_state IN ('S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR') THEN TRUE
  WHEN conn_state IN ('SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'OTH') THEN FALSE
  ELSE coalesce(destination_packets, 1) = 0
    OR (network_transport = 'tcp' AND coalesce(source_packets, 9) <= 2 AND coalesce(destination_packets, 9) <= 1) END`;

/** First octets of IPv4 multicast, 224.0.0.0/4. */
const groupOctets = Array.from({ length: 16 }, (_none, index) => 224 + index);

function groupAddress(m: Macros, column: string): string {
  return `(${m.startsWith(column, "'ff'")} OR ${column} = '255.255.255.255' OR split_part(${column}, '.', 4) = '255' OR ${groupOctets.map((octet) => m.startsWith(column, `'${octet}.'`)).join(' OR ')})`;
}

function flows(m: Macros, timeCondition: string): string {
  return `(SELECT *, ${unanswered} AS is_unanswered FROM flow
    WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND coalesce(is_open, FALSE) = FALSE
      AND NOT ${groupAddress(m, 'destination_ip')} AND ${timeCondition})`;
}

function timeColumns(m: Macros): string {
  return `count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}`;
}

export function horizontalScans(m: Macros, timeCondition: string, minHosts: number): string {
  return `WITH pairs AS (
    SELECT source_ip AS source, destination_port AS port, network_transport AS transport, ${m.countDistinct('destination_ip')} AS targets
    FROM ${flows(m, timeCondition)} WHERE network_transport IN ('tcp', 'udp') AND is_unanswered GROUP BY ALL HAVING targets >= ${minHosts}),
  all_flows AS (
    SELECT source_ip AS source, destination_port AS port, network_transport AS transport, count(DISTINCT CASE WHEN NOT is_unanswered THEN destination_ip END) AS answered
    FROM ${flows(m, timeCondition)} GROUP BY ALL)
  SELECT f.source_ip AS source, f.destination_port AS port, f.network_transport AS transport, ${m.anyOf('p.targets')} AS targets,
    ${m.anyOf('a.answered')} AS answered, ${timeColumns(m)}
  FROM ${flows(m, timeCondition)} f JOIN pairs p ON f.source_ip = p.source AND f.destination_port = p.port AND f.network_transport = p.transport
    JOIN all_flows a ON a.source = p.source AND a.port = p.port AND a.transport = p.transport
  WHERE f.is_unanswered AND (p.targets >= 0.3 * a.answered) GROUP BY ALL ORDER BY targets DESC, source, port`;
}

/** Datagrams to high ports of one machine are answers that came late, games and calls as often as scans: TCP only, or many. */
export function verticalScans(m: Macros, timeCondition: string, minPorts: number): string {
  return `SELECT source_ip AS source, destination_ip AS target, network_transport AS transport,
    count(DISTINCT CASE WHEN is_unanswered THEN destination_port END) AS targets,
    count(DISTINCT CASE WHEN NOT is_unanswered THEN destination_port END) AS answered, ${timeColumns(m)}
  FROM ${flows(m, timeCondition)} WHERE network_transport = 'tcp'
  GROUP BY ALL HAVING targets >= ${minPorts}
  ORDER BY targets DESC, source, target`;
}

/** Echo, timestamp and mask requests (types 8, 13, 17); Zeek puts the type in the source port. */
export function icmpScans(m: Macros, timeCondition: string, minHosts: number): string {
  return `SELECT source_ip AS source, ${m.countDistinct('destination_ip')} AS targets,
    count(DISTINCT CASE WHEN coalesce(destination_packets, 0) > 0 THEN destination_ip END) AS answered, ${timeColumns(m)}
  FROM ${flows(m, timeCondition)} WHERE network_transport IN ('icmp', 'ipv6-icmp', 'icmp6') AND coalesce(source_port, 8) IN (8, 13, 17, 128)
  GROUP BY source_ip HAVING targets >= ${minHosts} ORDER BY targets DESC, source`;
}

export function arpScans(m: Macros, timeCondition: string, minHosts: number): string {
  return `SELECT source, max(targets) AS targets, ${m.distinctListOf('mac', 3)} AS macs, sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last,
    ${m.anyOf('pointer_ids')} AS pointer_ids, ${m.anyOf('pointer_places')} AS pointer_places, ${m.anyOf('last_id')} AS last_id, ${m.anyOf('last_place')} AS last_place
  FROM (SELECT coalesce(device_ip, device_mac) AS source, ${m.anyOf('device_mac')} AS mac, ${m.hourMicros('time')} AS hour,
      ${m.countDistinct('arp_target_ip')} AS targets, ${timeColumns(m)}
    FROM device WHERE arp_operation = 'request' AND ${timeCondition} GROUP BY source, hour)
  WHERE targets >= ${minHosts} GROUP BY source ORDER BY source`;
}

export function dhcpScans(m: Macros, timeCondition: string, minAddresses: number): string {
  return `SELECT source, max(targets) AS targets, ${m.distinctListOf('mac', 3)} AS macs, sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last,
    ${m.anyOf('pointer_ids')} AS pointer_ids, ${m.anyOf('pointer_places')} AS pointer_places, ${m.anyOf('last_id')} AS last_id, ${m.anyOf('last_place')} AS last_place
  FROM (SELECT coalesce(client_ip, client_mac, source_ip) AS source, ${m.anyOf('client_mac')} AS mac, ${m.hourMicros('time')} AS hour,
      ${m.countDistinct('dhcp_requested_ip')} AS targets, ${timeColumns(m)}
    FROM dhcp WHERE ${timeCondition} GROUP BY source, hour)
  WHERE targets >= ${minAddresses} GROUP BY source ORDER BY source`;
}
