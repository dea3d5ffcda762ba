import type { Macros } from '../../store/macros.ts';
import { endColumns, filterSql, type RitaFilter } from './filter.ts';

/**
 * RITA's tables as common table expressions over ours (RITA v5, importer/ and database/tables.go). Times are whole
 * seconds as RITA keeps them, durations seconds, `sent` and `total` bytes with headers.
 *
 * - `link` every finished connection that any log may refer to, `conn` those of them that count themselves
 * - `open_link` and `open_conn` the same for connections that are still open
 * - `http_row` requests (`rank` 1 is the newest of a connection), `sni` one row for each use of a name
 * - `open_name` the same for open connections, `dns_row` DNS questions
 */
export function ritaTables(macros: Macros, filter: RitaFilter, timeCondition: string): string {
  const source: SourceSql = { macros, filter, timeCondition };
  return `WITH ${connectionTables(source)},\n${httpTables(source)},\n${tlsTables(source)},\n${nameTables},\n${dnsTable(source)}`;
}

interface SourceSql {
  readonly macros: Macros;
  readonly filter: RitaFilter;
  readonly timeCondition: string;
}

const hasEnds = 'source_ip IS NOT NULL AND destination_ip IS NOT NULL';
const openLog = (log: string): string => `coalesce(event_dataset, '') = 'zeek.open_${log}'`;
const second = (macros: Macros): string => `floor(${macros.seconds('time')}) AS ts`;

/** Open logs are written every hour; those that end within half of one belong together. */
const sameHourSeconds = 1800;

/**
 * What is kept is judged once for each pair of addresses, of which there are few. RITA replaces its open tables at each
 * import, so only the newest hour of open logs counts.
 */
function connectionTables({ macros, filter, timeCondition }: SourceSql): string {
  const drop = filterSql(filter);
  const kept = (condition: string): string => `
  SELECT f.uid, floor(${macros.seconds('f.time')}) AS ts, f.source_ip AS src, f.destination_ip AS dst,
    coalesce(f.source_port, 0) AS source_port, coalesce(f.destination_port, 0) AS port,
    coalesce(f.network_transport, '') AS proto, coalesce(f.network_protocol, '') AS service,
    coalesce(f.event_duration, 0) / 1000000.0 AS duration, coalesce(f.source_bytes, 0) AS sent,
    coalesce(f.source_bytes, 0) + coalesce(f.destination_bytes, 0) AS total, p.src_local, p.dst_local, p.is_dropped
  FROM (SELECT * FROM flow WHERE ${timeCondition} AND ${condition}) AS f
  JOIN judged_pair p ON p.source_ip = f.source_ip AND p.destination_ip = f.destination_ip`;
  return `judged_pair AS (
  SELECT source_ip, destination_ip, src_local, dst_local, ${drop.pair} AS is_dropped FROM (
    SELECT source_ip, destination_ip, ${endColumns(macros, filter)} FROM (
      SELECT DISTINCT source_ip, destination_ip FROM flow WHERE ${hasEnds} AND ${timeCondition}) AS d) AS e
  WHERE NOT ${drop.link}),
link AS (${kept('coalesce(is_open, FALSE) = FALSE')}),
conn AS (SELECT * FROM link WHERE NOT is_dropped),
open_log AS (
  SELECT evidence_id, max(${macros.seconds('time')} + coalesce(event_duration, 0) / 1000000.0) AS ended
  FROM flow WHERE is_open AND ${timeCondition} GROUP BY evidence_id),
open_link AS (${kept(`is_open AND evidence_id IN (
      SELECT evidence_id FROM open_log WHERE ended > (SELECT max(ended) FROM open_log) - ${sameHourSeconds})`)}),
open_conn AS (SELECT * FROM open_link WHERE NOT is_dropped)`;
}

/**
 * A request to a proxy goes to what it asks for, so the proxy's own address is not judged; an address that is asked for
 * by number is. A request without a Host header is kept whoever sent it.
 */
