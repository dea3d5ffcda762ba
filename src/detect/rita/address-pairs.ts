import type { ReadStore, WorkTable } from '../../store/store.ts';
import { scoreLists } from './beacons.ts';
import { canBeacon, isLong, isThreat, maxPorts, maxRequests, type RitaPair } from './pair.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import { isFinished, isInNewestOpenLog, wholeSecond } from './tables.ts';
import type { RitaWindow } from './window.ts';

/** Pairs of addresses that no name stands for, of the tables of `pairTables`. Their `ports` are empty until `readPorts`. */
export async function readAddressPairs(
  store: ReadStore,
  window: RitaWindow,
  profile: RitaProfile,
): Promise<RitaPair[]> {
  const beacons = await scoreLists(
    store,
    `SELECT p.pair, c.ts, c.sent FROM threat_pair p JOIN conn c ON c.src_id = p.src_id AND c.dst_id = p.dst_id
    WHERE c.ts >= ${window.from} AND ${canBeacon(profile)} ORDER BY p.pair, c.ts`,
    window,
    profile,
  );
  const pairs: RitaPair[] = [];
  for await (const chunk of store.scan(aboutPairs(store, window))) {
    const columns = Array.from({ length: 10 }, (_none, index) => chunk.numbers(index));
    const [sources, destinations] = [chunk.texts(10), chunk.texts(11)];
    const at = (column: number, row: number): number => columns[column]?.[row] ?? 0;
    for (let row = 0; row < chunk.rowCount; row++) {
      pairs.push({
        number: at(0, row),
        source: sources[row] ?? '',
        destination: destinations[row] ?? '',
        fqdn: '',
        count: at(1, row),
        proxyCount: 0,
        openCount: at(2, row),
        missingHostCount: at(3, row),
        uniqueTimes: at(4, row),
        totalDuration: at(5, row) / 1e6,
        totalBytes: at(6, row),
        serverIps: [],
        proxyIps: [],
        ports: [],
        firstSeen: at(7, row),
        lastSeen: at(8, row),
        prevalence: at(9, row),
        beacon: beacons.get(at(0, row)),
      });
    }
  }
  return pairs;
}

/** What is given, with the ports of those that are pairs of addresses. */
export async function readPorts<T extends RitaPair>(
  store: ReadStore,
  window: RitaWindow,
  timeCondition: string,
  threats: readonly T[],
): Promise<T[]> {
  const numbers = threats.map(({ number }) => number).filter((number) => number > 0);
  if (numbers.length === 0) return [...threats];
  const { macros } = store;
  const port = 'coalesce(f.destination_port, 0)';
  const proto = "coalesce(f.network_transport, '')";
  const use = (condition: string): string => `SELECT p.pair,
    CASE WHEN ${proto} = 'icmp' THEN 'icmp:' || coalesce(f.source_port, 0) || '/' || ${port}
    ELSE ${port} || ':' || ${proto} || ':' || coalesce(f.network_protocol, '') END AS port_text
  FROM threat_pair p JOIN flow f ON f.source_ip = p.src AND f.destination_ip = p.dst
  WHERE p.pair IN (${numbers.join(', ')}) AND ${timeCondition} AND ${condition}`;
  const finished = use(`${isFinished} AND ${wholeSecond(macros, 'f.time')} >= ${window.from}`);
  const rows = await store.query(`SELECT pair, ${macros.distinctListOf('port_text', maxPorts)} AS ports
FROM (${finished} UNION ${use(isInNewestOpenLog(macros, timeCondition))}) AS u GROUP BY pair`);
  const ports = new Map(rows.map((row) => [row['pair'], Array.isArray(row['ports']) ? row['ports'].map(String) : []]));
  return threats.map((threat) => ({ ...threat, ports: ports.get(threat.number) ?? threat.ports }));
}

/** Number, sums, host counts and texts of each pair, numbers as doubles. */
function aboutPairs(store: ReadStore, window: RitaWindow): string {
  const numbers = ['p.pair', 'p.n', 'p.open_count', 'coalesce(m.missing_hosts, 0)', 'p.unique_times', 'p.duration'];
  const others = ['p.total', 'p.first_seen', 'p.last_seen', 'coalesce(v.hosts, 0)'];
  return `WITH missing AS (
  SELECT h.src, h.dst, count(*) AS missing_hosts FROM http_row h JOIN link l ON l.uid = h.uid AND NOT l.is_dropped
  WHERE h.host = '' AND h.rank <= ${maxRequests} AND l.ts >= ${window.from} GROUP BY h.src, h.dst),
prevalence AS (
  SELECT far_id, ${store.macros.countDistinct('near_id')} AS hosts FROM address_pair
  WHERE far_id IN (SELECT far_id FROM threat_pair) GROUP BY far_id)
SELECT ${[...numbers, ...others].map((number) => `CAST(${number} AS DOUBLE)`).join(', ')}, p.src, p.dst
FROM threat_pair p LEFT JOIN missing m ON m.src = p.src AND m.dst = p.dst LEFT JOIN prevalence v ON v.far_id = p.far_id
ORDER BY p.pair`;
}

