import { microsPerSecond } from '../base/time.ts';
import type { ReadStore } from '../store/store.ts';

/** A host and its flows are written by different clocks; further apart than this they are not the same connection. */
const sameConnectionMicros = 2 * microsPerSecond;
/** Different far ends that must agree: one connection may be chance. */
const leastAgreement = 2;
/** Share of a host's matched connections that must come from the address. */
const leastShare = 0.6;

export interface HostAddress {
  readonly host: string;
  readonly ip: string;
}

/**
 * Which address a host has, told by its connections: the host's own log says that a process connected somewhere, and
 * at that time exactly one local address did. Logs of hosts know names and logs of the network know addresses; without
 * DHCP or DNS records this is all that joins the two. An address that several hosts would have (NAT) is nobody's.
 */
export async function findHostAddresses(store: ReadStore): Promise<HostAddress[]> {
  if ((await store.count('socket')) === 0 || (await store.count('flow')) === 0) return [];
  const rows = await store.query(statement(store));
  const found = rows.map((row) => ({ host: String(row['host']), ip: String(row['ip']) }));
  return found.filter(({ ip }) => found.filter((other) => other.ip === ip).length === 1);
}

/** Times are folded into slots so that the join is one by equality; each flow stands in its slot and the ones beside it. */
function statement({ macros: m }: ReadStore): string {
  const slot = (time: string): string => `CAST(floor(${m.micros(time)} / ${sameConnectionMicros}.0) AS BIGINT)`;
  return `
WITH call AS (
  SELECT DISTINCT host_name AS host, destination_ip AS ip, destination_port AS port, ${slot('time')} AS slot
  FROM socket
  WHERE host_name IS NOT NULL AND destination_ip IS NOT NULL AND event_action IN ('connect', 'send')),
seen AS (
  SELECT DISTINCT source_ip, destination_ip AS ip, destination_port AS port, ${slot('time')} AS slot
  FROM flow
  WHERE ${m.isLocal('source_ip')} AND (destination_ip, destination_port) IN (SELECT ip, port FROM call)),
pair AS (
  SELECT DISTINCT call.host, call.ip, call.port, call.slot, seen.source_ip
  FROM call JOIN seen ON seen.ip = call.ip AND seen.port = call.port AND seen.slot BETWEEN call.slot - 1 AND call.slot + 1),
sure AS (
  SELECT host, ip, port, slot, min(source_ip) AS source_ip FROM pair
  GROUP BY host, ip, port, slot HAVING count(*) = 1),
vote AS (
  SELECT host, source_ip, count(*) AS calls, ${m.countDistinct('ip')} AS far_ends FROM sure GROUP BY host, source_ip),
total AS (SELECT host, sum(calls) AS calls FROM vote GROUP BY host)
SELECT vote.host AS host, vote.source_ip AS ip
FROM vote JOIN total ON total.host = vote.host
WHERE vote.far_ends >= ${leastAgreement} AND vote.calls >= ${leastShare} * total.calls
ORDER BY vote.host, vote.source_ip`;
}
