import { z } from 'zod';
import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import { generatedLogOdds } from './model.ts';

const settings = z.strictObject({
  min_names: z
    .number()
    .int()
    .min(2)
    .default(10)
    .describe(
      'Generated-looking domains that do not exist, asked for by one client within a day, from which it is told.',
    ),
  min_share: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of such domains among all of the day that the client asked for and that do not exist.'),
  min_log_odds: z
    .number()
    .default(1.5)
    .describe('Log odds from which a name counts as generated; at 1.5 one in fifty ordinary names does.'),
});

export const analytic = defineAnalytic({
  id: 'dga',
  title: 'Generated domain names',
  description:
    'Clients that ask within a day for many domains that do not exist and look as if an algorithm had made them: malware that searches for the one of today that its owner has registered. Names are judged by groups of characters, by shape, by the words in them, by how these go together and by the suffix, with a model trained on web sites, words, names of software and generators of our own. Generated-looking domains that did exist meanwhile are named: one of them may be the server.',
  reads: ['dns'],
  attack: ['T1568.002'],
  guide: ['B12', 'B15', 'B17'],
  references: [
    'https://attack.mitre.org/techniques/T1568/002/',
    'https://www.usenix.org/conference/usenixsecurity12/technical-sessions/presentation/antonakakis',
  ],
  settings,
  async *run({ store, timeCondition, settings: set }) {
    for (const row of await store.query(missingDomains(store.macros, timeCondition, set.min_names))) {
      const names = textsOf(row['names']).filter((name) => isGenerated(name, set.min_log_odds));
      const all = Number(row['domains']);
      if (names.length < set.min_names || names.length < all * set.min_share) continue;
      const found = await store.query(existingDomains(store.macros, timeCondition), [
        String(row['source']),
        Number(row['day']),
      ]);
      const existing = found
        .map((entry) => String(entry['domain']))
        .filter((name) => isGenerated(name, set.min_log_odds));
      yield toFinding(row, names, existing);
    }
  },
});

/** Clients and days that are told, names looked at of each: more are a flood. */
const maxRows = 500;
const maxNames = 5000;

/** Registered domains that a client asked for in a day and that do not exist. */
function missingDomains(m: Macros, timeCondition: string, leastNames: number): string {
  return `SELECT source, day, count(DISTINCT domain) AS domains, ${m.distinctListOf('domain', maxNames)} AS names, count(*) AS n,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM (SELECT dns.source_ip AS source, ${m.dayMicros('dns.time')} AS day, domain.registered_domain AS domain, dns.time, dns.evidence_id, dns.evidence_at
    FROM dns JOIN domain ON domain.name = dns.dns_question_name
    WHERE dns.dns_response_code = 'NXDOMAIN' AND domain.registered_domain IS NOT NULL AND dns.source_ip IS NOT NULL
      AND NOT ${m.endsWith('dns.dns_question_name', "'.arpa'")} AND ${timeCondition.replaceAll(/\btime\b/g, 'dns.time')})
  GROUP BY source, day HAVING count(DISTINCT domain) >= ${leastNames}
  ORDER BY domains DESC, source, day LIMIT ${maxRows}`;
}

/** Those of the same client and day that were answered with an address. */
function existingDomains(m: Macros, timeCondition: string): string {
  return `SELECT DISTINCT domain.registered_domain AS domain FROM dns JOIN domain ON domain.name = dns.dns_question_name
    WHERE dns.source_ip = ? AND ${m.dayMicros('dns.time')} = ? AND dns.dns_resolved_ip IS NOT NULL AND ${m.listLength('dns.dns_resolved_ip')} > 0
      AND domain.registered_domain IS NOT NULL AND ${timeCondition.replaceAll(/\btime\b/g, 'dns.time')}
    ORDER BY domain LIMIT ${maxNames}`;
}

function isGenerated(domain: string, leastOdds: number): boolean {
  const label = domain.split('.', 1)[0] ?? '';
  return label.length >= 5 && generatedLogOdds(domain) >= leastOdds;
}

/** Domains that are named in a finding. */
const named = 8;

function toFinding(row: SqlRow, names: readonly string[], existing: readonly string[]): Finding {
  const source = String(row['source']);
  const all = Number(row['domains']);
  const reasons: Reason[] = roundedReasons([
    {
      what: 'generated-looking domains that do not exist',
      value: `${names.length}, such as ${names.slice(0, named).join(', ')}`,
      weight: 0.35 + 0.35 * ramp(Math.log10(names.length), 1, 2.5),
    },
    {
      what: 'share of them',
      value: `${names.length} of ${all} missing domains`,
      weight: 0.15 * ramp(names.length / all, 0.5, 0.95),
    },
    ...(existing.length === 0
      ? []
      : [{ what: 'such domains that exist', value: existing.slice(0, named).join(', '), weight: 0.1 }]),
    { what: 'over', value: formatDuration(Number(row['last']) - Number(row['first'])) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, String(row['day'])],
    detector: 'analytics/dga',
    title: `${source} asks for generated domain names`,
    sentence: `${source} asked for ${names.length} generated-looking domains that do not exist`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: [
      { kind: 'host', value: source },
      ...existing.slice(0, named).map((value) => ({ kind: 'domain', value }) as const),
    ],
    attack: ['T1568.002'],
    reasons,
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the domains exist, or their names look like those that people choose',
    next:
      existing.length === 0
        ? `find the process on ${source} that asks, and watch which of its names is answered`
        : `find out what ${source} sent to ${existing[0] ?? ''}, and block it`,
  });
}
