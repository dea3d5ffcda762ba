import { namedCalls } from '../../pairs/named-calls.ts';
import type { Macros } from '../../../store/macros.ts';
import type { WorkTable } from '../../../store/store.ts';

/** Bytes sent to an address over all time below which it is not looked at: two thousand of them make no transfer. */
const leastPerAddress = 1_000_000;

const columns = `source_ip, destination_ip, time, uid, event_dataset, event_duration, source_bytes, destination_bytes, source_payload_bytes,
  destination_payload_bytes, local_orig, local_resp, evidence_id, evidence_at`;

/** Every connection once: those that were still open are told of every hour, and again when they end. */
const connectionsOnce = `(SELECT ${columns} FROM flow WHERE coalesce(is_open, FALSE) = FALSE
  UNION ALL SELECT ${columns} FROM (
    SELECT ${columns}, row_number() OVER (PARTITION BY uid ORDER BY coalesce(event_duration, 0) DESC, evidence_at DESC) AS latest
    FROM flow WHERE is_open AND uid IS NOT NULL)
  WHERE latest = 1 AND uid NOT IN (SELECT uid FROM flow WHERE coalesce(is_open, FALSE) = FALSE AND uid IN (SELECT uid FROM flow WHERE is_open)))`;

/** Calls through a proxy of ours go to an address of ours, and out all the same. */
const proxied = "(SELECT uid FROM http WHERE http_request_method = 'CONNECT' AND uid IS NOT NULL)";

/**
 * `outward`: connections that machines of ours opened to the outside. Bytes are those on the wire; a piece is the payload,
 * unless it claims more than the wire saw: a reset with a made-up sequence number makes sensors count gigabytes. Sums are
 * floating: a hostile record could overflow whole numbers. `sensor` keeps apart what two tools told of the same traffic.
 */
function outward(m: Macros, timeCondition: string): string {
  const wire = (side: string): string => `coalesce(${side}_bytes, ${side}_payload_bytes, 0)::DOUBLE`;
  return `outward AS (
  SELECT split_part(coalesce(event_dataset, ''), '.', 1) AS sensor, source_ip AS source, destination_ip AS destination, uid, time,
    ${m.dayMicros('time')} AS day, ${wire('source')} AS sent, ${wire('destination')} AS received,
    least(coalesce(source_payload_bytes, source_bytes, 0), coalesce(source_bytes, source_payload_bytes, 0))::DOUBLE AS piece, coalesce(event_duration, 0) AS duration, evidence_id, evidence_at
  FROM ${connectionsOnce}
  WHERE ${timeCondition} AND (${m.isLocal('source_ip')} OR coalesce(local_orig, FALSE))
    AND (NOT (${m.isLocal('destination_ip')} OR coalesce(local_resp, FALSE)) OR uid IN ${proxied}) AND NOT ${isGroup(m)})`;
}

/** Multicast (224.0.0.0/4, ff00::/8) and broadcast. */
function isGroup(m: Macros): string {
  const octets = Array.from({ length: 16 }, (_none, index) => m.startsWith('destination_ip', `'${224 + index}.'`));
  return `(${m.startsWith('destination_ip', "'ff'")} OR destination_ip = '255.255.255.255' OR ${octets.join(' OR ')})`;
}

/** Calls by a registered domain to an address that is told: pairs are looked for among them, also with NOT IN. */
const domainCalls = `(SELECT c.uid, c.source_ip, c.destination_ip, c.via_proxy, d.registered_domain AS domain
  FROM ${namedCalls} c JOIN domain d ON d.name = c.name WHERE c.uid IS NOT NULL AND c.destination_ip IS NOT NULL AND d.registered_domain IS NOT NULL)`;

/**
 * `sending_pair`: machines and addresses between which enough was sent to be looked at, out of `outward_day`. Connections
 * of a pair that no name is known of all have the address's network for their place, so that it can be told here already
 * whether any machine sent enough there, and did not mainly fetch.
 */
