import type { ReadStore, SqlRow } from '../../store/store.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/** One pair that RITA keeps: a host and a name (`fqdn`), or two addresses. */
export interface RitaPair {
  readonly source: string;
  /** Empty for a name. */
  readonly destination: string;
  /** Empty for a pair of addresses. */
  readonly fqdn: string;
  readonly count: number;
  readonly proxyCount: number;
  readonly openCount: number;
  readonly missingHostCount: number;
  readonly uniqueTimes: number;
  /** Seconds, open connections included. */
  readonly totalDuration: number;
  readonly totalBytes: number;
  readonly serverIps: readonly string[];
  readonly proxyIps: readonly string[];
  /** `443:tcp:ssl`, `icmp:8/0`. */
  readonly ports: readonly string[];
  /** Seconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Internal hosts that use the destination. */
  readonly prevalence: number;
}

/** What RITA cuts its lists to. */
const maxServers = 10;
const maxPorts = 20;

/** True where a pair can be a beacon, a long connection or a strobe: only then RITA keeps it. */
function isThreat(profile: RitaProfile): string {
  return `(sum(n) > 0 AND max(unique_times) >= ${profile.beacon.minimumUniqueTimes} AND sum(n) < ${strobeConnections})
    OR sum(duration) >= ${profile.longConnection.base} OR sum(n) >= ${strobeConnections}`;
}

/** Names: finished connections of the window, and open ones of whatever age. */
export async function readNamePairs(
  store: ReadStore,
  tables: string,
  window: RitaWindow,
  profile: RitaProfile,
): Promise<RitaPair[]> {
  const { macros } = store;
  const port = `port || ':' || proto || ':' || service`;
  const rows = await store.query(`${tables},
use AS (
  SELECT src, fqdn, ts, duration, total, dst, is_proxy, is_http, src_local, dst_local, ${port} AS port_text, FALSE AS is_open
  FROM sni WHERE ts >= ${window.from}
  UNION ALL
  SELECT src, fqdn, ts, duration, total, dst, is_proxy, is_http, src_local, dst_local, ${port}, TRUE FROM open_name),
user_of AS (
  SELECT fqdn, src AS host FROM use WHERE src_local UNION SELECT fqdn, dst FROM use WHERE dst_local
  UNION SELECT name, src FROM dns_row WHERE src_local AND ts >= ${window.from}
  UNION SELECT name, dst FROM dns_row WHERE dst_local AND ts >= ${window.from}),
prevalence AS (SELECT fqdn, count(*) AS hosts FROM user_of GROUP BY fqdn),
grouped AS (
  SELECT src, fqdn, is_open, is_proxy, count(*) AS n, ${macros.countDistinct('ts')} AS unique_times,
    sum(duration) AS duration, sum(total) AS total
  FROM use GROUP BY src, fqdn, is_open, is_proxy),
threat AS (
  SELECT src, fqdn, sum(CASE WHEN is_open THEN 0 ELSE n END) AS n, sum(CASE WHEN is_open THEN n ELSE 0 END) AS open_count,
    sum(CASE WHEN is_proxy THEN n ELSE 0 END) AS proxy_count, max(CASE WHEN is_open THEN 0 ELSE unique_times END) AS unique_times,
    sum(duration) AS duration, sum(total) AS total
  FROM grouped GROUP BY src, fqdn),
kept AS (
  SELECT src, fqdn FROM threat GROUP BY src, fqdn HAVING ${isThreat(profile)}),
about AS (
  SELECT u.src, u.fqdn, ${macros.distinctListOf('CASE WHEN NOT u.is_proxy THEN u.dst END', maxServers)} AS servers,
    ${macros.distinctListOf('CASE WHEN u.is_proxy THEN u.dst END', maxServers)} AS proxies,
    ${macros.distinctListOf('u.port_text', maxPorts)} AS ports, min(u.ts) AS first_seen, max(u.ts) AS last_seen
  FROM use u JOIN kept k ON k.src = u.src AND k.fqdn = u.fqdn GROUP BY u.src, u.fqdn)
SELECT t.src, '' AS dst, t.fqdn, t.n, t.proxy_count, t.open_count, 0 AS missing_hosts, t.unique_times, t.duration, t.total,
  a.servers, a.proxies, a.ports, a.first_seen, a.last_seen, coalesce(p.hosts, 0) AS hosts
FROM about a JOIN threat t ON t.src = a.src AND t.fqdn = a.fqdn LEFT JOIN prevalence p ON p.fqdn = t.fqdn
ORDER BY t.src, t.fqdn`);
  return rows.map(toPair);
}

/**
 * Common table expressions for pairs of addresses. `explained` (src, dst) are pairs that a name stands for: some
 * connection of theirs carries a name that is a beacon or a long connection itself, or a name that is open. A pair that
 * occurs among finished and among open connections is explained only if it is among both.
 */
