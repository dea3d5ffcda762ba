import type { Macros } from '../../store/macros.ts';
import type { WorkTable } from '../../store/store.ts';
import { endColumns, filterSql, type RitaFilter } from './filter.ts';

/**
 * RITA's tables as work tables over ours (RITA v5, importer/ and database/tables.go). Times are whole seconds as RITA
 * keeps them, durations µs, `sent` and `total` bytes with headers. Ends of connections are numbers: `flow_end` says whose.
 *
 * - `conn` finished connections that count themselves, `open_conn` the same for those that are still open
 * - `link` and `open_link` connections that another log refers to by `uid`, those included that only count through it
 * - `http_row` requests (`rank` 1 is the newest of a connection), `sni` one row for each use of a name
 * - `open_name` the same for open connections, `dns_row` DNS questions
 */
export function ritaTables(macros: Macros, filter: RitaFilter, timeCondition: string): WorkTable[] {
  const source: SourceSql = { macros, filter, timeCondition };
  return [
    ...httpTables(source),
    ...tlsTables(source),
    ...connectionTables(source),
    { name: 'sni', sql: namesOn('http_row', 'tls_row', 'link') },
    { name: 'open_name', sql: namesOn('open_http_row', 'open_tls_row', 'open_link') },
    { name: 'dns_row', sql: dnsRows(source) },
  ];
}

interface SourceSql {
  readonly macros: Macros;
  readonly filter: RitaFilter;
  readonly timeCondition: string;
}

const hasEnds = 'source_ip IS NOT NULL AND destination_ip IS NOT NULL';
const openLog = (log: string): string => `coalesce(event_dataset, '') = 'zeek.open_${log}'`;

/** SQL: the whole second of an event. */
export function wholeSecond(macros: Macros, time: string): string {
  return `floor(${macros.seconds(time)})`;
}

/** SQL over `flow`: a connection that is over. */
export const isFinished = 'coalesce(is_open, FALSE) = FALSE';

/** Open logs are written every hour; those that end within half of one belong together. */
const sameHourSeconds = 1800;

/** SQL over `flow`: open connections that count. RITA replaces its open tables at each import, so only the newest hour does. */
export function isInNewestOpenLog(macros: Macros, timeCondition: string): string {
  const openLogs = `SELECT evidence_id, max(${macros.seconds('time')} + coalesce(event_duration, 0) / 1000000.0) AS ended
    FROM flow WHERE is_open AND ${timeCondition} GROUP BY evidence_id`;
  return `is_open AND evidence_id IN (SELECT evidence_id FROM (${openLogs}) AS o
    WHERE ended > (SELECT max(ended) FROM (${openLogs}) AS l) - ${sameHourSeconds})`;
}

/** Addresses are judged once each, of which there are few, and conditions on connections are tests of what was found. */
function connectionTables({ macros, filter, timeCondition }: SourceSql): WorkTable[] {
  const drop = filterSql(filter);
  const sides = [
    ['s', 'src'],
    ['d', 'dst'],
  ];
  const flags = sides
    .map(([end, name]) => ['local', 'never', 'always'].map((flag) => `${end}.is_${flag} AS ${name}_${flag}`).join(', '))
    .join(', ');
  const joined = (condition: string): string => `
  (SELECT f.uid, s.id AS src_id, d.id AS dst_id, ${wholeSecond(macros, 'f.time')} AS ts,
    coalesce(f.event_duration, 0) AS duration, coalesce(f.source_bytes, 0) AS sent,
    coalesce(f.source_bytes, 0) + coalesce(f.destination_bytes, 0) AS total,
    coalesce(f.network_transport, '') AS proto, coalesce(f.network_protocol, '') AS service, ${flags}
  FROM (SELECT * FROM flow WHERE ${timeCondition} AND ${condition}) AS f
  JOIN flow_end s ON s.ip = f.source_ip JOIN flow_end d ON d.ip = f.destination_ip) AS j`;
  const counted = (condition: string): string =>
    `SELECT src_id, dst_id, ts, duration, sent, total, src_local FROM ${joined(condition)} WHERE NOT ${drop.pair}`;
  const linked = (condition: string): string =>
    `SELECT uid, src_id, dst_id, ts, duration, sent, total, proto, service, ${drop.pair} AS is_dropped
    FROM ${joined(`uid IN (SELECT uid FROM named_uid) AND ${condition}`)} WHERE NOT ${drop.link}`;
  const isOpen = isInNewestOpenLog(macros, timeCondition);
  const rows = ['http_row', 'tls_row', 'open_http_row', 'open_tls_row'];
  return [
    {
      name: 'flow_end',
      sql: `SELECT CAST(row_number() OVER () AS INTEGER) AS id, ip, ${macros.isLocal('ip')} AS is_local,
      ${macros.isWithin('ip', filter.neverIncluded)} AS is_never, ${macros.isWithin('ip', filter.alwaysIncluded)} AS is_always
    FROM (SELECT source_ip AS ip FROM flow WHERE ${hasEnds} AND ${timeCondition}
      UNION SELECT destination_ip FROM flow WHERE ${hasEnds} AND ${timeCondition}) AS e`,
    },
    { name: 'named_uid', sql: rows.map((name) => `SELECT uid FROM ${name} WHERE uid IS NOT NULL`).join(' UNION ') },
    { name: 'conn', sql: counted(isFinished) },
    { name: 'link', sql: linked(isFinished) },
    { name: 'open_conn', sql: counted(isOpen) },
    { name: 'open_link', sql: linked(isOpen) },
  ];
}

/**
 * A request to a proxy goes to what it asks for, so the proxy's own address is not judged; an address that is asked for
 * by number is. A request without a Host header is kept whoever sent it.
 */
function httpTables({ macros, filter, timeCondition }: SourceSql): WorkTable[] {
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
  return [
    { name: 'http_row', sql: rows(`NOT ${openLog('http')}`) },
    { name: 'open_http_row', sql: rows(openLog('http')) },
  ];
}

function tlsTables({ macros, filter, timeCondition }: SourceSql): WorkTable[] {
  const rows = (condition: string): string => `
  SELECT DISTINCT uid, src, dst, port, name, signature, src_local, dst_local FROM (
    SELECT uid, source_ip AS src, destination_ip AS dst, coalesce(destination_port, 0) AS port,
      tls_client_server_name AS name, tls_client_ja3 AS signature, ${endColumns(macros, filter)}
    FROM tls WHERE ${timeCondition} AND ${hasEnds} AND tls_client_server_name IS NOT NULL AND ${condition}) AS t
  WHERE src_local AND NOT ${filterSql(filter).pair}`;
  return [
    { name: 'tls_row', sql: rows(`NOT ${openLog('ssl')}`) },
    { name: 'open_tls_row', sql: rows(openLog('ssl')) },
  ];
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

function dnsRows({ macros, filter, timeCondition }: SourceSql): string {
  return `
  SELECT ts, src, dst, name, type, resolved, src_local, dst_local FROM (
    SELECT ${wholeSecond(macros, 'time')} AS ts, source_ip AS src, destination_ip AS dst, dns_question_name AS name,
      dns_question_type AS type, dns_resolved_ip AS resolved, ${endColumns(macros, filter)}
    FROM dns WHERE ${timeCondition} AND ${hasEnds} AND ${macros.contains('dns_question_name', "'.'")}) AS d
  WHERE NOT ${filterSql(filter).dns}`;
}