function sendingPairs(m: Macros, leastBytes: number): string {
  return `WITH total AS (
  SELECT sensor, source, destination, sum(asked_sent) AS sent, sum(asked_received) AS received FROM outward_day GROUP BY sensor, source, destination),
pair AS (SELECT DISTINCT source, destination FROM total WHERE sent >= ${leastPerAddress}),
named AS (SELECT DISTINCT source_ip, destination_ip FROM ${domainCalls} AS c),
wanted AS (
  SELECT ${network(m)} AS network FROM total JOIN pair USING (source, destination)
  WHERE (source, destination) NOT IN (SELECT source_ip, destination_ip FROM named)
  GROUP BY sensor, source, network HAVING sum(sent) >= ${leastBytes} AND 2 * sum(sent) >= sum(received))
SELECT source, destination FROM pair
WHERE (source, destination) IN (SELECT source_ip, destination_ip FROM named) OR ${network(m)} IN (SELECT network FROM wanted)`;
}

/** `called`: under which registered domain the connections of some pairs, a table of `source` and `destination`, were made. */
function called(pairs: string): string {
  return `called AS (
  SELECT c.uid, min(c.domain) AS domain, max(c.via_proxy) AS via_proxy
  FROM ${domainCalls} AS c JOIN ${pairs} p ON p.source = c.source_ip AND p.destination = c.destination_ip GROUP BY c.uid)`;
}

/**
 * `placed_day`: a row for each sensor, machine, address, registered domain and day of those pairs, with the place that the
 * connections went to. That is the registered domain of the name that they were made with, else of the one that most bytes
 * to the address went under, else the address's network of the size that one owner has at least: /24, or /48 in IPv6.
 */
function placedDays(m: Macros, timeCondition: string): string {
  return `WITH ${outward(m, timeCondition)},
${called('sending_pair')},
heavy AS (
  SELECT sensor, source, destination, day, called.domain AS domain, coalesce(called.via_proxy, 0) AS via_proxy, count(*) AS n,
    sum(sent) AS sent, sum(received) AS received, sum(piece) AS payload, min(time) AS first, max(time) AS last
  FROM outward JOIN sending_pair USING (source, destination) LEFT JOIN called ON called.uid = outward.uid
  GROUP BY sensor, source, destination, day, called.domain, coalesce(called.via_proxy, 0)),
owner AS (
  SELECT source, destination, ${m.lastBy('domain', 'sent')} AS owner FROM (
    SELECT source, destination, domain, sum(sent) AS sent FROM heavy WHERE domain IS NOT NULL AND via_proxy = 0 GROUP BY source, destination, domain)
  GROUP BY source, destination)
SELECT sensor, source, destination, day, domain, n, sent, received, payload, first, last, coalesce(heavy.domain, owner.owner, ${network(m)}) AS place
FROM heavy LEFT JOIN owner USING (source, destination)`;
}

function network(m: Macros): string {
  const octet = (place: number): string => `split_part(destination, '.', ${place})`;
  const group = (place: number): string => `split_part(destination, ':', ${place})`;
  const v6 = `${group(1)} || ':' || ${group(2)} || ':' || ${group(3)} || '::/48'`;
  return `CASE WHEN ${m.contains('destination', "':'")} THEN ${v6} ELSE ${octet(1)} || '.' || ${octet(2)} || '.' || ${octet(3)} || '.0/24' END`;
}

/**
 * What all questions have in common, made once: `outward_day`, a row for each sensor, machine, address and day of all that
 * is stored (with the bytes of the time that was asked for beside), `sending_pair`, and `placed_day`, the days of those that
 * can be part of a transfer. No table holds a row for each connection: a long case has millions of them between two machines.
 */
export function transferTables(m: Macros, timeCondition: string, leastBytes: number): WorkTable[] {
  const asked = (side: string): string => `${m.sumIf(side, timeCondition)} AS asked_${side}`;
  const day = `WITH ${outward(m, 'TRUE')}
SELECT sensor, source, destination, day, count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, sum(sent) AS sent, sum(received) AS received,
  ${asked('sent')}, ${asked('received')}
FROM outward GROUP BY sensor, source, destination, day`;
  return [
    { name: 'outward_day', sql: day },
    { name: 'sending_pair', sql: sendingPairs(m, leastBytes) },
    { name: 'placed_day', sql: placedDays(m, timeCondition) },
  ];
}

/** Days kept of a machine and place, the last: a wrong clock could make any number of them. */
const maxDays = 1000;
/** Addresses kept of a place. */
const maxAddresses = 20;

/**
 * One row per sensor, machine, place and day, for every place to which a machine sent `leastBytes` and not mainly fetched
 * from; with all machines that use it.
 */
