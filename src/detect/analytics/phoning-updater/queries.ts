import { namedCalls } from '../../pairs/named-calls.ts';
import type { Macros } from '../../../store/macros.ts';

/** Channels whose calls are read one by one: those with the most calls. */
const maxChannels = 500;
/** Calls of one channel that are read, the latest. */
const maxCalls = 5000;
/** Largest call that is usual, as a multiple of the smallest; and the least growth of what comes after, of the largest. */
export const calmSpread = 1.3;
export const leastGrowth = 1.2;

/**
 * `calls`: connections of machines of ours made with a name, at least `least` of a machine and name, and what each sent.
 * Their first request stands for them, because whatever follows on the same connection is in the same bytes. What goes by
 * a proxy has the proxy's sizes.
 */
function calls(m: Macros, timeCondition: string, condition: string, least: number): string {
  return `named AS (
  SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY source_ip, name) AS calls FROM ${namedCalls} AS c
    WHERE depth = 1 AND via_proxy = 0 AND uid IS NOT NULL AND ${m.isLocal('source_ip')} AND ${condition} AND ${timeCondition}) AS often
  WHERE calls >= ${least}),
volume AS (
  SELECT uid, max(coalesce(source_payload_bytes, source_bytes)) AS sent,
    max(coalesce(destination_payload_bytes, destination_bytes, 0)) AS received
  FROM flow WHERE uid IN (SELECT uid FROM named) AND coalesce(is_open, FALSE) = FALSE GROUP BY uid),
calls AS (
  SELECT n.source_ip, n.name, n.destination_ip, n.time, n.uid, n.evidence_id, n.evidence_at, v.sent, v.received
  FROM named n JOIN volume v ON v.uid = n.uid WHERE v.sent > 0)`;
}

/** Channels whose first calls are alike and whose last ones all send clearly more: what a change that lasts looks like. */
export function changedChannels(
  m: Macros,
  timeCondition: string,
  bounds: { readonly calm: number; readonly changed: number; readonly more: number },
): string {
  const isCalm = `rank <= greatest(${bounds.calm}, least(30, n / 3))`;
  return `WITH ${calls(m, timeCondition, 'TRUE', bounds.calm + bounds.changed)},
numbered AS (
  SELECT source_ip, name, sent, row_number() OVER (PARTITION BY source_ip, name ORDER BY time, evidence_at) AS rank,
    count(*) OVER (PARTITION BY source_ip, name) AS n
  FROM calls),
shape AS (
  SELECT source_ip, name, max(n) AS n, min(CASE WHEN ${isCalm} THEN sent END) AS calm_low,
    max(CASE WHEN ${isCalm} THEN sent END) AS calm_high, min(CASE WHEN rank > n - ${bounds.changed} THEN sent END) AS late_low
  FROM numbered GROUP BY source_ip, name)
SELECT source_ip, name FROM shape
WHERE n >= ${bounds.calm + bounds.changed} AND calm_high <= ${calmSpread} * calm_low
  AND late_low >= ${leastGrowth} * calm_high AND late_low >= calm_high + ${bounds.more}
ORDER BY n DESC, source_ip, name LIMIT ${maxChannels}`;
}

/** The calls of one channel in order, with what HTTP tells of them. Parameters: source, name. */
export function channelCalls(m: Macros, timeCondition: string): string {
  const first = (expression: string): string => m.firstBy(expression, 'coalesce(http_trans_depth, 1)');
  return `WITH ${calls(m, timeCondition, 'source_ip = ? AND name = ?', 1)},
request AS (
  SELECT uid, ${first('http_request_method')} AS method, ${first("split_part(url_original, '?', 1)")} AS path,
    ${first('user_agent_original')} AS agent
  FROM http WHERE uid IN (SELECT uid FROM calls) GROUP BY uid)
SELECT * FROM (
  SELECT ${m.micros('c.time')} AS called_at, c.sent, c.received, c.destination_ip, c.evidence_id, c.evidence_at, h.method, h.path, h.agent
  FROM calls c LEFT JOIN request h ON h.uid = c.uid ORDER BY c.time DESC, c.evidence_at DESC LIMIT ${maxCalls}) AS latest
ORDER BY called_at, evidence_at`;
}

/** Machines of ours that call the name. Parameter: name. */
export function usersOfName(m: Macros): string {
  return `SELECT ${m.countDistinct('source_ip')} AS users FROM ${namedCalls} AS n WHERE name = ? AND ${m.isLocal('source_ip')}`;
}
