import type { AnalyticContext } from '../../analytic.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import { destinationUse, localSources } from '../../pairs/sql.ts';
import { callColumns, candidates, pairAggregates, type ChannelSql } from './candidate-sql.ts';
import type { BeaconSettings } from './settings.ts';

/** Calls of one local host to one name, whatever the address, in order of channel and time. Sizes are those of the flow. */
export function nameChannels(
  { store, timeCondition, settings }: AnalyticContext<BeaconSettings>,
  minSpanMicros: number,
): ChannelSql {
  const { macros } = store;
  return {
    candidates: `WITH pairs AS (
  SELECT source_ip, name, ${pairAggregates(macros, timeCondition)},
    min(port) AS low_port, max(port) AS high_port, max(via_proxy) AS via_proxy
  FROM ${namedCalls} AS n GROUP BY source_ip, name),
${localSources(macros, namedCalls)},
channel AS (SELECT * FROM pairs WHERE calls >= ${settings.min_calls}),
${destinationUse(macros, 'name', 'channel')}
${candidates(
  macros,
  {
    destination: 'name',
    keys: 'c.source_ip, c.name',
    label: `c.source_ip || ' ' || CASE WHEN c.via_proxy = 1 THEN 'proxy' ELSE 'tcp' END || ' ' ||
      CASE WHEN c.low_port = c.high_port THEN c.low_port ELSE -1 END || ' ' || c.name`,
  },
  settings,
  minSpanMicros,
)}`,
    calls: `WITH call AS (
  SELECT c.pair, n.uid, n.time, n.depth, n.evidence_id, n.evidence_at
  FROM candidate c JOIN ${namedCalls} AS n ON n.source_ip = c.source_ip AND n.name = c.name
  WHERE ${timeCondition} AND ${macros.micros('time')} >= c.from_micros),
volume AS (
  SELECT uid, max(source_bytes) AS source_bytes, max(destination_bytes) AS destination_bytes
  FROM flow WHERE uid IN (SELECT uid FROM call) AND coalesce(is_open, FALSE) = FALSE GROUP BY uid)
SELECT ${callColumns(macros, {
      sent: 'CASE WHEN x.depth = 1 THEN v.source_bytes END',
      received: 'CASE WHEN x.depth = 1 THEN v.destination_bytes END',
      answered: '1',
    })}
FROM call x JOIN candidate c ON c.pair = x.pair LEFT JOIN volume v ON v.uid = x.uid
ORDER BY c.pair, x.time`,
  };
}
