import type { Macros } from '../../../store/macros.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Record types that answer with addresses or with names of servers in daily use; all others can carry data. */
const plainTypes = [
  'A',
  'AAAA',
  'PTR',
  'NS',
  'SOA',
  'HTTPS',
  'TYPE65',
  'query-65',
  'SVCB',
  'TYPE64',
  'query-64',
  'SRV',
  'DS',
  'DNSKEY',
  'RRSIG',
  'CAA',
  'TLSA',
];
const isOdd = `(type IS NOT NULL AND type NOT IN (${plainTypes.map((type) => `'${type}'`).join(', ')}))`;
/** NULL, and numbers that have no name (Zeek `query-65399`, Suricata `TYPE65399`). Older sensors have none for HTTPS. */
const isNull =
  "(type = 'NULL' OR ((type LIKE 'TYPE%' OR type LIKE 'query-%') AND type NOT IN ('TYPE64', 'TYPE65', 'query-64', 'query-65')))";
const isBrowser = "type IN ('HTTPS', 'TYPE65', 'query-65')";

/** Times within which the same question is one asking: retries, both address families, the question and its answer apart. */
const askingSeconds = 300;
/** Names below a domain from which a client counts as one of its users. */
const userNames = 3;

/** When a client or a domain is looked at closer. */
export interface CandidateBounds {
  readonly names: number;
  readonly characters: number;
  /** Mean characters of a name from which fewer names will do. */
  readonly longName: number;
}

/**
 * A table expression of records with the machine that asks. An answer that a sensor logs in its own direction comes from
 * port 53. Outside machines that ask a server of ours say nothing about us; mDNS (5353) and LLMNR (5355) never leave the link.
 */
function asked(m: Macros, timeCondition: string): string {
  const isReversed = '(source_port = 53 AND coalesce(destination_port, 53) <> 53)';
  return `(SELECT * FROM (
    SELECT CASE WHEN ${isReversed} THEN destination_ip ELSE source_ip END AS client, CASE WHEN ${isReversed} THEN source_ip ELSE destination_ip END AS resolver,
      dns_question_name AS name, dns_question_type AS type, dns_answers AS answers, dns_resolved_ip AS addresses, time, evidence_id, evidence_at
    FROM dns WHERE ${timeCondition} AND dns_question_name IS NOT NULL AND coalesce(destination_port, 53) NOT IN (5353, 5355))
  WHERE client IS NOT NULL AND NOT (NOT ${m.isLocal('client')} AND ${m.isLocal('resolver')}))`;
}

/** Reversed zones cannot be delegated to anybody, and `.local` is the link's. */
const isOutside =
  "registered_domain IS NOT NULL AND registered_domain NOT LIKE '%.arpa' AND registered_domain NOT LIKE '%.local'";

