import { VakthundError } from '../../base/errors.ts';
import type { ColumnChunk, ReadStore, WorkTable } from '../../store/store.ts';
import type { RitaBeacon } from './beacon-score.ts';
import { scoreLists } from './beacons.ts';
import { canBeacon, isLong, isThreat, maxPorts, maxRequests, type RitaPair } from './pair.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import { isFinished, isInNewestOpenLog, wholeSecond } from './tables.ts';
import type { RitaWindow } from './window.ts';

/**
 * Hands over each pair of addresses that no name stands for, of the tables of `pairTables`, in no order. There are many and
 * few are told of: nothing of a pair is kept here. Their `ports` are empty until `readPorts`.
 */
export async function visitAddressPairs(
  store: ReadStore,
  window: RitaWindow,
  profile: RitaProfile,
  visit: (pair: RitaPair) => void,
): Promise<void> {
  const pairs: PairColumns[] = [];
  for await (const chunk of store.scan(aboutPairs(store, window))) pairs.push(new PairColumns(chunk));
  const pairAt = pairFinder(pairs);
  let next = 1;
  const visitUntil = (number: number): void => {
    for (; next < number; next++) visit(pairAt(next, undefined));
  };
  const lists = `SELECT p.pair, c.ts, c.sent FROM threat_pair p JOIN conn c ON c.src_id = p.src_id AND c.dst_id = p.dst_id
    WHERE c.ts >= ${window.from} AND ${canBeacon(profile)} ORDER BY p.pair, c.ts`;
  await scoreLists(store, lists, window, profile, (number, beacon) => {
    visitUntil(number);
    visit(pairAt(number, beacon));
    next = number + 1;
  });
  visitUntil(pairs.reduce((sum, { rowCount }) => sum + rowCount, 1));
}

const numberColumns = 9;

/** Rows of `aboutPairs`, kept by column. */
class PairColumns {
  readonly rowCount: number;
  readonly #numbers: readonly Float64Array[];
  readonly #texts: readonly (readonly (string | null)[])[];

  constructor(chunk: ColumnChunk) {
    this.rowCount = chunk.rowCount;
    this.#numbers = Array.from({ length: numberColumns }, (_none, index) => chunk.numbers(index));
    this.#texts = [chunk.texts(numberColumns), chunk.texts(numberColumns + 1)];
  }

  at(row: number, number: number, beacon: RitaBeacon | undefined): RitaPair {
    const at = (column: number): number => this.#numbers[column]?.[row] ?? 0;
    return {
      number,
      source: this.#texts[0]?.[row] ?? '',
      destination: this.#texts[1]?.[row] ?? '',
      fqdn: '',
      count: at(0),
      proxyCount: 0,
      openCount: at(1),
      missingHostCount: at(2),
      uniqueTimes: at(3),
      totalDuration: at(4) / 1e6,
      totalBytes: at(5),
      serverIps: [],
      proxyIps: [],
      ports: [],
      firstSeen: at(6),
      lastSeen: at(7),
      prevalence: at(8),
      beacon,
    };
  }
}

