import { microsPerDay } from '../../../base/time.ts';
import type { Macros } from '../../../store/macros.ts';
import { commonHostsSql } from '../../pairs/rarity.ts';
import { strobeConnections } from '../../rita/profile.ts';
import type { BeaconSettings } from './settings.ts';

/** Aggregates of `pairs`: `known_since` looks at all that is stored, the others at the time asked for. */
export function pairAggregates(macros: Macros, timeCondition: string): string {
  return `${macros.countIf(timeCondition)} AS calls, min(time) AS known_since,
    min(CASE WHEN ${timeCondition} THEN time END) AS first_time, max(CASE WHEN ${timeCondition} THEN time END) AS last_time`;
}

/**
 * `candidate` from `channel` (source_ip, `destination`, calls, first_time, last_time and a `label`): channels of our
 * hosts with enough calls over enough time, to a destination that is not common, and below a strobe's one call a second.
 */
export function candidates(
  macros: Macros,
  destination: string,
  settings: BeaconSettings,
  minSpanMicros: number,
): string {
  const span = `(${macros.micros('c.last_time')} - ${macros.micros('c.first_time')})`;
  return `candidate AS (
  SELECT c.*, u.hosts, u.known_since, row_number() OVER () AS pair,
    ${macros.micros('c.last_time')} - ${span} * least(1.0, ${settings.max_calls_per_pair}.0 / c.calls) AS from_micros
  FROM channel c JOIN destination_use u ON u.${destination} = c.${destination}
  WHERE c.source_ip IN (SELECT source_ip FROM local_source) AND c.calls >= ${settings.min_calls}
    AND ${span} >= ${minSpanMicros}
    AND c.calls * ${microsPerDay}.0 < ${strobeConnections}.0 * greatest(${span}, ${microsPerDay})
    AND u.hosts < (SELECT ${commonHostsSql('size')} FROM network))`;
}

/** What `readCalls` takes, in its order. What belongs to the channel stands in the row of its last call only. */
export function callColumns(macros: Macros, call: { sent: string; received: string; answered: string }): string {
  const onLast = (expression: string): string => `CASE WHEN x.time = c.last_time THEN ${expression} END`;
  return `c.pair, ${macros.micros('x.time')} AS at, ${call.sent} AS sent, ${call.received} AS received,
  ${call.answered} AS answered, x.evidence_id, x.evidence_at, ${onLast('c.hosts')} AS hosts,
  ${onLast(macros.micros('c.known_since'))} AS known_since, ${onLast('(SELECT size FROM network)')} AS network_size,
  ${onLast('c.label')} AS label`;
}
