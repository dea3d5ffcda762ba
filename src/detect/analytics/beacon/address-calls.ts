import type { AnalyticContext } from '../../analytic.ts';
import { closedFlows, destinationUse, localSources } from '../../pairs/sql.ts';
import { callColumns, candidates, pairAggregates } from './candidate-sql.ts';
import type { BeaconSettings } from './settings.ts';

/** NTP asks at a fixed pace by design, each host its own servers of a pool. Its packets carry 48 bytes, or it was recognised. */
const isTimeService = `port = 123 AND transport = 'udp' AND
      (coalesce(network_protocol, '') = 'ntp' OR coalesce(source_payload_bytes, 48) % 48 = 0)`;

const wasAnswered = `CASE WHEN x.conn_state IN ('S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'new') THEN 0.0
    WHEN x.conn_state IS NULL AND x.destination_packets = 0 THEN 0.0 ELSE 1.0 END`;

/**
 * Calls of one local host to one address, transport and port, in order of channel and time. A pair that spreads its
 * calls over many ports is one channel whatever the port (`-1`): an implant that changes its port would fall apart.
 */
export function addressCallsSql(
  { store, timeCondition, settings }: AnalyticContext<BeaconSettings>,
  minSpanMicros: number,
): string {
  const { macros } = store;
  return `WITH pairs AS (
  SELECT source_ip, destination_ip, transport, port, ${pairAggregates(macros, timeCondition)},
    ${macros.countIf('local_orig')} AS local_calls, ${macros.countIf(isTimeService)} AS time_calls, count(*) AS all_calls
  FROM ${closedFlows('local_orig, network_protocol, source_payload_bytes')} AS f
  GROUP BY source_ip, destination_ip, transport, port),
${localSources(macros)},
${destinationUse(macros, 'destination_ip')},
port_use AS (
  SELECT source_ip, destination_ip, transport, count(*) >= 4 AND max(calls) * 2 < sum(calls) AS is_hopping
  FROM pairs GROUP BY source_ip, destination_ip, transport),
channel AS (
  SELECT p.source_ip, p.destination_ip, p.transport, CASE WHEN s.is_hopping THEN -1 ELSE p.port END AS key_port,
    sum(p.calls) AS calls, min(p.first_time) AS first_time, max(p.last_time) AS last_time,
    p.source_ip || ' ' || p.transport || ' ' || CASE WHEN s.is_hopping THEN -1 ELSE p.port END || ' ' || p.destination_ip AS label
  FROM pairs p
  JOIN port_use s ON s.source_ip = p.source_ip AND s.destination_ip = p.destination_ip AND s.transport = p.transport
  WHERE p.time_calls < p.all_calls
  GROUP BY p.source_ip, p.destination_ip, p.transport, key_port, label),
${candidates(macros, 'destination_ip', settings, minSpanMicros)}
SELECT ${callColumns(macros, { sent: 'x.source_bytes', received: 'x.destination_bytes', answered: wasAnswered })}
FROM candidate c
JOIN ${closedFlows('source_bytes, destination_bytes, destination_packets, conn_state, evidence_id, evidence_at')} AS x
  ON x.source_ip = c.source_ip AND x.destination_ip = c.destination_ip AND x.transport = c.transport
  AND (c.key_port = -1 OR c.key_port = x.port)
WHERE ${timeCondition} AND ${macros.micros('time')} >= c.from_micros
ORDER BY c.pair, x.time`;
}
