import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Requests to one address: fewer are no stream. */
const leastRequests = 40;
/** Bytes each way, and how many sizes of bodies: a form or a report is sent in a few. */
const leastBytes = 4096;
const leastSizes = 8;
/** Requests this close are a conversation: people and timers wait longer. */
const closeMicros = 2_000_000;
/** Addresses that are told: more are a flood. */
const maxAddresses = 500;

/** Types that say nothing of a body: none was recognised, or none was given. Base64 looks like plain text. */
const opaqueTypes = ['', 'application/octet-stream', 'binary/octet-stream', 'text/plain'];

function isOpaque(column: string): string {
  return `lower(coalesce(${column}, '')) IN (${opaqueTypes.map((type) => `'${type}'`).join(', ')})`;
}

/** The request target without its query. */
const path = "split_part(url_original, '?', 1)";

/**
 * Addresses (server, port, path) that one client asked again and again, close upon each other, with bodies of no known type and of changing
 * sizes both ways; with how many other paths of the server it asked for, and how many clients asked that path.
 */
export function streamRequests(m: Macros, timeCondition: string): string {
  const size = (column: string): string => `coalesce(${column}, 0)`;
  return `WITH asked AS (
    SELECT *, ${path} AS path FROM http
    WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND url_original IS NOT NULL AND coalesce(http_request_method, '') <> 'CONNECT' AND ${timeCondition}),
  busy AS (
    SELECT source_ip, destination_ip, destination_port, path FROM asked
    GROUP BY source_ip, destination_ip, destination_port, path
    HAVING count(*) >= ${leastRequests} AND ${m.countDistinct('http_request_body_bytes')} >= ${leastSizes}
      AND ${m.countDistinct('http_response_body_bytes')} >= ${leastSizes}
      AND sum(${size('http_request_body_bytes')}) >= ${leastBytes} AND sum(${size('http_response_body_bytes')}) >= ${leastBytes}),
  paced AS (
    SELECT a.*, ${m.micros('a.time')} - lag(${m.micros('a.time')}) OVER
      (PARTITION BY a.source_ip, a.destination_ip, a.destination_port, a.path ORDER BY a.time, a.evidence_at) AS gap
    FROM asked a JOIN busy b ON a.source_ip = b.source_ip AND a.destination_ip = b.destination_ip
      AND a.destination_port = b.destination_port AND a.path = b.path),
  told AS (
    SELECT source_ip, destination_ip, destination_port, path, count(*) AS n, max(url_domain) AS domain, max(user_agent_original) AS agent,
      ${m.countIf(`gap <= ${closeMicros}`)} AS close_together, ${m.countIf('http_request_referrer IS NOT NULL')} AS referred,
      ${m.countIf(`${isOpaque('http_request_mime_type')} AND ${isOpaque('http_response_mime_type')}`)} AS opaque,
      ${m.countDistinct('http_request_body_bytes')} AS sizes_out, ${m.countDistinct('http_response_body_bytes')} AS sizes_in,
      sum(${size('http_request_body_bytes')})::BIGINT AS bytes_out, sum(${size('http_response_body_bytes')})::BIGINT AS bytes_in,
      ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM paced GROUP BY source_ip, destination_ip, destination_port, path),
  visits AS (SELECT source_ip, destination_ip, ${m.countDistinct('path')} AS paths FROM asked GROUP BY source_ip, destination_ip),
  visitors AS (
    SELECT destination_port, path, url_domain, ${m.countDistinct('source_ip')} AS clients FROM asked
    GROUP BY destination_port, path, url_domain)
  SELECT t.*, v.paths, coalesce(c.clients, 1) AS clients
  FROM told t JOIN visits v ON v.source_ip = t.source_ip AND v.destination_ip = t.destination_ip
    LEFT JOIN visitors c ON c.destination_port = t.destination_port AND c.path = t.path AND c.url_domain = t.domain
  WHERE t.opaque >= 0.9 * t.n AND t.close_together >= 0.5 * t.n
  ORDER BY t.n DESC, t.source_ip, t.destination_ip, t.path LIMIT ${maxAddresses}`;
}
