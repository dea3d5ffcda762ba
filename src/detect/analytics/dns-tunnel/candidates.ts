import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Record types that answer with addresses or names of servers in daily use; all others can carry data. */
const plainTypes = ['A', 'AAAA', 'PTR', 'NS', 'SOA', 'HTTPS', 'SVCB', 'DS', 'DNSKEY', 'RRSIG', 'CAA'];

const isQuestion = "coalesce(dns_type, 'query') IN ('query', 'request')";
/** Labels of mail authentication and service discovery: names that are long, and asked by design. */
const isByDesign = "(d.name LIKE '%._domainkey.%' OR d.name LIKE '\\_%' ESCAPE '\\' OR d.name LIKE '%._tcp.%' OR d.name LIKE '%._udp.%')";

/** Names of one client below one registered domain, worth a closer look. */
export function candidates(m: Macros, timeCondition: string, bounds: { names: number; characters: number }): string {
  const isOdd = `(dns_question_type IS NOT NULL AND dns_question_type NOT IN (${plainTypes.map((type) => `'${type}'`).join(', ')}))`;
  return `WITH asked AS (
    SELECT e.*, d.registered_domain AS registered, length(d.name) - length(d.registered_domain) AS extra
    FROM dns e JOIN domain d ON d.name = e.dns_question_name
    WHERE e.source_ip IS NOT NULL AND d.registered_domain IS NOT NULL AND ${timeCondition.replaceAll('time', 'e.time')}
      AND NOT (d.registered_domain LIKE '%.arpa' OR d.name LIKE '%.local') AND NOT ${isByDesign}),
  clients AS (SELECT registered, ${m.countDistinct('source_ip')} AS clients FROM asked GROUP BY registered),
  grouped AS (
    SELECT source_ip AS client, registered, ${m.countIf(isQuestion)} AS questions, ${m.countDistinct('dns_question_name')} AS names,
      sum(extra)::BIGINT AS characters, ${m.countIf(`${isQuestion} AND ${isOdd}`)} AS odd, ${m.distinctListOf(`CASE WHEN ${isOdd} THEN dns_question_type END`, 5)} AS odd_types,
      count(*) AS n, ${m.countIf(`${m.listLength('dns_resolved_ip')} > 0`)} AS resolved,
      ${m.countIf(m.listAny('dns_resolved_ip', "starts_with(x, '127.')"))} AS verdicts,
      ${m.anyOf('destination_ip')} AS resolver, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM asked GROUP BY ALL)
  SELECT grouped.*, clients.clients FROM grouped JOIN clients USING (registered)
  WHERE (names >= ${bounds.names} AND characters >= ${bounds.characters}) OR (odd >= ${bounds.names})
  ORDER BY client, registered`;
}

/** Distinct names of one candidate, in the order of first asking; bounded. */
export function namesOf(m: Macros, limit: number): string {
  return `SELECT dns_question_name AS name, ${m.micros('min(time)')} AS first FROM dns JOIN domain ON domain.name = dns_question_name
    WHERE source_ip = ? AND registered_domain = ? GROUP BY dns_question_name ORDER BY first LIMIT ${limit}`;
}

/** Bytes of distinct answers that are no addresses. */
export function answerBytes(): string {
  return `SELECT coalesce(sum(length(answer)), 0)::BIGINT AS bytes FROM (
    SELECT DISTINCT answer FROM (SELECT unnest(dns_answers) AS answer, source_ip, dns_question_name FROM dns WHERE dns_answers IS NOT NULL)
    JOIN domain ON domain.name = dns_question_name WHERE source_ip = ? AND registered_domain = ? AND length(answer) > 45)`;
}

/** How many of the addresses that a candidate's names resolved to its client then opened a flow to. */
export function connectedShare(): string {
  return `SELECT count(*) AS resolved, count(CASE WHEN EXISTS (SELECT 1 FROM flow WHERE flow.source_ip = ? AND flow.destination_ip = ip) THEN 1 END) AS connected
    FROM (SELECT DISTINCT unnest(dns_resolved_ip) AS ip FROM dns JOIN domain ON domain.name = dns_question_name
      WHERE source_ip = ? AND registered_domain = ? AND dns_resolved_ip IS NOT NULL LIMIT 500) WHERE NOT starts_with(ip, '127.')`;
}
