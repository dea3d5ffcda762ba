import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** A request that lasts no longer is like any other. */
const leastMicros = 5_000_000;
/** Both ways together have to be open this long, or less where they are so many and so small packets that nothing but keys and echoes makes them. */
const leastOpenMicros = 20_000_000;
const leastOpenMicrosOfMany = 8_000_000;
const manyPackets = 40;
const smallBytesOfPacket = 128;
const leastBytes = 1024;
/** Payload of a packet: a file is sent in full ones, a stream in what comes up. */
const mostBytesOfPacket = 700;
/** Slower than any download of its own. */
const mostBytesOfSecond = 65_536;
const maxPairs = 500;

/**
 * Clients that send one body bit by bit, and meanwhile get another bit by bit from the same address (server, port, path), each in a connection
 * of its own: a stream both ways in a few lasting requests. One request will do whose answer begins before it is over, as only captures tell
 * (`request_body_after_answer`).
 */
export function lastingRequests(m: Macros, timeCondition: string): string {
  const size = (column: string): string => `coalesce(${column}, 0)`;
  const start = m.micros('f.time');
  const isUp = `http_request_method IN ('POST', 'PUT') AND ${size('http_request_body_bytes')} >= ${leastBytes}
      AND ${size('http_response_body_bytes')} < ${leastBytes} AND ${size('f.source_payload_bytes')} <= ${mostBytesOfPacket} * ${size('f.source_packets')}`;
  const isSlow = (bytes: string): string => `${size(bytes)} * 1000000.0 <= ${mostBytesOfSecond} * f.event_duration`;
  const isBoth = `http_request_method IN ('POST', 'PUT') AND http_version IN ('1.0', '1.1')
      AND coalesce(${m.numberOf(m.jsonText('h.fields', 'request_body_after_answer'))}, 0) >= ${leastBytes} AND ${size('http_response_body_bytes')} >= ${leastBytes}
      AND ${isSlow('http_request_body_bytes')} AND ${isSlow('http_response_body_bytes')}
      AND ${size('f.source_payload_bytes')} <= ${mostBytesOfPacket} * ${size('f.source_packets')}
      AND ${size('f.destination_payload_bytes')} <= ${mostBytesOfPacket} * ${size('f.destination_packets')}
      AND ${size('f.source_packets')} >= ${manyPackets} AND ${size('f.destination_packets')} >= ${manyPackets}`;
  const isDown = `http_request_method = 'GET' AND ${size('http_request_body_bytes')} = 0 AND ${size('http_response_body_bytes')} >= ${leastBytes}
      AND ${isSlow('http_response_body_bytes')}`;
  return `WITH lasting AS (
    SELECT h.*, split_part(h.url_original, '?', 1) AS path, ${start} AS start, ${start} + f.event_duration AS finish, f.event_duration AS lasted,
      ${m.contains('lower(f.network_protocol)', "'rtsp'")} AS is_rtsp,
      (${isUp}) OR (${isBoth}) AS is_up, (${isDown}) OR (${isBoth}) AS is_down, (${isBoth}) AS is_both,
      ${size('f.source_payload_bytes')} AS payload, ${size('f.source_packets')} AS packets
    FROM (SELECT * FROM flow WHERE event_duration >= ${leastMicros} AND uid IS NOT NULL
        AND ${m.contains("lower(coalesce(network_protocol, ''))", "'http'")} AND ${timeCondition}) f
      JOIN (SELECT * FROM http WHERE uid IS NOT NULL AND url_original IS NOT NULL AND ${timeCondition}) h ON h.uid = f.uid
    WHERE h.source_ip IS NOT NULL AND h.destination_ip IS NOT NULL),
  alone AS (SELECT uid FROM lasting GROUP BY uid HAVING count(*) = 1),
  told AS (
    SELECT source_ip, destination_ip, destination_port, path, max(url_domain) AS domain,
      ${m.countIf('is_up')} AS ups, ${m.countIf('is_down')} AS downs, count(*) AS n,
      ${m.countIf('is_both')} AS boths, ${m.sumIf('payload', 'is_up')} AS up_payload, ${m.sumIf('packets', 'is_up')} AS up_packets,
      ${m.sumIf('lasted', 'is_up')} AS up_micros, ${m.sumIf('lasted', 'is_down')} AS down_micros,
      ${m.sumIf(size('http_request_body_bytes'), 'is_up')} AS bytes_out, ${m.sumIf(size('http_response_body_bytes'), 'is_down')} AS bytes_in,
      min(CASE WHEN is_up THEN start END) AS up_start, max(CASE WHEN is_up THEN finish END) AS up_finish,
      min(CASE WHEN is_down THEN start END) AS down_start, max(CASE WHEN is_down THEN finish END) AS down_finish,
      ${m.countIf('http_request_referrer IS NOT NULL')} AS referred, ${m.countIf('NOT is_rtsp')} = 0 AS is_rtsp,
      min(start) AS first, max(finish) AS last, ${pointerColumns(m)}
    FROM lasting WHERE uid IN (SELECT uid FROM alone) AND (is_up OR is_down)
    GROUP BY source_ip, destination_ip, destination_port, path),
  visits AS (
    SELECT source_ip, destination_ip, ${m.countDistinct("split_part(url_original, '?', 1)")} AS paths FROM http
    WHERE ${timeCondition} GROUP BY source_ip, destination_ip),
  visitors AS (
    SELECT destination_ip, destination_port, split_part(url_original, '?', 1) AS path, ${m.countDistinct('source_ip')} AS clients FROM http
    WHERE ${timeCondition} GROUP BY destination_ip, destination_port, split_part(url_original, '?', 1))
  SELECT t.*, v.paths, c.clients
  FROM told t JOIN visits v ON v.source_ip = t.source_ip AND v.destination_ip = t.destination_ip
    JOIN visitors c ON c.destination_ip = t.destination_ip AND c.destination_port = t.destination_port AND c.path = t.path
  WHERE ups > 0 AND downs > 0 AND (up_micros >= ${leastOpenMicros} OR (up_micros >= ${leastOpenMicrosOfMany}
      AND up_packets >= ${manyPackets} AND up_payload <= ${smallBytesOfPacket} * up_packets)) AND down_micros >= 0.5 * up_micros
    AND up_start < down_finish AND down_start < up_finish
  ORDER BY t.n DESC, t.source_ip, t.destination_ip, t.path LIMIT ${maxPairs}`;
}
