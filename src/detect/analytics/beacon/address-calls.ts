import type { AnalyticContext } from '../../analytic.ts';
import { closedFlows, commonDestinations, destinationUse, localSources } from '../../pairs/sql.ts';
import { callColumns, candidates, pairAggregates, type ChannelSql } from './candidate-sql.ts';
import type { BeaconSettings } from './settings.ts';

/** NTP asks at a fixed pace by design, each host its own servers of a pool. Its packets carry 48 bytes, or it was recognised. */
const isTimeService = `f.port = 123 AND f.transport = 'udp' AND
      (coalesce(network_protocol, '') = 'ntp' OR coalesce(source_payload_bytes, 48) % 48 = 0)`;

const wasAnswered = `CASE WHEN x.conn_state IN ('S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'new') THEN 0.0
    WHEN x.conn_state IS NULL AND x.destination_packets = 0 THEN 0.0 ELSE 1.0 END`;

/**
 * Calls of one local host to one address, transport and port, in order of channel and time. A pair that spreads its
 * calls over many ports is one channel whatever the port (`-1`): an implant that changes its port would fall apart. Most
 * pairs use one port, so only the others are split by it.
 */
export function addressChannels(
  { store, timeCondition, settings }: AnalyticContext<BeaconSettings>,
  minSpanMicros: number,
): ChannelSql {
  const { macros } = store;
  const ends = 'source_ip, destination_ip, transport';
  const sums = `${pairAggregates(macros, timeCondition)}, ${macros.countIf(isTimeService)} AS time_calls, count(*) AS all_calls`;
  const isSame = (a: string, b: string): string =>
    `${b}.source_ip = ${a}.source_ip AND ${b}.destination_ip = ${a}.destination_ip AND ${b}.transport = ${a}.transport`;
  return {
    candidates: `WITH ${localSources(macros, closedFlows('local_orig'), 'local_orig')},
${commonDestinations(macros, closedFlows('evidence_at'))},
pairs AS (
  SELECT ${ends}, min(port) AS low_port, max(port) AS high_port, ${sums}
  FROM ${closedFlows('network_protocol, source_payload_bytes')} AS f
  WHERE destination_ip NOT IN (SELECT destination_ip FROM common) GROUP BY ${ends}),
several AS (SELECT ${ends} FROM pairs WHERE low_port < high_port AND calls >= ${settings.min_calls}),
port_pairs AS (
  SELECT f.source_ip, f.destination_ip, f.transport, f.port, ${sums}
  FROM ${closedFlows('network_protocol, source_payload_bytes')} AS f JOIN several s ON ${isSame('f', 's')}
  GROUP BY f.source_ip, f.destination_ip, f.transport, f.port),
port_use AS (
  SELECT ${ends}, count(*) >= 4 AND max(calls) * 2 < sum(calls) AS is_hopping FROM port_pairs GROUP BY ${ends}),
channel AS (
  SELECT ${ends}, low_port AS key_port, calls, first_time, last_time
  FROM pairs WHERE low_port = high_port AND calls >= ${settings.min_calls} AND time_calls < all_calls
  UNION ALL
  SELECT p.source_ip, p.destination_ip, p.transport, CASE WHEN s.is_hopping THEN -1 ELSE p.port END AS key_port,
    sum(p.calls) AS calls, min(p.first_time) AS first_time, max(p.last_time) AS last_time
  FROM port_pairs p JOIN port_use s ON ${isSame('p', 's')} WHERE p.time_calls < p.all_calls
  GROUP BY p.source_ip, p.destination_ip, p.transport, key_port),
${destinationUse(macros, 'destination_ip', 'channel')}
${candidates(
  macros,
  {
    destination: 'destination_ip',
    keys: 'c.source_ip, c.destination_ip, c.transport, c.key_port',
    label: "c.source_ip || ' ' || c.transport || ' ' || c.key_port || ' ' || c.destination_ip",
  },
  settings,
  minSpanMicros,
)}`,
    calls: `SELECT ${callColumns(macros, { sent: 'x.source_bytes', received: 'x.destination_bytes', answered: wasAnswered })}
FROM candidate c
JOIN ${closedFlows('source_bytes, destination_bytes, destination_packets, conn_state, evidence_id, evidence_at')} AS x
  ON ${isSame('c', 'x')} AND (c.key_port = -1 OR c.key_port = x.port)
WHERE ${timeCondition} AND ${macros.micros('time')} >= c.from_micros
ORDER BY c.pair, x.time`,
  };
}
