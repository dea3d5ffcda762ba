import { parseCidr } from '../base/ip.ts';
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
 * Which address a host has, told by its connections. Logs of hosts know names and logs of the network know addresses;
 * without DHCP or DNS records this is all that joins the two. Some logs (Sysmon) write the address that a process connected
 * from. Of others, the host's log says that a process connected somewhere, and at that time exactly one local address
 * did. An address that several hosts would have (NAT, a bridge of containers) is nobody's.
 */
export async function findHostAddresses(store: ReadStore): Promise<HostAddress[]> {
  if ((await store.count('socket')) === 0) return [];
  const told = await store.query(toldStatement(store));
  const matched = (await store.count('flow')) === 0 ? [] : await store.query(matchStatement(store));
  const hostsByIp = new Map<string, Set<string>>();
  for (const row of [...told, ...matched]) {
    const ip = String(row['ip']);
    hostsByIp.set(ip, (hostsByIp.get(ip) ?? new Set()).add(String(row['host'])));
  }
  return [...hostsByIp].flatMap(([ip, hosts]) => (hosts.size === 1 ? [...hosts].map((host) => ({ host, ip })) : []));
}

/** Addresses that mean another machine on each machine. */
const ownOfEach = ['127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10']
  .map(parseCidr)
  .filter((range) => range !== undefined);

/** Addresses that hosts connected from, as their own logs write them. */
function toldStatement({ macros: m }: ReadStore): string {
  return `SELECT host_name AS host, source_ip AS ip FROM socket
WHERE host_name IS NOT NULL AND source_ip IS NOT NULL AND event_action = 'connect' AND ${m.isLocal('source_ip')}
  AND NOT (${m.isWithin('source_ip', ownOfEach)})
GROUP BY host, ip ORDER BY host, ip`;
}

/** Times are folded into slots so that the join is one by equality; each flow stands in its slot and the ones beside it. */
function matchStatement({ macros: m }: ReadStore): string {
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
