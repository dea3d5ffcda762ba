import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Sensors and logs that are told. */
const maxRows = 100;

/**
 * What network sensors did not see, by sensor and by what says so: gaps in Zeek's TCP streams (`capture_loss`), packets that Zeek
 * (`stats`) and Suricata dropped, bytes that are missing inside flows. Shares in percent; counters of Suricata count from its start.
 */
export function losses(m: Macros, timeCondition: string): string {
  const field = (name: string): string => m.numberOf(m.jsonText('fields', name));
  const counter = (name: string): string => m.numberOf(m.jsonPathText('fields', ['stats', 'capture', name]));
  const shared = `coalesce(sensor, host_name, '') AS sensor, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, count(*) AS n, ${pointerColumns(m)}`;
  const rise = (name: string): string => `max(${counter(name)}) - min(${counter(name)})`;
  return `SELECT * FROM (
    SELECT 'capture_loss' AS what, avg(${field('percent_lost')}) AS percent, max(${field('percent_lost')}) AS most, ${shared}
    FROM log WHERE event_dataset = 'zeek.capture_loss' AND ${timeCondition} GROUP BY coalesce(sensor, host_name, '')
    UNION ALL SELECT 'stats', 100 * sum(${field('pkts_dropped')}) / nullif(sum(${field('pkts_dropped')} + ${field('pkts_proc')}), 0), NULL, ${shared}
    FROM log WHERE event_dataset = 'zeek.stats' AND ${timeCondition} GROUP BY coalesce(sensor, host_name, '')
    UNION ALL SELECT 'drops', 100 * (${rise('kernel_drops')}) / nullif(${rise('kernel_drops')} + ${rise('kernel_packets')}, 0), NULL, ${shared}
    FROM log WHERE event_dataset = 'suricata.stats' AND ${timeCondition} GROUP BY coalesce(sensor, host_name, '')
    UNION ALL SELECT 'missed', 100.0 * sum(missed_bytes) / nullif(sum(missed_bytes + coalesce(source_payload_bytes, 0) + coalesce(destination_payload_bytes, 0)), 0), NULL, ${shared}
    FROM flow WHERE missed_bytes IS NOT NULL AND ${timeCondition} GROUP BY coalesce(sensor, host_name, '')
  ) AS loss WHERE percent > 0 ORDER BY percent DESC, what, sensor LIMIT ${maxRows}`;
}

/** Records of one machine in one file from which its order is known, and how often time may go back far before that is the file's manner. */
const [leastRecords, mostJumps] = [200, 3];
/** Share of records that may stand before the one written before them. */
const mostBackward = 0.05;
/** Records after which time must still be back: one that came late is no jump. */
const staysFor = 3;

/**
 * Logs of machines, written in the order of time, in which time goes back by more than `jumpMicros` into what is written already and stays
 * there. Network sensors write when a connection ends, and are left out. A file that was put together in another order
 * goes back before its own beginning, which a clock does not.
 */
export function clockJumps(m: Macros, timeCondition: string, jumpMicros: number): string {
  const kinds = ['process', 'user_session', 'log'].map(
    (kind) =>
      `SELECT evidence_id, coalesce(host_name, '') AS machine, coalesce(event_dataset, '${kind}') AS dataset, evidence_at, ${m.micros('time')} AS moment FROM ${kind} WHERE ${timeCondition}`,
  );
  const sensors = ['zeek.', 'suricata.', 'pcap.', 'arkime.']
    .map((name) => m.startsWith('dataset', `'${name}'`))
    .join(' OR ');
  const isJump = `moment < previous - ${jumpMicros} AND moment >= earliest AND following < previous - ${jumpMicros}`;
  const first = (value: string): string => m.firstBy(value, `CASE WHEN ${isJump} THEN evidence_at END`);
  return `SELECT machine, dataset, evidence_id, count(*) AS n, ${m.countIf(isJump)} AS jumps, max(CASE WHEN ${isJump} THEN previous - moment END) AS back,
    ${first('previous')} AS jumped_from, ${first('moment')} AS jumped_to, ${first('evidence_at')} AS jumped_at
  FROM (
    SELECT *, lag(moment) OVER w AS previous, lead(moment, ${staysFor}) OVER w AS following,
      min(moment) OVER (PARTITION BY evidence_id, machine, dataset ORDER BY evidence_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earliest
    FROM (${kinds.join(' UNION ALL ')}) AS e WHERE NOT (${sensors})
    WINDOW w AS (PARTITION BY evidence_id, machine, dataset ORDER BY evidence_at)) AS step
  GROUP BY machine, dataset, evidence_id
  HAVING count(*) >= ${leastRecords} AND ${m.countIf(isJump)} BETWEEN 1 AND ${mostJumps} AND ${m.countIf('moment < previous')} <= ${mostBackward} * count(*)
  ORDER BY back DESC, machine, dataset, evidence_id LIMIT ${maxRows}`;
}
