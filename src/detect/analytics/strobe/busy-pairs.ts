import { microsPerDay } from '../../../base/time.ts';
import type { EvidencePointer } from '../../../events/finding.ts';
import type { AnalyticContext } from '../../analytic.ts';
import { commonHostsSql } from '../../pairs/rarity.ts';
import { closedFlows, destinationUse } from '../../pairs/sql.ts';
import type { StrobeSettings } from './settings.ts';

/** A local host that connects to one address at a strobe's pace for an hour at least. */
export interface BusyPair {
  readonly source: string;
  readonly destination: string;
  readonly connections: number;
  /** Most connections in one UTC day. */
  readonly inDay: number;
  /** UTC hours with at least a strobe's share of connections. */
  readonly busyHours: number;
  readonly ports: number;
  readonly unanswered: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly knownSince: number;
  readonly hosts: number;
  readonly networkSize: number;
  readonly evidence: readonly EvidencePointer[];
}

export async function readBusyPairs(context: AnalyticContext<StrobeSettings>): Promise<BusyPair[]> {
  const rows = await context.store.query(busyPairsSql(context));
  return rows.map((row) => {
    const number = (name: string): number => Number(row[name] ?? 0);
    return {
      source: String(row['source_ip']),
      destination: String(row['destination_ip']),
      connections: number('connections'),
      inDay: number('in_day'),
      busyHours: number('busy_hours'),
      ports: number('ports'),
      unanswered: number('unanswered'),
      firstSeen: number('first_seen'),
      lastSeen: number('last_seen'),
      knownSince: number('known'),
      hosts: number('hosts'),
      networkSize: number('network_size'),
      evidence: [
        { evidence_id: number('first_id'), at: number('first_at') },
        { evidence_id: number('last_id'), at: number('last_at') },
      ],
    };
  });
}

/**
 * `hourly`: connections by hour of pairs that have a busy hour, which a busy day has too. Whoever has a busy pair is busy
 * itself in that hour, and few are: the others are left out before pairs are made.
 */
function hourly({ store: { macros }, timeCondition, settings }: AnalyticContext<StrobeSettings>): string {
  const perHour = settings.connections_per_day / 24;
  const calls = `(SELECT source_ip, destination_ip, ${macros.hourMicros('time')} AS hour FROM ${closedFlows('uid')} AS f WHERE ${timeCondition})`;
  const busy = (end: string): string =>
    `(${end}, hour) IN (SELECT ${end}, hour FROM ${calls} AS e GROUP BY ${end}, hour HAVING count(*) >= ${perHour})`;
  return `candidate AS (
  SELECT DISTINCT source_ip, destination_ip FROM (
    SELECT source_ip, destination_ip FROM ${calls} AS c WHERE ${busy('source_ip')} AND ${busy('destination_ip')}
    GROUP BY source_ip, destination_ip, hour HAVING count(*) >= ${perHour})),
hourly AS (
  SELECT source_ip, destination_ip, hour, count(*) AS n FROM ${calls} AS c
  WHERE (source_ip, destination_ip) IN (SELECT source_ip, destination_ip FROM candidate) GROUP BY source_ip, destination_ip, hour)`;
}

/** Busiest first. Pairs are cut down by their hours before anything else is asked of them. */
function busyPairsSql(context: AnalyticContext<StrobeSettings>): string {
  const { store, timeCondition, settings } = context;
  const { macros } = store;
  const perHour = settings.connections_per_day / 24;
  return `WITH ${hourly(context)},
daily AS (
  SELECT source_ip, destination_ip, floor(hour / ${microsPerDay}) AS day, sum(n) AS in_day,
    ${macros.countIf(`n >= ${perHour}`)} AS busy_hours
  FROM hourly GROUP BY source_ip, destination_ip, day),
busy AS (
  SELECT source_ip, destination_ip, max(in_day) AS in_day, sum(busy_hours) AS busy_hours
  FROM daily GROUP BY source_ip, destination_ip
  HAVING max(in_day) >= ${settings.connections_per_day} OR sum(busy_hours) >= ${settings.busy_hours}),
pairs AS (
  SELECT source_ip, destination_ip, min(time) AS known_since, ${macros.countIf('local_orig')} AS local_calls
  FROM ${closedFlows('local_orig')} AS f WHERE destination_ip IN (SELECT destination_ip FROM busy)
    OR source_ip IN (SELECT source_ip FROM busy) GROUP BY source_ip, destination_ip),
local_source AS (
  SELECT source_ip FROM pairs GROUP BY source_ip HAVING ${macros.isLocal('source_ip')} OR sum(local_calls) > 0),
network AS (SELECT count(*) AS size FROM (SELECT DISTINCT source_ip FROM flow) AS s WHERE ${macros.isLocal('source_ip')}),
${destinationUse(macros, 'destination_ip')},
about AS (
  SELECT f.source_ip, f.destination_ip, count(*) AS connections, ${macros.countDistinct('f.port')} AS ports,
    ${macros.countIf("f.conn_state IN ('S0', 'REJ', 'new')")} AS unanswered,
    ${macros.micros('min(f.time)')} AS first_seen, ${macros.micros('max(f.time)')} AS last_seen,
    ${macros.firstBy('f.evidence_id', 'f.time')} AS first_id, ${macros.firstBy('f.evidence_at', 'f.time')} AS first_at,
    ${macros.lastBy('f.evidence_id', 'f.time')} AS last_id, ${macros.lastBy('f.evidence_at', 'f.time')} AS last_at
  FROM busy b JOIN ${closedFlows('conn_state, evidence_id, evidence_at')} AS f
    ON f.source_ip = b.source_ip AND f.destination_ip = b.destination_ip
  WHERE ${timeCondition} GROUP BY f.source_ip, f.destination_ip)
SELECT a.*, b.in_day, b.busy_hours, u.hosts, ${macros.micros('u.known_since')} AS known, (SELECT size FROM network) AS network_size
FROM about a JOIN busy b ON b.source_ip = a.source_ip AND b.destination_ip = a.destination_ip
JOIN destination_use u ON u.destination_ip = a.destination_ip
WHERE a.source_ip IN (SELECT source_ip FROM local_source)
  AND u.hosts < (SELECT ${commonHostsSql('size')} FROM network)
ORDER BY b.in_day DESC, a.source_ip, a.destination_ip LIMIT ${maxPairs}`;
}

/** Pairs held at once: nothing honest has as many strobes. */
const maxPairs = 10_000;
