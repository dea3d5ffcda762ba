import type { Macros } from '../../store/macros.ts';
import { commonHostsSql } from './rarity.ts';

/** Pieces of SQL that the analytics over pairs of hosts share. Column lists are SQL of our own, never of evidence. */

/** A table expression of flows that have both ends and are over: what a record of an open one says, the next one says again. */
export function closedFlows(columns: string): string {
  return `(SELECT source_ip, destination_ip, coalesce(destination_port, -1) AS port,
    coalesce(network_transport, '') AS transport, time, ${columns}
  FROM flow WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND coalesce(is_open, FALSE) = FALSE)`;
}

/**
 * `local_source` (source_ip): those openers in `from` that are ours, by the case's networks or by what the sensor said of
 * one call at least (`isSaid`); `network` (size): how many they are. Flows are better to ask than pairs made of them:
 * grouping by one column goes by its dictionary.
 */
export function localSources(macros: Macros, from: string, isSaid = 'FALSE'): string {
  return `local_source AS (
  SELECT source_ip FROM ${from} AS o GROUP BY source_ip HAVING ${macros.isLocal('source_ip')} OR ${macros.countIf(isSaid)} > 0),
network AS (SELECT count(*) AS size FROM local_source)`;
}

/**
 * `common` (destination_ip): destinations of `flows` (source_ip, destination_ip, evidence_at) that a part of them already
 * shows to be common. That rules out where most flows go before anything is made of them; the others remain to be counted.
 */
export function commonDestinations(macros: Macros, flows: string): string {
  return `common AS (
  SELECT destination_ip FROM ${flows} AS f WHERE evidence_at % ${sampledPart} = 0 AND source_ip IN (SELECT source_ip FROM local_source)
  GROUP BY destination_ip HAVING ${macros.countDistinct('source_ip')} >= (SELECT ${commonHostsSql('size')} FROM network))`;
}

/** Every so many records one. */
const sampledPart = 16;

/**
 * `destination_use` (`destination`, hosts, known_since): how many of our hosts use a destination of `pairs`, and since when;
 * with `among` only of destinations in that table.
 */
export function destinationUse(macros: Macros, destination: string, among?: string): string {
  return `destination_use AS (
  SELECT ${destination}, ${macros.countDistinct('source_ip')} AS hosts, min(known_since) AS known_since
  FROM pairs WHERE source_ip IN (SELECT source_ip FROM local_source)${
    among === undefined ? '' : ` AND ${destination} IN (SELECT ${destination} FROM ${among})`
  } GROUP BY ${destination})`;
}
