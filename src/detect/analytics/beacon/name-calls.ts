import type { AnalyticContext } from '../../analytic.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import { destinationUse, localSources } from '../../pairs/sql.ts';
import { callColumns, candidates, pairAggregates } from './candidate-sql.ts';
import type { BeaconSettings } from './settings.ts';

/** Calls of one local host to one name, whatever the address, in order of channel and time. Sizes are those of the flow. */
export function nameCallsSql(
  { store, timeCondition, settings }: AnalyticContext<BeaconSettings>,
  minSpanMicros: number,
): string {
  const { macros } = store;
  return `WITH pairs AS (
  SELECT source_ip, name, ${pairAggregates(macros, timeCondition)}, 0 AS local_calls,
    min(port) AS low_port, max(port) AS high_port, max(via_proxy) AS via_proxy
  FROM ${namedCalls} AS n GROUP BY source_ip, name),
${localSources(macros)},
${destinationUse(macros, 'name')},
channel AS (
  SELECT source_ip, name, calls, first_time, last_time,
    source_ip || ' ' || CASE WHEN via_proxy = 1 THEN 'proxy' ELSE 'tcp' END || ' ' ||
      CASE WHEN low_port = high_port THEN low_port ELSE -1 END || ' ' || name AS label
  FROM pairs),
${candidates(macros, 'name', settings, minSpanMicros)},
call AS (
  SELECT c.pair, n.uid, n.time, n.depth, n.evidence_id, n.evidence_at
  FROM candidate c JOIN ${namedCalls} AS n ON n.source_ip = c.source_ip AND n.name = c.name
  WHERE ${timeCondition} AND ${macros.micros('time')} >= c.from_micros),
volume AS (
  SELECT uid, max(source_bytes) AS source_bytes, max(destination_bytes) AS destination_bytes
  FROM flow WHERE uid IN (SELECT uid FROM call) AND coalesce(is_open, FALSE) = FALSE GROUP BY uid)
SELECT ${callColumns(macros, {
    sent: 'CASE WHEN x.depth = 1 THEN v.source_bytes END',
    received: 'CASE WHEN x.depth = 1 THEN v.destination_bytes END',
    answered: '1.0',
  })}
FROM call x JOIN candidate c ON c.pair = x.pair LEFT JOIN volume v ON v.uid = x.uid
ORDER BY c.pair, x.time`;
}
