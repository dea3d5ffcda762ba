import type { ReadStore, SqlRow } from '../../store/store.ts';
import type { RitaBeacon } from './beacon-score.ts';
import { scoreLists } from './beacons.ts';
import { canBeacon, isThreat, maxPorts, maxServers, type RitaPair } from './pair.ts';
import type { RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/** Hosts and the names they used, of the tables of `ritaTables`: finished connections of the window, open ones of any age. */
export async function readNamePairs(store: ReadStore, window: RitaWindow, profile: RitaProfile): Promise<RitaPair[]> {
  const { macros } = store;
  return store.withTables([{ name: 'name_pair', sql: namePairs(store, window, profile) }], async (tables) => {
    const beacons = new Map<number, RitaBeacon>();
    const lists = `SELECT p.pair, u.ts, u.sent FROM name_pair p JOIN sni u ON u.src = p.src AND u.fqdn = p.fqdn
      WHERE u.ts >= ${window.from} AND ${canBeacon(profile)} ORDER BY p.pair, u.ts`;
    await scoreLists(tables, lists, window, profile, (pair, beacon) => beacons.set(pair, beacon));
    const rows = await tables.query(`WITH use AS (${uses(window)}),
user_of AS (
  SELECT fqdn, src AS host FROM use WHERE src_local UNION SELECT fqdn, dst FROM use WHERE dst_local
  UNION SELECT name, src FROM dns_row WHERE src_local AND ts >= ${window.from}
  UNION SELECT name, dst FROM dns_row WHERE dst_local AND ts >= ${window.from}),
prevalence AS (SELECT fqdn, count(*) AS hosts FROM user_of GROUP BY fqdn),
about AS (
  SELECT p.pair, ${macros.distinctListOf('CASE WHEN NOT u.is_proxy THEN u.dst END', maxServers)} AS servers,
    ${macros.distinctListOf('CASE WHEN u.is_proxy THEN u.dst END', maxServers)} AS proxies,
    ${macros.distinctListOf('u.port_text', maxPorts)} AS ports, min(u.ts) AS first_seen, max(u.ts) AS last_seen
  FROM use u JOIN name_pair p ON p.src = u.src AND p.fqdn = u.fqdn GROUP BY p.pair)
SELECT p.*, a.servers, a.proxies, a.ports, a.first_seen, a.last_seen, coalesce(v.hosts, 0) AS hosts
FROM name_pair p JOIN about a ON a.pair = p.pair LEFT JOIN prevalence v ON v.fqdn = p.fqdn ORDER BY p.pair`);
    return rows.map((row) => toPair(row, beacons));
  });
}

function uses(window: RitaWindow): string {
  const columns = (isOpen: string): string =>
    `src, fqdn, ts, duration, total, dst, is_proxy, src_local, dst_local, port || ':' || proto || ':' || service AS port_text,
    ${isOpen} AS is_open`;
  return `SELECT ${columns('FALSE')} FROM sni WHERE ts >= ${window.from} UNION ALL SELECT ${columns('TRUE')} FROM open_name`;
}

/** A name that is used directly and through a proxy must have enough times in one of them. */
function namePairs({ macros }: ReadStore, window: RitaWindow, profile: RitaProfile): string {
  return `WITH grouped AS (
  SELECT src, fqdn, is_open, is_proxy, count(*) AS n, ${macros.countDistinct('ts')} AS unique_times,
    sum(duration) AS duration, sum(total) AS total
  FROM (${uses(window)}) AS u GROUP BY src, fqdn, is_open, is_proxy),
summed AS (
  SELECT src, fqdn, sum(CASE WHEN is_open THEN 0 ELSE n END) AS n, sum(CASE WHEN is_open THEN n ELSE 0 END) AS open_count,
    sum(CASE WHEN is_proxy THEN n ELSE 0 END) AS proxy_count, max(CASE WHEN is_open THEN 0 ELSE unique_times END) AS unique_times,
    sum(duration) AS duration, sum(total) AS total
  FROM grouped GROUP BY src, fqdn)
SELECT CAST(row_number() OVER (ORDER BY src, fqdn) AS INTEGER) AS pair, * FROM summed WHERE ${isThreat(profile)}`;
}

function toPair(row: SqlRow, beacons: ReadonlyMap<number, RitaBeacon>): RitaPair {
  const number = (name: string): number => Number(row[name] ?? 0);
  const list = (name: string): string[] => (Array.isArray(row[name]) ? row[name].map(String) : []);
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
  return {
    number: 0,
    source: text('src'),
    destination: '',
    fqdn: text('fqdn'),
    count: number('n'),
    proxyCount: number('proxy_count'),
    openCount: number('open_count'),
    missingHostCount: 0,
    uniqueTimes: number('unique_times'),
    totalDuration: number('duration') / 1e6,
    totalBytes: number('total'),
    serverIps: list('servers'),
    proxyIps: list('proxies'),
    ports: list('ports'),
    firstSeen: number('first_seen'),
    lastSeen: number('last_seen'),
    prevalence: number('hosts'),
    beacon: beacons.get(number('pair')),
  };
}
