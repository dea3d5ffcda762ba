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
 * Candidates, numbered by `pair`, from `channel` (source_ip, `destination`, calls, first_time, last_time and what `keys` and
 * `label` stand on): channels of our hosts with enough calls over enough time, to a destination that is not common, and
 * below a strobe's one call a second.
 */
export function candidates(
  macros: Macros,
  channel: { readonly destination: string; readonly keys: string; readonly label: string },
  settings: BeaconSettings,
  minSpanMicros: number,
): string {
  const span = `(${macros.micros('c.last_time')} - ${macros.micros('c.first_time')})`;
  return `SELECT CAST(row_number() OVER () AS INTEGER) AS pair, ${channel.keys}, u.hosts,
    ${macros.micros('u.known_since')} AS known_since, (SELECT size FROM network) AS network_size, ${channel.label} AS label,
    ${macros.micros('c.last_time')} - ${span} * least(1.0, ${settings.max_calls_per_pair}.0 / c.calls) AS from_micros
  FROM channel c JOIN destination_use u ON u.${channel.destination} = c.${channel.destination}
  WHERE c.source_ip IN (SELECT source_ip FROM local_source) AND c.calls >= ${settings.min_calls}
    AND ${span} >= ${minSpanMicros}
    AND c.calls * ${microsPerDay}.0 < ${strobeConnections}.0 * greatest(${span}, ${microsPerDay})
    AND u.hosts < (SELECT ${commonHostsSql('size')} FROM network)`;
}

/** What `readCalls` takes, in its order: rows of calls `x` of candidates `c`. */
export function callColumns(macros: Macros, call: { sent: string; received: string; answered: string }): string {
  return `c.pair, ${macros.micros('x.time')} AS at, ${call.sent} AS sent, ${call.received} AS received,
  CAST(${call.answered} AS DOUBLE) AS answered, x.evidence_id, x.evidence_at`;
}

/** The two questions of a kind of channel: which could be regular, as a table `candidate`, and their calls. */
export interface ChannelSql {
  readonly candidates: string;
  /** Over `candidate`, in the order of the pairs and of time. */
  readonly calls: string;
}
