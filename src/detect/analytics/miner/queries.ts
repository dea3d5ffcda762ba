import { microsPerDay } from '../../../base/time.ts';
import { pointerColumns } from '../../make-finding.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import type { Macros } from '../../../store/macros.ts';

/** Pairs of machine and pool that are told. */
const maxPairs = 200;

/** Sites of many names share addresses there, and a call says its name by itself. */
const webPorts = '80, 443';

/**
 * What machines of ours have to do with pools, by machine and pool: connections that speak Stratum, calls to names of pools,
 * connections to addresses that the DNS gave for them within a day, whoever asked, and look-ups. The pool is the name where there is one, else the address. Parameters: the domains.
 */
export function poolCalls(m: Macros, timeCondition: string, domains: number): string {
  const list = Array.from({ length: domains }, () => '(?)').join(', ');
  const isOurs = `${m.isLocal('source_ip')} AND ${timeCondition}`;
  return `WITH pool AS (SELECT * FROM (VALUES ${list}) AS v(domain)),
pool_name AS (
  SELECT d.name, max(p.domain) AS place FROM domain d JOIN pool p ON d.name = p.domain OR ${m.endsWith('d.name', "'.' || p.domain")}
  GROUP BY d.name),
called AS (
  SELECT n.source_ip, n.destination_ip, n.time, n.uid, n.evidence_id, n.evidence_at, p.place
  FROM (SELECT * FROM ${namedCalls} WHERE ${isOurs}) AS n JOIN pool_name p ON p.name = n.name),
asked AS (
  SELECT d.source_ip, d.time, d.evidence_id, d.evidence_at, p.place
  FROM (SELECT * FROM dns WHERE source_ip IS NOT NULL AND ${isOurs}) AS d JOIN pool_name p ON p.name = d.dns_question_name),
answer AS (
  SELECT p.place, unnest(d.dns_resolved_ip) AS address, ${m.micros('d.time')} AS told
  FROM (SELECT * FROM dns WHERE dns_resolved_ip IS NOT NULL AND ${timeCondition}) AS d JOIN pool_name p ON p.name = d.dns_question_name),
place_of AS (SELECT address, max(place) AS place, min(told) AS known_from, max(told) AS known_until FROM answer GROUP BY address),
wallet AS (SELECT uid, max(user_name) AS wallet FROM log WHERE event_dataset = 'pcap.stratum' AND uid IS NOT NULL GROUP BY uid),
spoken AS (
  SELECT f.*, w.wallet, coalesce(c.place, a.place) AS pool FROM (
    SELECT source_ip, destination_ip, uid, time, evidence_id, evidence_at, coalesce(event_duration, 0) AS duration,
      coalesce(destination_port, 0) AS port, coalesce(source_bytes, 0) AS bytes_out, coalesce(destination_bytes, 0) AS bytes_in,
      ${m.contains("coalesce(network_protocol, '')", "'stratum'")} AS is_stratum
    FROM flow WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND ${isOurs}) AS f
  LEFT JOIN wallet w ON w.uid = f.uid
  LEFT JOIN (SELECT uid, max(place) AS place FROM called WHERE uid IS NOT NULL GROUP BY uid) AS c ON c.uid = f.uid
  LEFT JOIN place_of a ON a.address = f.destination_ip AND f.port NOT IN (${webPorts})
    AND ${m.micros('f.time')} BETWEEN a.known_from AND a.known_until + ${microsPerDay}
  WHERE f.is_stratum OR c.place IS NOT NULL OR a.place IS NOT NULL),
one AS (
  SELECT source_ip AS source, coalesce(pool, destination_ip) AS place, destination_ip AS address, time, evidence_id, evidence_at,
    CASE WHEN is_stratum THEN 1 ELSE 0 END AS by_protocol, CASE WHEN pool IS NOT NULL THEN 1 ELSE 0 END AS by_name, 1 AS flows,
    duration, bytes_out, bytes_in, wallet FROM spoken
  UNION ALL SELECT source_ip, place, destination_ip, time, evidence_id, evidence_at, 0, 1, 0, 0, 0, 0, NULL FROM called
  UNION ALL SELECT source_ip, place, NULL, time, evidence_id, evidence_at, 0, 1, 0, 0, 0, 0, NULL FROM asked)
SELECT source, place, count(*) AS n, sum(by_protocol)::BIGINT AS by_protocol, sum(by_name)::BIGINT AS by_name, sum(flows)::BIGINT AS flows,
  sum(duration)::BIGINT AS duration, sum(bytes_out)::BIGINT AS bytes_out, sum(bytes_in)::BIGINT AS bytes_in,
  ${m.distinctListOf('address', 5)} AS addresses, ${m.distinctListOf('wallet', 3)} AS users,
  ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
FROM one GROUP BY source, place ORDER BY by_protocol DESC, duration DESC, source, place LIMIT ${maxPairs}`;
}
