import type { Finding } from '../../../events/finding.ts';
import type { ReadStore } from '../../../store/store.ts';
import { makeFinding, pointersOf, pointerColumns, severityOf } from '../../make-finding.ts';

/** Text answers shorter than this say too little. */
const minLength = 64;
/** English text has about 4.1 bits per character, base64 nearly 6; keys and signatures of mail are known by their tags. */
const minEntropy = 5;
const knownTags = ['v=spf1', 'v=dkim1', 'k=rsa', 'v=dmarc1', 'verification', 'v=sts', 'v=tlsrpt', 'v=bimi'];

/** TXT answers with much entropy: a channel back into the network, or a printer that announces itself. */
export async function* textAnswers(store: ReadStore, timeCondition: string): AsyncGenerator<Finding> {
  const m = store.macros;
  const known = knownTags.map((tag) => m.contains('lower(answer)', `'${tag}'`)).join(' OR ');
  const rows = await store.query(`SELECT host, name, max(bits) AS bits, max(length(answer)) AS longest, count(DISTINCT answer) AS answers, count(*) AS n,
      ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM (SELECT *, ${m.entropy('answer')} AS bits FROM (
      SELECT source_ip AS host, dns_question_name AS name, array_to_string(dns_answers, ' ') AS answer, time, evidence_id, evidence_at
      FROM dns WHERE dns_answers IS NOT NULL AND ${timeCondition} AND (dns_question_type = 'TXT' OR ${m.listAny('dns_answers', "starts_with(x, 'TXT ')")}
        OR ${m.listHas('dns_answer_types', "'TXT'")})))
    WHERE length(answer) >= ${minLength} AND bits >= ${minEntropy} AND NOT (${known}) GROUP BY ALL ORDER BY host, name LIMIT 1000`);
  for (const row of rows) {
    const host = String(row['host']);
    const name = String(row['name']);
    const isAnnounced = name.endsWith('.local');
    const score = isAnnounced ? 0.1 : 0.3;
    const bits = Number(row['bits']).toFixed(2);
    yield makeFinding({
      about: ['txt', host, name],
      detector: 'analytics/dns-tunnel',
      title: `DNS TXT answer with high entropy for ${name}`,
      severity: severityOf(score),
      score,
      first_seen: Number(row['first']),
      last_seen: Number(row['last']),
      entities: [
        { kind: 'host', value: host },
        { kind: 'domain', value: name },
      ],
      attack: ['T1071.004'],
      reasons: [
        { what: 'entropy of the answer', value: `${bits} bits per character`, weight: score },
        { what: 'longest answer', value: `${String(row['longest'])} characters` },
        ...(isAnnounced ? [{ what: 'announced in the local network (mDNS)', value: name }] : []),
      ],
      evidence: pointersOf(row),
      count: Number(row['n']),
      vanishes: 'the answer holds readable text',
      next: `look at the answers for ${name} and at the process that asks for them`,
    });
  }
}
