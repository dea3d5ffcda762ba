import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';

/** SYN, RST and perhaps ACK, with and without the two bits of congestion notification (RFC 3168) that an opening may carry. */
const refusedFlags = ['06', '16', '46', '56', '86', '96', 'c6', 'd6'].map((flags) => `'${flags}'`).join(', ');

/**
 * A flow that its target did not take up: no answer, or a refusal. By Zeek's state where there is one (S0 no reply, REJ
 * refused, SH and RSTOS0 given up half-way, RSTRH reset in the handshake), else by the packets: nothing came back, or one
 * packet for the one or two of an opening, which is a reset. An opening tried again after each refusal has more of both,
 * and is told by its flags: SYN and RST without PSH or FIN, so that nothing was said before the end.
 */
const unanswered = `CASE WHEN conn_state IN ('S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR') THEN TRUE
  WHEN conn_state IN ('SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'OTH') THEN FALSE
  ELSE coalesce(destination_packets, 1) = 0
    OR (network_transport = 'tcp' AND coalesce(source_packets, 9) <= 2 AND coalesce(destination_packets, 9) <= 1)
    OR (network_transport = 'tcp' AND coalesce(source_packets, 9) <= 4 AND lower(coalesce(tcp_flags, '')) IN (${refusedFlags})) END`;

/** Neither one machine nor another: multicast and broadcast (the last address of a /24 is taken as one). */
function isGroupAddress(m: Macros, column: string): string {
  const first = `try_cast(split_part(${column}, '.', 1) AS INTEGER)`;
  return `(coalesce(${first} BETWEEN 224 AND 239, FALSE) OR ${m.startsWith(column, "'ff'")} OR split_part(${column}, '.', 4) = '255')`;
}

/** A table expression of the flows that scans are made of. */
function flows(timeCondition: string, condition: string): string {
  return `(SELECT source_ip AS source, destination_ip AS target, destination_port AS port, network_transport AS transport, time, ${unanswered} AS is_dead
    FROM flow WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND coalesce(is_open, FALSE) = FALSE AND ${condition} AND ${timeCondition})`;
}

/** Flows folded to source, target, port and transport in one pass: everything after works on the pairs. */
function pairs(m: Macros, from: string): string {
  return `pair AS MATERIALIZED (
    SELECT source, target, port, transport, count(*) AS n, ${m.countIf('is_dead')} AS dead, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last
    FROM ${from} GROUP BY ALL),
  one AS (SELECT * FROM pair WHERE NOT ${isGroupAddress(m, 'target')})`;
}

/**
 * Horizontal and vertical scans out of one folding of the flows, of those only that go where enough was not taken up: in
 * most networks little is. A target counts as answering when any of its flows was
 * taken up. Vertical ones are TCP only: datagrams to high ports of one machine are answers that came late, games and calls
 * as often as scans.
 */
export function flowScans(m: Macros, timeCondition: string, bounds: { hosts: number; ports: number }): string {
  const counts = `${m.countIf('dead > 0')} AS targets, ${m.countIf('dead < n')} AS answered`;
  const all = flows(timeCondition, "network_transport IN ('tcp', 'udp')");
  const asWide = '(source, coalesce(port, -1), transport)';
  return `WITH wide AS (SELECT source, coalesce(port, -1) AS port, transport FROM ${all} WHERE is_dead GROUP BY ALL HAVING count(*) >= ${bounds.hosts}),
  deep AS (SELECT source, target FROM ${all} WHERE is_dead AND transport = 'tcp' GROUP BY ALL HAVING count(*) >= ${bounds.ports}),
  tried AS (SELECT * FROM ${all} WHERE ${asWide} IN (SELECT source, port, transport FROM wide) OR (source, target) IN (SELECT source, target FROM deep)),
  ${pairs(m, 'tried')},
  horizontal AS (
    SELECT 'horizontal' AS kind, source, NULL AS target, port, transport, ${counts}, sum(dead)::BIGINT AS n, min(first) AS first, max(last) AS last
    FROM one GROUP BY source, port, transport HAVING targets >= ${bounds.hosts} AND targets >= 0.3 * answered
    ORDER BY targets DESC, source, port LIMIT ${maxScans}),
  vertical AS (
    SELECT 'vertical' AS kind, source, target, NULL AS port, transport, ${counts}, sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last
    FROM one WHERE transport = 'tcp' GROUP BY source, target, transport HAVING targets >= ${bounds.ports}
    ORDER BY targets DESC, source, target LIMIT ${maxScans})
  SELECT * FROM horizontal UNION ALL SELECT * FROM vertical ORDER BY kind, targets DESC, source, target, port`;
}

/** Scans of one kind that are told: beyond, the evidence is one large scan and more findings say little more. */
export const maxScans = 300;

/** First and last flows of a scan that was found, for its pointers. Parameters: source, and what is fixed. */
export function scanFlows(m: Macros, timeCondition: string, fixed: readonly string[], onlyDead: boolean): string {
  const conditions = ['source_ip = ?', ...fixed.map((column) => `${column} = ?`), timeCondition];
  return `SELECT ${pointerColumns(m)} FROM flow WHERE ${conditions.join(' AND ')}${onlyDead ? ` AND ${unanswered}` : ''}`;
}

/** Echo, timestamp and mask requests (types 8, 13, 17); Zeek puts the type in the source port. */
export function icmpScans(m: Macros, timeCondition: string, minHosts: number): string {
  const isRequest =
    "network_transport IN ('icmp', 'ipv6-icmp', 'icmp6') AND coalesce(source_port, 8) IN (8, 13, 17, 128)";
  return `WITH ${pairs(m, flows(timeCondition, isRequest))}
  SELECT source, ${m.countDistinct('target')} AS targets, count(DISTINCT CASE WHEN dead < n THEN target END) AS answered,
    sum(n)::BIGINT AS n, min(first) AS first, max(last) AS last, ${m.anyOf('transport')} AS transport
  FROM one GROUP BY source HAVING targets >= ${minHosts} ORDER BY targets DESC, source LIMIT ${maxScans}`;
}

/** Columns of scans that are few enough to be grouped with their pointers at once. */
function timeColumns(m: Macros): string {
  return `count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}`;
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
