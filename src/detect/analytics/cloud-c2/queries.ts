import { namedCalls } from '../../pairs/named-calls.ts';
import type { Macros } from '../../../store/macros.ts';

/** Uses that are looked at, the latest begun; calls of one that are read. */
const maxUses = 150;
const maxCalls = 2000;
/** Hours in which a machine must have been seen before it began: one that was off says nothing about what it does. */
const leastActiveHours = 6;
/** What a machine did in the first third of what is known of it, but not of more than three weeks, is its habit. */
const habitShare = 3;
const longestHabitHours = 7 * 24;
/** Seconds between a call on the wire and the `connect` of the process that made it. */
const linkSeconds = 10;

/** `service_name` (name, place): names that were seen and the service, the longest that fits, that each belongs to. Parameters: the services. */
function serviceNames(m: Macros, services: number): string {
  const list = Array.from({ length: services }, () => '(?)').join(', ');
  return `service_name AS (
  SELECT d.name, ${m.lastBy('s.domain', m.lengthOf('s.domain'))} AS place
  FROM domain d JOIN (VALUES ${list}) AS s(domain) ON d.name = s.domain OR ${m.endsWith('d.name', "'.' || s.domain")}
  GROUP BY d.name)`;
}

/** Calls to names, and look-ups of them (`is_asked` 1), which stand for calls that no sensor saw. */
const calls = `(SELECT source_ip, destination_ip, time, uid, evidence_id, evidence_at, name, 0 AS is_asked FROM ${namedCalls} AS n
  UNION ALL SELECT source_ip, NULL, time, NULL, evidence_id, evidence_at, dns_question_name, 1
    FROM dns WHERE source_ip IS NOT NULL AND dns_question_name IS NOT NULL)`;

/**
 * Machines of ours and services that they began to use after a time in which they were seen and did not, by machine and
 * service. What they did before `timeCondition` counts as well. Parameters: the services.
 */
export function begunUses(m: Macros, timeCondition: string, services: number, quietHours: number): string {
  const seen = ['flow', 'dns', 'http', 'tls']
    .map((kind) => `SELECT source_ip, ${m.hourMicros('time')} AS hour FROM ${kind}`)
    .join(' UNION ALL ');
  const hour = 3_600_000_000;
  return `WITH ${serviceNames(m, services)},
used AS (
  SELECT c.source_ip, s.place, min(c.time) AS begun, ${m.countIf(timeCondition.replaceAll(/\btime\b/g, 'c.time'))} AS n
  FROM ${calls} AS c JOIN service_name s ON s.name = c.name WHERE ${m.isLocal('c.source_ip')} GROUP BY c.source_ip, s.place),
active AS (SELECT source_ip, hour FROM (${seen}) AS e WHERE ${m.isLocal('source_ip')} GROUP BY source_ip, hour),
network AS (SELECT count(DISTINCT source_ip) AS size FROM active),
spread AS (SELECT place, count(*) AS hosts FROM used GROUP BY place),
judged AS (
  SELECT u.source_ip, u.place, max(u.n) AS n, ${m.micros('max(u.begun)')} AS begun, min(a.hour) AS known_since, max(a.hour) AS known_until,
    ${m.countIf(`a.hour < ${m.micros('u.begun')}`)} AS hours_before
  FROM used u JOIN active a ON a.source_ip = u.source_ip GROUP BY u.source_ip, u.place)
SELECT j.*, s.hosts, (SELECT size FROM network) AS network_size FROM judged j JOIN spread s ON s.place = j.place
WHERE j.n > 0 AND j.hours_before >= ${leastActiveHours}
  AND j.begun - j.known_since >= greatest(${quietHours * hour}, least((j.known_until - j.known_since) / ${habitShare}, ${longestHabitHours * hour}))
ORDER BY j.begun DESC, j.source_ip, j.place LIMIT ${maxUses}`;
}

/** `mine`: calls of the uses, the first of each. Parameters: the services, then source and place of each use. */
function callsOfUses(m: Macros, timeCondition: string, services: number, uses: number): string {
  const list = Array.from({ length: uses }, () => '(?, ?)').join(', ');
  return `${serviceNames(m, services)},
mine AS (
  SELECT * FROM (
    SELECT c.*, s.place, row_number() OVER (PARTITION BY c.source_ip, s.place ORDER BY ${m.keyOf(['c.is_asked', 'c.time', 'c.evidence_at'])}) AS rank
    FROM ${calls} AS c JOIN service_name s ON s.name = c.name JOIN (VALUES ${list}) AS u(source, place) ON u.source = c.source_ip AND u.place = s.place
    WHERE ${timeCondition.replaceAll(/\btime\b/g, 'c.time')}) AS ranked
  WHERE rank <= ${maxCalls})`;
}

/** What machines sent to services and got, use by use in order, with what their programs say of themselves. Parameters as of `mine`. */
export function callsMade(m: Macros, timeCondition: string, services: number, uses: number): string {
  return `WITH ${callsOfUses(m, timeCondition, services, uses)},
volume AS (
  SELECT uid, max(coalesce(source_payload_bytes, source_bytes)) AS sent, max(coalesce(destination_payload_bytes, destination_bytes)) AS received
  FROM flow WHERE uid IN (SELECT uid FROM mine) GROUP BY uid),
request AS (SELECT uid, max(user_agent_original) AS agent FROM http WHERE uid IN (SELECT uid FROM mine) GROUP BY uid),
hello AS (SELECT uid, max(coalesce(tls_client_ja4, tls_client_ja3)) AS fingerprint FROM tls WHERE uid IN (SELECT uid FROM mine) GROUP BY uid)
SELECT c.source_ip, c.place, ${m.micros('c.time')} AS called_at, c.name, c.is_asked, c.uid, c.evidence_id, c.evidence_at,
  v.sent, v.received, r.agent, h.fingerprint, p.hosts AS fingerprint_hosts
FROM mine c LEFT JOIN volume v ON v.uid = c.uid LEFT JOIN request r ON r.uid = c.uid LEFT JOIN hello h ON h.uid = c.uid
  LEFT JOIN (SELECT value, max(hosts) AS hosts FROM prevalence WHERE kind IN ('ja3', 'ja4') GROUP BY value) AS p ON p.value = h.fingerprint
ORDER BY c.source_ip, c.place, called_at, c.evidence_at`;
}

/** Programs that connected to addresses of a service when a machine called it, most often first. Parameters as of `mine`. */
export function programsSeen(m: Macros, timeCondition: string, services: number, uses: number): string {
  return `WITH ${callsOfUses(m, timeCondition, services, uses)},
opened AS (
  SELECT coalesce(process_executable, process_name) AS program, source_ip, destination_ip, ${m.seconds('time')} AS opened_at FROM socket
  WHERE event_action = 'connect' AND destination_ip IN (SELECT destination_ip FROM mine))
SELECT c.source_ip, c.place, o.program, count(*) AS n
FROM opened o JOIN mine c ON c.destination_ip = o.destination_ip AND abs(${m.seconds('c.time')} - o.opened_at) <= ${linkSeconds}
WHERE o.program IS NOT NULL AND coalesce(o.source_ip, c.source_ip) = c.source_ip
GROUP BY c.source_ip, c.place, o.program ORDER BY c.source_ip, c.place, n DESC, o.program`;
}