export function explainedPairs(window: RitaWindow, profile: RitaProfile): string {
  const pairsWith = (table: string): string =>
    `SELECT DISTINCT src, dst FROM ${table} WHERE uid IN (SELECT uid FROM taken_uid)`;
  return `named_uid AS (
  SELECT h.uid, h.src, h.host AS fqdn FROM http_row h JOIN link l ON l.uid = h.uid WHERE h.rank <= ${maxRequests} AND h.host <> ''
  UNION SELECT uid, src, fqdn FROM sni),
strong_name AS (
  SELECT src, fqdn FROM sni WHERE ts >= ${window.from} GROUP BY src, fqdn
  HAVING (count(DISTINCT ts) >= ${profile.beacon.minimumUniqueTimes} AND count(*) < ${strobeConnections})
    OR sum(duration) >= ${profile.longConnection.base}),
taken_uid AS (
  SELECT n.uid FROM named_uid n JOIN strong_name s ON s.src = n.src AND s.fqdn = n.fqdn
  UNION SELECT uid FROM open_name),
closed_taken AS (${pairsWith('conn')}),
open_taken AS (${pairsWith('open_conn')}),
open_pair AS (SELECT DISTINCT src, dst FROM open_conn),
explained AS (
  SELECT c.src, c.dst FROM closed_taken c LEFT JOIN open_pair o ON o.src = c.src AND o.dst = c.dst
  LEFT JOIN open_taken t ON t.src = c.src AND t.dst = c.dst WHERE o.src IS NULL OR t.src IS NOT NULL
  UNION
  SELECT t.src, t.dst FROM open_taken t
  LEFT JOIN (SELECT DISTINCT c.src, c.dst FROM conn c JOIN open_taken t ON t.src = c.src AND t.dst = c.dst) AS c
    ON c.src = t.src AND c.dst = t.dst WHERE c.src IS NULL)`;
}

/** Requests of one connection that RITA keeps. */
const maxRequests = 20;

export async function readAddressPairs(
  store: ReadStore,
  tables: string,
  window: RitaWindow,
  profile: RitaProfile,
): Promise<RitaPair[]> {
  const { macros } = store;
  const port = `CASE WHEN proto = 'icmp' THEN 'icmp:' || source_port || '/' || port ELSE port || ':' || proto || ':' || service END`;
  const columns = 'src, dst, ts, duration, total, src_local, proto, source_port, port, service';
  const rows = await store.query(`${tables},
${explainedPairs(window, profile)},
use AS (
  SELECT ${columns}, FALSE AS is_open FROM conn WHERE ts >= ${window.from} UNION ALL SELECT ${columns}, TRUE FROM open_conn),
grouped AS (
  SELECT src, dst, src_local, sum(CASE WHEN is_open THEN 0 ELSE 1 END) AS n, sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS open_count,
    sum(duration) AS duration, sum(total) AS total, min(ts) AS first_seen, max(ts) AS last_seen,
    CASE WHEN src_local THEN dst ELSE src END AS far
  FROM use GROUP BY src, dst, src_local),
prevalence AS (
  SELECT far AS ip, ${macros.countDistinct('CASE WHEN src_local THEN src ELSE dst END')} AS hosts FROM grouped GROUP BY far),
likely AS (
  SELECT g.* FROM grouped g LEFT JOIN explained e ON e.src = g.src AND e.dst = g.dst
  WHERE e.src IS NULL AND (g.n >= ${profile.beacon.minimumUniqueTimes} OR g.duration >= ${profile.longConnection.base})),
about AS (
  SELECT u.src, u.dst, ${macros.countDistinct('CASE WHEN NOT u.is_open THEN u.ts END')} AS unique_times
  FROM use u JOIN likely k ON k.src = u.src AND k.dst = u.dst GROUP BY u.src, u.dst),
port_use AS (SELECT DISTINCT u.src, u.dst, ${port} AS port_text FROM use u JOIN likely k ON k.src = u.src AND k.dst = u.dst),
ports AS (SELECT src, dst, ${macros.distinctListOf('port_text', maxPorts)} AS ports FROM port_use GROUP BY src, dst),
missing AS (
  SELECT h.src, h.dst, count(*) AS missing_hosts FROM http_row h JOIN conn c ON c.uid = h.uid
  WHERE h.host = '' AND h.rank <= ${maxRequests} AND c.ts >= ${window.from} GROUP BY h.src, h.dst)
SELECT k.src, k.dst, '' AS fqdn, k.n, 0 AS proxy_count, k.open_count, coalesce(m.missing_hosts, 0) AS missing_hosts,
  a.unique_times, k.duration, k.total, p.ports, k.first_seen, k.last_seen, coalesce(v.hosts, 0) AS hosts
FROM likely k JOIN about a ON a.src = k.src AND a.dst = k.dst LEFT JOIN ports p ON p.src = k.src AND p.dst = k.dst
LEFT JOIN missing m ON m.src = k.src AND m.dst = k.dst LEFT JOIN prevalence v ON v.ip = k.far
WHERE (k.n > 0 AND a.unique_times >= ${profile.beacon.minimumUniqueTimes} AND k.n < ${strobeConnections})
  OR k.duration >= ${profile.longConnection.base} OR k.n >= ${strobeConnections}
ORDER BY k.src, k.dst`);
  return rows.map(toPair);
}

function toPair(row: SqlRow): RitaPair {
  const number = (name: string): number => Number(row[name] ?? 0);
  const list = (name: string): string[] => (Array.isArray(row[name]) ? row[name].map(String) : []);
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
  return {
    source: text('src'),
    destination: text('dst'),
    fqdn: text('fqdn'),
    count: number('n'),
    proxyCount: number('proxy_count'),
    openCount: number('open_count'),
    missingHostCount: number('missing_hosts'),
    uniqueTimes: number('unique_times'),
    totalDuration: number('duration'),
    totalBytes: number('total'),
    serverIps: list('servers'),
    proxyIps: list('proxies'),
    ports: list('ports'),
    firstSeen: number('first_seen'),
    lastSeen: number('last_seen'),
    prevalence: number('hosts'),
  };
}

/** Key of a pair: what RITA hashes. */
export function pairKey(source: string, other: string): string {
  return `${source} ${other}`;
}
