import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

const maxPairs = 500;

/**
 * WebSockets in which both sides say only what is binary and whose bytes are all equally frequent, by client, server, port and host: what was
 * seen is not encrypted from outside, so that somebody encrypts inside.
 */
export function evenWebsockets(m: Macros, timeCondition: string): string {
  const of = (side: string, name: string): string => m.jsonPathText('fields', [side, name]);
  const isEven = (side: string): string => `${of(side, 'is_even')} = 'true' AND ${of(side, 'text_messages')} = '0'`;
  return `WITH even AS (
    SELECT *, ${m.numberOf(of('orig', 'bytes'))} AS bytes_out, ${m.numberOf(of('resp', 'bytes'))} AS bytes_in,
      ${m.numberOf(of('orig', 'binary_messages'))} AS messages_out, ${m.numberOf(of('resp', 'binary_messages'))} AS messages_in
    FROM log WHERE log_name = 'websocket_content' AND uid IS NOT NULL AND ${timeCondition}
      AND source_ip IS NOT NULL AND destination_ip IS NOT NULL AND ${m.jsonText('fields', 'is_compressed')} = 'false'
      AND ${isEven('orig')} AND ${isEven('resp')}),
  asked AS (
    SELECT uid, max(${m.jsonText('fields', 'host')}) AS host, max(${m.jsonText('fields', 'uri')}) AS uri,
      max(${m.jsonText('fields', 'user_agent')}) AS agent, max(${m.jsonText('fields', 'subprotocol')}) AS subprotocol
    FROM log WHERE log_name = 'websocket' AND uid IN (SELECT uid FROM even) AND ${timeCondition} GROUP BY uid),
  told AS (
    SELECT e.source_ip, e.destination_ip, e.destination_port, a.host, max(a.uri) AS uri, max(a.agent) AS agent, max(a.subprotocol) AS subprotocol,
      count(*) AS n, sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in, sum(messages_out) AS messages_out, sum(messages_in) AS messages_in,
      ${m.micros('min(e.time)')} AS first, ${m.micros('max(e.time)')} AS last, ${pointerColumns(m)}
    FROM even e LEFT JOIN asked a ON a.uid = e.uid
    GROUP BY e.source_ip, e.destination_ip, e.destination_port, a.host),
  visits AS (
    SELECT source_ip, destination_ip, ${m.countDistinct("split_part(url_original, '?', 1)")} AS paths FROM http
    WHERE ${timeCondition} GROUP BY source_ip, destination_ip),
  visitors AS (
    SELECT destination_ip, destination_port, ${m.countDistinct('source_ip')} AS clients FROM even GROUP BY destination_ip, destination_port)
  SELECT t.*, coalesce(v.paths, 0) AS paths, c.clients
  FROM told t JOIN visitors c ON c.destination_ip = t.destination_ip AND c.destination_port IS NOT DISTINCT FROM t.destination_port
    LEFT JOIN visits v ON v.source_ip = t.source_ip AND v.destination_ip = t.destination_ip
  ORDER BY t.n DESC, t.source_ip, t.destination_ip, t.host LIMIT ${maxPairs}`;
}