/**
 * Work tables over those of `ritaTables`: `address_pair` all pairs of the window and of what is open, `threat_pair` those
 * of them that RITA keeps and no name stands for, numbered in the order of their texts.
 */
export function pairTables({ macros }: ReadStore, window: RitaWindow, profile: RitaProfile): WorkTable[] {
  const columns = 'src_id, dst_id, ts, duration, total, src_local';
  return [
    { name: 'explained', sql: explainedPairs(window, profile) },
    {
      name: 'address_pair',
      sql: `SELECT src_id, dst_id, CASE WHEN src_local THEN dst_id ELSE src_id END AS far_id,
    CASE WHEN src_local THEN src_id ELSE dst_id END AS near_id, count(*) - sum(opened) AS n, sum(opened) AS open_count,
    sum(duration) AS duration, sum(total) AS total, min(ts) AS first_seen, max(ts) AS last_seen
  FROM (SELECT ${columns}, 0 AS opened FROM conn WHERE ts >= ${window.from}
    UNION ALL SELECT ${columns}, 1 FROM open_conn) AS u
  GROUP BY src_id, dst_id, src_local`,
    },
    {
      name: 'threat_pair',
      sql: `WITH likely AS (
  SELECT p.* FROM address_pair p LEFT JOIN explained e ON e.src_id = p.src_id AND e.dst_id = p.dst_id
  WHERE e.src_id IS NULL AND (p.n >= ${profile.beacon.minimumUniqueTimes} OR ${isLong('p.duration', profile)})),
timed AS (
  SELECT c.src_id, c.dst_id, ${macros.countDistinct('c.ts')} AS unique_times
  FROM conn c JOIN likely k ON k.src_id = c.src_id AND k.dst_id = c.dst_id
  WHERE c.ts >= ${window.from} GROUP BY c.src_id, c.dst_id),
judged AS (
  SELECT k.*, coalesce(t.unique_times, 0) AS unique_times
  FROM likely k LEFT JOIN timed t ON t.src_id = k.src_id AND t.dst_id = k.dst_id)
SELECT CAST(row_number() OVER (ORDER BY s.ip, d.ip) AS INTEGER) AS pair, j.*, s.ip AS src, d.ip AS dst
FROM judged j JOIN flow_end s ON s.id = j.src_id JOIN flow_end d ON d.id = j.dst_id WHERE ${isThreat(profile)}`,
    },
  ];
}

/**
 * Pairs that a name stands for: some connection of theirs carries a name that is a beacon or a long connection itself, or
 * a name that is open. A pair that occurs among finished and among open connections is explained only if it is among both.
 */
function explainedPairs(window: RitaWindow, profile: RitaProfile): string {
  const pairsWith = (table: string): string =>
    `SELECT DISTINCT src_id, dst_id FROM ${table} WHERE NOT is_dropped AND uid IN (SELECT uid FROM taken_uid)`;
  return `WITH name_use AS (
  SELECT h.uid, h.src, h.host AS fqdn FROM http_row h JOIN link l ON l.uid = h.uid WHERE h.rank <= ${maxRequests} AND h.host <> ''
  UNION SELECT uid, src, fqdn FROM sni),
strong_name AS (
  SELECT src, fqdn FROM sni WHERE ts >= ${window.from} GROUP BY src, fqdn
  HAVING (count(DISTINCT ts) >= ${profile.beacon.minimumUniqueTimes} AND count(*) < ${strobeConnections})
    OR ${isLong('sum(duration)', profile)}),
taken_uid AS (
  SELECT n.uid FROM name_use n JOIN strong_name s ON s.src = n.src AND s.fqdn = n.fqdn
  UNION SELECT uid FROM open_name),
closed_taken AS (${pairsWith('link')}),
open_taken AS (${pairsWith('open_link')}),
open_pair AS (SELECT DISTINCT src_id, dst_id FROM open_conn)
SELECT c.src_id, c.dst_id FROM closed_taken c LEFT JOIN open_pair o ON o.src_id = c.src_id AND o.dst_id = c.dst_id
LEFT JOIN open_taken t ON t.src_id = c.src_id AND t.dst_id = c.dst_id WHERE o.src_id IS NULL OR t.src_id IS NOT NULL
UNION
SELECT t.src_id, t.dst_id FROM open_taken t
LEFT JOIN (
  SELECT DISTINCT c.src_id, c.dst_id FROM conn c JOIN open_taken t ON t.src_id = c.src_id AND t.dst_id = c.dst_id) AS c
  ON c.src_id = t.src_id AND c.dst_id = t.dst_id WHERE c.src_id IS NULL`;
}
