import { formatBytes } from '../../../base/bytes.ts';
import type { Finding } from '../../../events/finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { makeFinding, pointersOf, pointerColumns, severityOf } from '../../make-finding.ts';
import { mailTags } from './queries.ts';

/** Text answers shorter than this say too little. */
const minLength = 64;
/** English text has about 4.1 bits per character, base64 nearly 6; keys and signatures of mail are known by their tags. */
const minEntropy = 5;
/** Findings at most: a hint is worth little, and there is one for each machine and domain. */
const maxFindings = 200;

/**
 * TXT answers with much entropy: a channel back into the network, or a printer that announces itself. A machine and domain
 * that are `told` already are left out.
 */
export async function* textAnswers(
  store: ReadStore,
  timeCondition: string,
  told: ReadonlySet<string>,
): AsyncGenerator<Finding> {
  for (const row of await store.query(textAnswersQuery(store.macros, timeCondition))) {
    if (!told.has(`${String(row['host'])} ${String(row['domain'])}`)) yield toFinding(row);
  }
}

function textAnswersQuery(m: Macros, timeCondition: string): string {
  const known = mailTags.map((tag) => m.contains('lower(answer)', `'${tag}'`)).join(' OR ');
  // The type of the question says it, except in answers that come unasked (mDNS) or to a question for any type.
  const isText = `CASE WHEN dns_question_type = 'TXT' THEN TRUE WHEN dns_question_type IN ('A', 'AAAA', 'PTR', 'HTTPS', 'SRV', 'CNAME', 'NULL') THEN FALSE
    ELSE ${m.listHas('dns_answer_types', "'TXT'")} OR ${m.listAny('dns_answers', m.startsWith('x', "'TXT '"))} END`;
  // Conditions of one WHERE run in any order; CASE keeps the dear entropy to the few answers that it is for.
  return `SELECT host, coalesce(d.registered_domain, t.name) AS domain, ${m.anyOf('t.name')} AS name, ${m.countDistinct('t.name')} AS names, max(bits) AS bits,
      max(length(answer)) AS longest, count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM (SELECT *, CASE WHEN length(answer) >= ${minLength} AND NOT (${known}) THEN ${m.entropy('answer')} ELSE 0 END AS bits FROM (
      SELECT source_ip AS host, coalesce(dns_question_name, 'unknown name') AS name, CASE WHEN ${isText} THEN array_to_string(dns_answers, ' ') ELSE '' END AS answer,
        time, evidence_id, evidence_at
      FROM dns WHERE source_ip IS NOT NULL AND dns_answers IS NOT NULL AND ${timeCondition})) t
    LEFT JOIN domain d ON d.name = t.name
    WHERE bits >= ${minEntropy} GROUP BY host, coalesce(d.registered_domain, t.name) ORDER BY host, domain LIMIT ${maxFindings}`;
}

function toFinding(row: SqlRow): Finding {
  const host = String(row['host']);
  const domain = String(row['domain']);
  const names = Number(row['names']);
  const what = names === 1 ? String(row['name']) : `${names} names below ${domain}`;
  const isAnnounced = domain.endsWith('.local');
  const score = isAnnounced ? 0.1 : 0.3;
  return makeFinding({
    about: ['txt', host, domain],
    detector: 'analytics/dns-tunnel',
    title: `DNS TXT answer with high entropy for ${what}`,
    sentence: `${host} was given text of high entropy as answer for ${what}`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: [
      { kind: 'host', value: host },
      { kind: 'domain', value: String(row['name']) },
    ],
    attack: ['T1071.004'],
    reasons: [
      { what: 'entropy of the answer', value: `${Number(row['bits']).toFixed(2)} bits per character`, weight: score },
      { what: 'longest answer', value: formatBytes(Number(row['longest'])) },
      ...(isAnnounced ? [{ what: 'announced in the local network (mDNS)', value: domain }] : []),
    ],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the answer holds readable text, or what mail servers ask for',
    next: `look at the answers for ${what} and at the process on ${host} that asks for them`,
  });
}
