import { defineEnricher } from '../../enricher.ts';
import type { Macros } from '../../../store/macros.ts';

const namesKept = 8;

export const enricher = defineEnricher({
  id: 'addresses',
  title: 'Addresses',
  description:
    'Every address with its number, whether it is local, the names it had (DHCP host names, DNS names that resolved to it), its hardware address, and how many others it talked with.',
  reads: ['flow', 'dns', 'dhcp', 'socket', 'user_session', 'alert', 'device', 'http', 'tls'],
  fills: ['address'],
  needs: [],
  async run({ store }) {
    await store.derive(['DELETE FROM address', insertStatement(store.macros)]);
  },
});

/**
 * Flows are folded to pairs first: their number is that of pairs, not of flows, for everything after. A pair is the same
 * whoever of the two called, so that peers need no telling apart to be counted.
 */
function insertStatement(m: Macros): string {
  const isTurned = 'destination_ip < source_ip';
  return `INSERT INTO address
WITH pair AS (
  SELECT CASE WHEN ${isTurned} THEN destination_ip ELSE source_ip END AS a, CASE WHEN ${isTurned} THEN source_ip ELSE destination_ip END AS b,
    count(*) AS n, min(time) AS f, max(time) AS l FROM flow GROUP BY ALL),
side AS (
  SELECT a AS ip, b AS peer, n, f, l FROM pair
  UNION ALL SELECT b, CASE WHEN a <> b THEN a END, n, f, l FROM pair),
flows AS (
  SELECT ip, min(f) AS f, max(l) AS l, count(peer) AS peers, ${m.countIf(m.isLocal('peer'))} AS local_peers, sum(n) AS n
  FROM side WHERE ip IS NOT NULL GROUP BY ip),
other AS (${otherSightings(m)}),
seen AS (
  SELECT ip, min(f) AS f, max(l) AS l FROM (SELECT ip, f, l FROM flows UNION ALL SELECT ip, f, l FROM other)
  WHERE ip IS NOT NULL GROUP BY ip),
name AS (${names()}),
named AS (SELECT ip, ${m.listOf('name', 'n DESC, name', namesKept)} AS names FROM name GROUP BY ip),
mac AS (${hardware()})
SELECT seen.ip, ${m.ipNumber('seen.ip')}, ${m.isLocal('seen.ip')}, ${isGroup('seen.ip', m)}, named.names, mac.mac, seen.f, seen.l,
  coalesce(flows.peers, 0), coalesce(flows.local_peers, 0), coalesce(flows.n, 0)
FROM seen LEFT JOIN flows USING (ip) LEFT JOIN named USING (ip) LEFT JOIN mac USING (ip)`;
}

/** Addresses of records other than flows: evidence may hold no flow log at all. */
function otherSightings(m: Macros): string {
  const columns: readonly (readonly [string, string])[] = [
    ['dns', 'source_ip'],
    ['dns', 'destination_ip'],
    ['http', 'source_ip'],
    ['http', 'destination_ip'],
    ['tls', 'source_ip'],
    ['tls', 'destination_ip'],
    ['dhcp', 'dhcp_assigned_ip'],
    ['socket', 'destination_ip'],
    ['socket', 'source_ip'],
    ['user_session', 'source_ip'],
    ['alert', 'source_ip'],
    ['alert', 'destination_ip'],
    ['device', 'device_ip'],
  ];
  const parts = columns.map(
    ([kind, column]) =>
      `SELECT ${column} AS ip, min(time) AS f, max(time) AS l FROM ${kind} WHERE ${column} IS NOT NULL GROUP BY ${column}`,
  );
  parts.push(`SELECT ip, min(time) AS f, max(time) AS l
    FROM (SELECT unnest(dns_resolved_ip) AS ip, time FROM dns WHERE ${m.listLength('dns_resolved_ip')} > 0) GROUP BY ip`);
  return parts.join(' UNION ALL ');
}

function names(): string {
  return `SELECT ip, lower(name) AS name, count(*) AS n FROM (
    SELECT coalesce(dhcp_assigned_ip, client_ip, source_ip) AS ip, coalesce(dhcp_client_fqdn, dhcp_host_name) AS name FROM dhcp
    UNION ALL SELECT unnest(dns_resolved_ip), dns_question_name FROM dns WHERE dns_resolved_ip IS NOT NULL)
  WHERE ip IS NOT NULL AND name IS NOT NULL AND name <> '' GROUP BY ALL`;
}

function hardware(): string {
  return `SELECT ip, arg_max(mac, time) AS mac FROM (
    SELECT coalesce(dhcp_assigned_ip, client_ip, source_ip) AS ip, client_mac AS mac, time FROM dhcp
    UNION ALL SELECT device_ip, device_mac, time FROM device)
  WHERE ip IS NOT NULL AND mac IS NOT NULL GROUP BY ip`;
}

function isGroup(ip: string, m: Macros): string {
  const inV4 = `try_cast(split_part(${ip}, '.', 1) AS INTEGER) BETWEEN 224 AND 239`;
  return `coalesce(${m.startsWith(ip, "'ff'")} AND ${m.contains(ip, "':'")} OR ${ip} = '255.255.255.255' OR ${inV4}, FALSE)`;
}