/** Pairs are asked for in the order of their numbers, which count from 1. */
function pairFinder(chunks: readonly PairColumns[]): (number: number, beacon: RitaBeacon | undefined) => RitaPair {
  let [index, first] = [0, 1];
  return (number, beacon) => {
    let chunk = chunks[index];
    while (chunk !== undefined && number >= first + chunk.rowCount) {
      first += chunk.rowCount;
      chunk = chunks[++index];
    }
    if (chunk === undefined) throw new VakthundError('INTERNAL', `there is no pair ${number}`);
    return chunk.at(number - first, number, beacon);
  };
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
  FROM told p JOIN flow f ON f.source_ip = p.src AND f.destination_ip = p.dst WHERE ${timeCondition} AND ${condition}`;
  const finished = use(`${isFinished} AND ${wholeSecond(macros, 'f.time')} >= ${window.from}`);
  const rows = await store.query(`WITH told AS (
  SELECT p.pair, s.ip AS src, d.ip AS dst FROM threat_pair p
  JOIN flow_end s ON s.id = p.src_id JOIN flow_end d ON d.id = p.dst_id WHERE p.pair IN (${numbers.join(', ')}))
SELECT pair, ${macros.distinctListOf('port_text', maxPorts)} AS ports
FROM (${finished} UNION ${use(isInNewestOpenLog(macros, timeCondition))}) AS u GROUP BY pair`);
  const ports = new Map(rows.map((row) => [row['pair'], Array.isArray(row['ports']) ? row['ports'].map(String) : []]));
  return threats.map((threat) => ({ ...threat, ports: ports.get(threat.number) ?? threat.ports }));
}

/** Counts, sums and texts of each pair in the order of the numbers; counts and sums as doubles. */
function aboutPairs(store: ReadStore, window: RitaWindow): string {
  const numbers = ['p.n', 'p.open_count', 'coalesce(m.missing_hosts, 0)', 'p.unique_times', 'p.duration', 'p.total'];
  const others = ['p.first_seen', 'p.last_seen', 'coalesce(v.hosts, 0)'];
  return `WITH missing AS (
  SELECT h.src, h.dst, count(*) AS missing_hosts FROM http_row h JOIN link l ON l.uid = h.uid AND NOT l.is_dropped
  WHERE h.host = '' AND h.rank <= ${maxRequests} AND l.ts >= ${window.from} GROUP BY h.src, h.dst),
prevalence AS (
  SELECT far_id, ${store.macros.countDistinct('near_id')} AS hosts FROM address_pair
  WHERE far_id IN (SELECT far_id FROM threat_pair) GROUP BY far_id)
SELECT ${[...numbers, ...others].map((number) => `CAST(${number} AS DOUBLE)`).join(', ')}, s.ip, d.ip
FROM threat_pair p JOIN flow_end s ON s.id = p.src_id JOIN flow_end d ON d.id = p.dst_id
LEFT JOIN missing m ON m.src = s.ip AND m.dst = d.ip LEFT JOIN prevalence v ON v.far_id = p.far_id
ORDER BY p.pair`;
}

/**
 * Work tables over those of `ritaTables`: `address_pair` all pairs of the window and of what is open, `threat_pair` those
 * of them that RITA keeps and no name stands for, numbered from 1. Most pairs are neither: of them no more is added up than shows it.
 */
export function pairTables({ macros }: ReadStore, window: RitaWindow, profile: RitaProfile): WorkTable[] {
  const rows = (columns: string): string => `(SELECT src_id, dst_id, src_local, ${columns}, 0 AS is_open FROM conn
    WHERE ts >= ${window.from} UNION ALL SELECT src_id, dst_id, src_local, ${columns}, 1 FROM open_conn)`;
  return [
    { name: 'explained', sql: explainedPairs(window, profile) },
    {
      name: 'address_pair',
      sql: `SELECT src_id, dst_id, CASE WHEN src_local THEN dst_id ELSE src_id END AS far_id,
    CASE WHEN src_local THEN src_id ELSE dst_id END AS near_id,
    ${macros.countIf('is_open = 0')} AS n, ${macros.countIf('is_open = 1')} AS open_count, sum(duration) AS duration
  FROM ${rows('duration')} AS u GROUP BY src_id, dst_id, src_local`,
    },
    {
      name: 'threat_pair',
      sql: `WITH likely AS (
  SELECT p.* FROM address_pair p LEFT JOIN explained e ON e.src_id = p.src_id AND e.dst_id = p.dst_id
  WHERE e.src_id IS NULL AND (p.n >= ${profile.beacon.minimumUniqueTimes} OR ${isLong('p.duration', profile)})),
added AS (
  SELECT u.src_id, u.dst_id, ${macros.countDistinct('CASE WHEN u.is_open = 0 THEN u.ts END')} AS unique_times,
    sum(u.total) AS total, min(u.ts) AS first_seen, max(u.ts) AS last_seen
  FROM ${rows('ts, total')} AS u JOIN likely k ON k.src_id = u.src_id AND k.dst_id = u.dst_id GROUP BY u.src_id, u.dst_id)
SELECT CAST(row_number() OVER () AS INTEGER) AS pair, k.*, a.unique_times, a.total, a.first_seen, a.last_seen
FROM likely k JOIN added a ON a.src_id = k.src_id AND a.dst_id = k.dst_id WHERE ${isThreat(profile)}`,
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