function httpTables({ macros, filter, timeCondition }: SourceSql): string {
  const drop = filterSql(filter);
  const host = "coalesce(http_host, url_domain, '')";
  const isProxy = "coalesce(http_request_method, '') = 'CONNECT'";
  const isAddress = `(lower(${host}) = upper(${host}) AND ${host} <> '')`;
  const far = `CASE WHEN ${isProxy} AND ${isAddress} THEN ${host} ELSE destination_ip END`;
  const rows = (condition: string): string => `
  SELECT *, row_number() OVER (PARTITION BY uid ORDER BY time DESC, evidence_at DESC) AS rank FROM (
    SELECT uid, time, source_ip AS src, destination_ip AS dst, coalesce(destination_port, 0) AS port, ${host} AS host,
      ${isProxy} AS is_proxy, ${isProxy} AND ${isAddress} AS is_proxied_address, user_agent_original AS signature, url_original,
      http_response_mime_type AS mime_types, evidence_at, ${macros.isLocal('destination_ip')} AS via_local,
      ${endColumns(macros, filter, far)}
    FROM http WHERE ${timeCondition} AND ${hasEnds} AND ${condition}) AS h
  WHERE CASE WHEN is_proxy THEN NOT ${drop.client} AND NOT (is_proxied_address AND via_local AND ${drop.pair})
    ELSE NOT ${drop.pair} AND (src_local OR host = '') END`;
  return `http_row AS (${rows(`NOT ${openLog('http')}`)}),\nopen_http_row AS (${rows(openLog('http'))})`;
}

function tlsTables({ macros, filter, timeCondition }: SourceSql): string {
  const rows = (condition: string): string => `
  SELECT DISTINCT uid, src, dst, port, name, signature, src_local, dst_local FROM (
    SELECT uid, source_ip AS src, destination_ip AS dst, coalesce(destination_port, 0) AS port,
      tls_client_server_name AS name, tls_client_ja3 AS signature, ${endColumns(macros, filter)}
    FROM tls WHERE ${timeCondition} AND ${hasEnds} AND tls_client_server_name IS NOT NULL AND ${condition}) AS t
  WHERE src_local AND NOT ${filterSql(filter).pair}`;
  return `tls_row AS (${rows(`NOT ${openLog('ssl')}`)}),\nopen_tls_row AS (${rows(openLog('ssl'))})`;
}

/** Times, sizes and lengths of a name's use are those of its connection. */
function namesOn(http: string, tls: string, link: string): string {
  return `
  SELECT h.uid, h.src, h.host AS fqdn, h.dst, h.is_proxy, h.port, h.src_local, h.via_local AS dst_local, TRUE AS is_http,
    h.signature, l.ts, l.sent, l.total, l.duration, l.proto, l.service
  FROM ${http} h JOIN ${link} l ON l.uid = h.uid WHERE h.rank = 1 AND h.host <> ''
  UNION ALL
  SELECT t.uid, t.src, t.name, t.dst, FALSE, t.port, t.src_local, t.dst_local, FALSE,
    t.signature, l.ts, l.sent, l.total, l.duration, l.proto, l.service
  FROM ${tls} t JOIN ${link} l ON l.uid = t.uid`;
}
const nameTables = `sni AS (${namesOn('http_row', 'tls_row', 'link')}),
open_name AS (${namesOn('open_http_row', 'open_tls_row', 'open_link')})`;

function dnsTable({ macros, filter, timeCondition }: SourceSql): string {
  return `dns_row AS (
  SELECT ts, src, dst, name, type, resolved, src_local, dst_local FROM (
    SELECT ${second(macros)}, source_ip AS src, destination_ip AS dst, dns_question_name AS name, dns_question_type AS type,
      dns_resolved_ip AS resolved, ${endColumns(macros, filter)}
    FROM dns WHERE ${timeCondition} AND ${hasEnds} AND ${macros.contains('dns_question_name', "'.'")}) AS d
  WHERE NOT ${filterSql(filter).dns})`;
}
