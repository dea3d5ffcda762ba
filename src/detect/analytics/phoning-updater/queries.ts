import { namedCalls } from '../../pairs/named-calls.ts';
import type { Macros } from '../../../store/macros.ts';
import type { WorkTable } from '../../../store/store.ts';

/** Channels whose calls are read one by one: those with the most calls. */
const maxChannels = 500;
/** Calls of one channel that are read, the latest. */
const maxCalls = 5000;
/** Largest call that is usual, as a multiple of the smallest; and the least growth of what comes after, of the largest. */
export const calmSpread = 1.3;
export const leastGrowth = 1.2;

/** Least growth and length of what is looked for. */
export interface ChannelBounds {
  readonly calm: number;
  readonly changed: number;
  readonly more: number;
}

/**
 * Work tables. `call`: connections of machines of ours made with a name that they called often enough, and what each sent.
 * Their first request stands for them, because whatever follows on the same connection is in the same bytes. What goes by
 * a proxy has the proxy's sizes. `changed`: channels whose first calls are alike and whose last ones all send clearly
 * more, which is what a change that lasts looks like, numbered from those with the most calls on.
 */
export function channelTables(m: Macros, timeCondition: string, bounds: ChannelBounds): WorkTable[] {
  const least = bounds.calm + bounds.changed;
  const isCalm = `rank <= greatest(${bounds.calm}, least(30, n / 3))`;
  return [
    {
      name: 'call',
      sql: `WITH named AS (
  SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY source_ip, name) AS calls FROM ${namedCalls} AS c
    WHERE depth = 1 AND via_proxy = 0 AND uid IS NOT NULL AND ${m.isLocal('source_ip')} AND ${timeCondition}) AS often
  WHERE calls >= ${least}),
volume AS (
  SELECT uid, max(coalesce(source_payload_bytes, source_bytes)) AS sent,
    max(coalesce(destination_payload_bytes, destination_bytes, 0)) AS received
  FROM flow WHERE uid IN (SELECT uid FROM named) AND coalesce(is_open, FALSE) = FALSE GROUP BY uid)
SELECT n.source_ip, n.name, n.destination_ip, n.time, n.uid, n.evidence_id, n.evidence_at, v.sent, v.received
FROM named n JOIN volume v ON v.uid = n.uid WHERE v.sent > 0`,
    },
    {
      name: 'changed',
      sql: `WITH numbered AS (
  SELECT source_ip, name, sent, row_number() OVER (PARTITION BY source_ip, name ORDER BY time, evidence_at) AS rank,
    count(*) OVER (PARTITION BY source_ip, name) AS n
  FROM call),
shape AS (
  SELECT source_ip, name, max(n) AS n, min(CASE WHEN ${isCalm} THEN sent END) AS calm_low,
    max(CASE WHEN ${isCalm} THEN sent END) AS calm_high, min(CASE WHEN rank > n - ${bounds.changed} THEN sent END) AS late_low
  FROM numbered GROUP BY source_ip, name)
SELECT source_ip, name, CAST(row_number() OVER (ORDER BY n DESC, source_ip, name) AS INTEGER) AS channel FROM shape
WHERE n >= ${least} AND calm_high <= ${calmSpread} * calm_low
  AND late_low >= ${leastGrowth} * calm_high AND late_low >= calm_high + ${bounds.more}
ORDER BY n DESC, source_ip, name LIMIT ${maxChannels}`,
    },
  ];
}

/** The latest calls of the changed channels, channel after channel in order of time, with what HTTP tells of them. */
export function changedCalls(m: Macros): string {
  const first = (expression: string): string => m.firstBy(expression, 'coalesce(http_trans_depth, 1)');
  return `WITH latest AS (
  SELECT * FROM (
    SELECT h.channel, c.*, row_number() OVER (PARTITION BY h.channel ORDER BY ${m.keyOf([`-${m.micros('c.time')}`, '-c.evidence_at'])}) AS age
    FROM call c JOIN changed h ON h.source_ip = c.source_ip AND h.name = c.name) AS aged WHERE age <= ${maxCalls}),
request AS (
  SELECT uid, ${first('http_request_method')} AS method, ${first("split_part(url_original, '?', 1)")} AS path,
    ${first('user_agent_original')} AS agent
  FROM http WHERE uid IN (SELECT uid FROM latest) GROUP BY uid)
SELECT c.channel, ${m.micros('c.time')} AS called_at, c.sent, c.received, c.evidence_id, c.evidence_at,
  c.source_ip, c.name, c.destination_ip, h.method, h.path, h.agent
FROM latest c LEFT JOIN request h ON h.uid = c.uid ORDER BY c.channel, c.time, c.evidence_at`;
}

/** Machines of ours that call each of so many names. Parameters: the names. */
export function usersOfNames(m: Macros, names: number): string {
  return `SELECT name, ${m.countDistinct('source_ip')} AS users FROM ${namedCalls} AS n
    WHERE name IN (${Array.from({ length: names }, () => '?').join(', ')}) AND ${m.isLocal('source_ip')} GROUP BY name`;
}