/** One row per client and domain, where a closer look is due. Folded step by step: each step has fewer rows for the next. */
export function channelsQuery(m: Macros, timeCondition: string, bounds: CandidateBounds): string {
  const yes = (condition: string): string => `max(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
  // RFC 5782 keeps 127.0.0.1 out of what a list may answer: it is where a name is sent that leads nowhere.
  const isVerdict = m.listAny('addresses', "starts_with(x, '127.') AND x <> '127.0.0.1'");
  return `WITH asking AS (
  SELECT client, name, floor(${m.seconds('time')} / ${askingSeconds}) AS asking, count(*) AS n, max(CASE WHEN ${isOdd} THEN type END) AS odd_type,
    ${yes(isNull)} AS is_null, ${yes(isBrowser)} AS as_browser, ${yes(`${m.listLength('addresses')} > 0`)} AS resolved, ${yes(isVerdict)} AS verdict,
    min(time) AS first, max(time) AS last
  FROM ${asked(m, timeCondition)} GROUP BY client, name, asking),
named AS (
  SELECT client, name, sum(n) AS n, count(*) AS askings, max(odd_type) AS odd_type, max(is_null) AS is_null, max(as_browser) AS as_browser,
    max(resolved) AS resolved, max(verdict) AS verdict, min(first) AS first, max(last) AS last
  FROM asking GROUP BY client, name),
grouped AS (
  SELECT client, registered_domain AS domain, count(*) AS names, sum(greatest(0, length(named.name) - length(registered_domain) - 1))::BIGINT AS characters,
    sum(n)::BIGINT AS n, sum(askings)::BIGINT AS askings, count(odd_type) AS odd, ${m.distinctListOf('odd_type', 5)} AS odd_types,
    sum(is_null)::BIGINT AS nulls, sum(as_browser)::BIGINT AS as_browser, sum(resolved)::BIGINT AS resolved, sum(verdict)::BIGINT AS verdicts,
    ${m.micros('min(first)')} AS first, ${m.micros('max(last)')} AS last
  FROM named JOIN domain ON domain.name = named.name WHERE ${isOutside} GROUP BY client, registered_domain)
SELECT * FROM (SELECT *, sum(CASE WHEN names >= ${userNames} THEN 1 ELSE 0 END) OVER (PARTITION BY domain)::BIGINT AS users FROM grouped)
WHERE (names >= ${bounds.names} AND characters >= ${bounds.characters}) OR characters >= ${bounds.longName} * names
  OR (odd > 0 AND askings >= ${bounds.names} AND odd * 2 > names)
ORDER BY client, domain`;
}

/**
 * `mine`: the records of some channels, given as (client, domain) parameters. Asked for once in a question: DuckDB keeps what
 * two parts of a question read, with all columns, in memory.
 */
function mine(m: Macros, timeCondition: string, channelCount: number): string {
  const rows = Array.from({ length: channelCount }, () => '(?, ?)').join(', ');
  return `WITH wanted AS (SELECT * FROM (VALUES ${rows}) AS w(client, domain)),
wanted_name AS (SELECT name, registered_domain AS domain FROM domain WHERE registered_domain IN (SELECT domain FROM wanted)),
mine AS (
  SELECT a.*, wanted_name.domain FROM ${asked(m, timeCondition)} a JOIN wanted_name ON wanted_name.name = a.name
  WHERE (a.client, wanted_name.domain) IN (SELECT client, domain FROM wanted))`;
}

/** Columns client, domain, name: the first `limit` distinct names of each channel, together and in the order of asking. */
export function namesQuery(m: Macros, timeCondition: string, channelCount: number, limit: number): string {
  return `${mine(m, timeCondition, channelCount)}
SELECT client, domain, name FROM (
  SELECT client, domain, name, row_number() OVER (PARTITION BY client, domain ORDER BY ${m.keyOf(['first', 'name'])}) AS place
  FROM (SELECT client, domain, name, min(time) AS first FROM mine GROUP BY client, domain, name))
WHERE place <= ${limit} ORDER BY client, domain, place`;
}

/** Per channel: the answers. Text answers are those to questions for types that carry data. */
export function answersQuery(m: Macros, timeCondition: string, channelCount: number): string {
  const tags = [...mailTags, ...proofTargets];
  const known = tags.map((tag) => m.contains('lower(answer)', `'${tag}'`)).join(' OR ');
  const isAcme = m.startsWith('lower(name)', "'_acme-challenge.'");
  return `${mine(m, timeCondition, channelCount)},
texts AS (
  SELECT client, domain, sum(length(answer))::BIGINT AS answer_bytes, count(*) AS texts, ${m.countIf(`(${known} OR (is_acme AND length(answer) <= ${acmeLength}))`)} AS known_texts
  FROM (SELECT DISTINCT client, domain, unnest(answers) AS answer, ${isAcme} AS is_acme FROM mine WHERE ${isOdd} AND answers IS NOT NULL) GROUP BY client, domain),
addresses AS (
  SELECT client, domain, count(*) AS addresses, ${m.countIf(m.isLocal('ip'))} AS local_addresses
  FROM (SELECT DISTINCT client, domain, unnest(addresses) AS ip FROM mine WHERE addresses IS NOT NULL) GROUP BY client, domain)
SELECT wanted.client, wanted.domain, coalesce(answer_bytes, 0) AS answer_bytes, coalesce(texts, 0) AS texts, coalesce(known_texts, 0) AS known_texts,
  coalesce(addresses, 0) AS addresses, coalesce(local_addresses, 0) AS local_addresses
FROM wanted LEFT JOIN texts USING (client, domain) LEFT JOIN addresses USING (client, domain)`;
}

/** What answers to mail servers and certificate authorities begin with or hold (SPF, DKIM, DMARC, MTA-STS, BIMI, proofs of ownership). */
export const mailTags = [
  'v=spf1',
  'v=dkim1',
  'k=rsa',
  'p=mig',
  'p=mii',
  'v=dmarc1',
  'verification',
  'v=sts',
  'v=tlsrpt',
  'v=bimi',
];

/** Where certificate authorities and clouds have names point that prove who owns a domain: their own name holds a digest. */
const proofTargets = [
  '.acm-validations.aws',
  '.comodoca.com',
  '.sectigo.com',
  '.dcv.digicert.com',
  '.googlehosted.com',
];

/** What ACME has as answer: 43 characters (RFC 8555, 8.4), for which Zeek writes `TXT 43` before them. */
const acmeLength = 50;

/**
 * Per channel: names with addresses, and how many of them a connection followed: one to the address in the same minute or
 * the next, or one that carries the name. The minute matters, and that the client itself connects: an address that others
 * use anyway must not excuse a name. Only for a machine that never connects anywhere, a resolver, others count.
 */
export function connectionsQuery(m: Macros, timeCondition: string, channelCount: number): string {
  const minute = (time: string): string => `floor(${m.seconds(time)} / 60)`;
  return `${mine(m, timeCondition, channelCount)},
places AS (
  SELECT DISTINCT client, domain, name, ip, minute FROM (
    SELECT client, domain, name, unnest(addresses) AS ip, ${minute('time')} AS minute FROM mine WHERE addresses IS NOT NULL)
  WHERE ip NOT LIKE '127.%'),
calls AS (
  SELECT DISTINCT source_ip AS caller, destination_ip AS ip, ${minute('time')} AS minute FROM flow
  WHERE ${isConnection} AND destination_ip IN (SELECT ip FROM places)),
near AS (SELECT caller, ip, minute FROM calls UNION SELECT caller, ip, minute - 1 FROM calls),
silent AS (
  SELECT client FROM wanted WHERE client NOT IN (SELECT source_ip FROM flow WHERE ${isConnection} AND source_ip IN (SELECT client FROM wanted))),
followed AS (
  SELECT p.client, p.domain, p.name FROM places p JOIN near n ON n.caller = p.client AND n.ip = p.ip AND n.minute = p.minute
  UNION SELECT p.client, p.domain, p.name FROM places p JOIN (SELECT DISTINCT ip, minute FROM near) n ON n.ip = p.ip AND n.minute = p.minute
  WHERE p.client IN (SELECT client FROM silent)),
called AS (SELECT DISTINCT name FROM ${namedCalls} AS c WHERE name IN (SELECT name FROM places))
SELECT client, domain, count(*) AS names, ${m.countIf('is_followed')} AS followed FROM (
  SELECT p.client, p.domain, p.name, f.name IS NOT NULL OR c.name IS NOT NULL AS is_followed
  FROM (SELECT DISTINCT client, domain, name FROM places) p
  LEFT JOIN followed f ON f.client = p.client AND f.domain = p.domain AND f.name = p.name LEFT JOIN called c ON c.name = p.name)
GROUP BY client, domain`;
}

/** Name servers (53, over TLS 853), mDNS and LLMNR: the look-ups themselves are flows too. */
const isConnection = 'coalesce(destination_port, 0) NOT IN (53, 853, 5353, 5355)';

/** A row when connections other than those to name servers were recorded. */
export function anyConnectionQuery(): string {
  return `SELECT 1 AS n FROM (SELECT time FROM flow WHERE ${isConnection} UNION ALL SELECT time FROM tls) LIMIT 1`;
}

/** Per channel: pointers, and whom the client asked. */
export function pointersQuery(m: Macros, timeCondition: string, channelCount: number): string {
  return `${mine(m, timeCondition, channelCount)}
SELECT client, domain, ${m.distinctListOf('resolver', 5)} AS resolvers, ${pointerColumns(m)} FROM mine GROUP BY client, domain`;
}

/** How many machines of ours ask each of the given addresses: one that many ask passes on what others want to know. */
export function askersQuery(m: Macros, timeCondition: string, addressCount: number): string {
  const places = Array.from({ length: addressCount }, () => '?').join(', ');
  return `SELECT destination_ip AS resolver, ${m.countDistinct('source_ip')} AS askers FROM dns
WHERE ${timeCondition} AND destination_ip IN (${places}) AND coalesce(destination_port, 53) = 53 AND source_ip <> destination_ip AND ${m.isLocal('source_ip')}
GROUP BY destination_ip`;
}

export function clientsQuery(m: Macros, timeCondition: string): string {
  return `SELECT ${m.countDistinct('source_ip')} AS n FROM dns WHERE ${timeCondition}`;
}