export function volumesQuery(m: Macros, leastBytes: number): string {
  return `WITH wanted AS (
  SELECT DISTINCT place FROM (
    SELECT place FROM placed_day GROUP BY sensor, source, place HAVING sum(sent) >= ${leastBytes} AND 2 * sum(sent) >= sum(received)))
SELECT * FROM (
  SELECT sensor, source, place, day, sum(sent) AS sent, sum(payload) AS payload, sum(received) AS received, sum(n) AS connections,
    ${m.countDistinct('domain')} AS names, ${m.distinctListOf('destination', maxAddresses)} AS addresses, ${m.micros('min(first)')} AS first,
    ${m.micros('max(last)')} AS last, row_number() OVER (PARTITION BY sensor, source, place ORDER BY day DESC) AS age
  FROM placed_day WHERE place IN (SELECT place FROM wanted) GROUP BY sensor, source, place, day)
WHERE age <= ${maxDays} ORDER BY source, place, sensor, day`;
}

/**
 * Columns piece, began, duration, evidence_id, evidence_at, sensor, source, place: the largest connections of wanted (source, place) pairs, in time. They are
 * ranked by one key: so the engine keeps only the first of them, and sorts no millions.
 */
export function piecesQuery(m: Macros, timeCondition: string, pairCount: number, limit: number): string {
  const rows = Array.from({ length: pairCount }, () => '(?, ?)').join(', ');
  const key = m.keyOf(['-piece', 'began', 'evidence_id', 'evidence_at']);
  return `WITH wanted AS (
  SELECT DISTINCT source, destination, coalesce(domain, '') AS domain, place
  FROM placed_day WHERE (source, place) IN (SELECT * FROM (VALUES ${rows}) AS w(source, place))),
${outward(m, timeCondition)},
${called('(SELECT DISTINCT source, destination FROM wanted)')},
placed AS (
  SELECT o.sensor, o.source, wanted.place, o.piece, ${m.micros('o.time')} AS began, o.duration, o.evidence_id, o.evidence_at
  FROM outward AS o JOIN (SELECT DISTINCT source, destination FROM wanted) AS p ON p.source = o.source AND p.destination = o.destination
  LEFT JOIN called ON called.uid = o.uid
  JOIN wanted ON wanted.source = o.source AND wanted.destination = o.destination AND wanted.domain = coalesce(called.domain, '')),
ranked AS (SELECT *, row_number() OVER (PARTITION BY sensor, source, place ORDER BY ${key}) AS rank FROM placed)
SELECT piece, began, duration, evidence_id, evidence_at, sensor, source, place FROM ranked WHERE rank <= ${limit} ORDER BY source, place, sensor, began`;
}

/**
 * By how much some machines sent more than they received, over all addresses, in each day of all that is stored, as the
 * sensor tells that saw most: calls and tests of the line go both ways and make no upload usual. `first` is the day's first sight.
 */
export function dailyQuery(sourceCount: number): string {
  const marks = Array.from({ length: sourceCount }, () => '?').join(', ');
  return `SELECT source, day, first, uploaded FROM (
  SELECT source, day, min(first) AS first, max(uploaded) AS uploaded, row_number() OVER (PARTITION BY source ORDER BY day DESC) AS age FROM (
    SELECT sensor, source, day, min(first) AS first, sum(greatest(0, sent - received)) AS uploaded
    FROM outward_day WHERE source IN (${marks}) GROUP BY sensor, source, day)
  GROUP BY source, day)
WHERE age <= ${maxDays} ORDER BY source, day`;
}

/** First sight of places by any machine of ours, in all that is stored: by name in any record, or by an address in a connection. */
export function firstSightQuery(m: Macros, domainCount: number, addressCount: number): string {
  const marks = (count: number): string => Array.from({ length: Math.max(1, count) }, () => '?').join(', ');
  return `SELECT registered_domain AS what, ${m.micros('min(first_seen)')} AS first FROM domain WHERE registered_domain IN (${marks(domainCount)}) GROUP BY registered_domain
UNION ALL SELECT destination_ip, ${m.micros('min(time)')} FROM flow WHERE destination_ip IN (${marks(addressCount)}) GROUP BY destination_ip`;
}

/** Connections to the outside by day, the busiest days first: those of a clock that was wrong come last. */
export const daysQuery = `SELECT sum(n) AS n, min(first) AS first, max(last) AS last FROM outward_day GROUP BY day ORDER BY n DESC, day LIMIT ${maxDays}`;

export function machinesQuery(m: Macros): string {
  return `SELECT ${m.countDistinct('source')} AS machines FROM outward_day`;
}
