import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { pointerColumns, pointersOf } from '../../make-finding.ts';
import type { EvidencePointer } from '../../../events/finding.ts';

/** What tells the network: each by itself, told by other means. */
export type SignId = 'relay' | 'made-up-name' | 'directory' | 'onion-name' | 'gateway';

/** One sign of one machine, summed up. */
export interface Sign {
  readonly id: SignId;
  readonly source: string;
  readonly count: number;
  /** Different names or paths, and servers, that show it; some of the names. */
  readonly names: number;
  readonly servers: number;
  readonly examples: readonly string[];
  readonly destinations: readonly string[];
  /** µs. */
  readonly first: number;
  readonly last: number;
  readonly evidence: readonly EvidencePointer[];
}

/** Labels that a Tor relay makes up for itself and for its clients: `www.` and base32 (tor-spec, 2.2 of the link protocol). */
const madeUp = String.raw`[a-z2-7]{4,25}`;
/** Digits with letters between them: most made-up names have them, and hardly any that people gave. */
const clientName = String.raw`^www\.[a-z2-7]*[2-7][a-z]+[2-7][a-z2-7]*\.(com|net)$`;
const relaySubject = String.raw`^CN ?= ?www\.${madeUp}\.net$`;
const relayIssuer = String.raw`^CN ?= ?www\.${madeUp}\.com$`;

/** Gateways that show hidden services to browsers that know nothing of them. */
const gateways: readonly string[] = [
  'onion.cab',
  'onion.city',
  'onion.direct',
  'onion.foundation',
  'onion.link',
  'onion.ly',
  'onion.moe',
  'onion.pet',
  'onion.sh',
  'onion.to',
  'onion.ws',
  'tor2web.io',
  'tor2web.org',
];

const maxMachines = 500;
const examples = 5;

/** Signs of machines of ours, the most frequent machines first. */
export function signsQuery(m: Macros, timeCondition: string): string {
  const { conditions: c } = m;
  const matches = (column: string, pattern: string): string => c.matches(column, c.text(pattern));
  const row = (sign: SignId, value: string, kind: string, where: string): string =>
    `SELECT '${sign}' AS sign, source_ip AS source, ${value} AS value, destination_ip AS destination, time, evidence_id, evidence_at
     FROM ${kind} WHERE ${m.isLocal('source_ip')} AND ${timeCondition} AND ${where}`;
  const within = (column: string): string =>
    `(${gateways.map((name) => `${column} = '${name}' OR ${m.endsWith(column, `'.${name}'`)}`).join(' OR ')})`;
  const name = 'tls_client_server_name';
  const neverAsked = `NOT EXISTS (SELECT 1 FROM dns WHERE dns_question_name = ${name}) AND EXISTS (SELECT 1 FROM dns)`;
  const signs = [
    row(
      'relay',
      'tls_server_subject',
      'tls',
      `${matches('tls_server_subject', relaySubject)} AND ${matches('tls_server_issuer', relayIssuer)}`,
    ),
    row(
      'made-up-name',
      name,
      'tls',
      `NOT ${m.isLocal('destination_ip')} AND ${matches(name, clientName)} AND ${neverAsked}`,
    ),
    row(
      'directory',
      'url_original',
      'http',
      `${m.startsWith('url_original', "'/tor/'")} AND http_request_method = 'GET'`,
    ),
    row('onion-name', 'dns_question_name', 'dns', m.endsWith('dns_question_name', "'.onion'")),
    row('gateway', name, 'tls', within(name)),
    row('gateway', 'url_domain', 'http', within('url_domain')),
    row('gateway', 'dns_question_name', 'dns', within('dns_question_name')),
  ];
  return `SELECT sign, source, count(*) AS n, ${m.countDistinct('value')} AS names, ${m.countDistinct('destination')} AS servers,
    ${m.distinctListOf('value', examples)} AS examples, ${m.distinctListOf('destination', examples)} AS destinations,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM (${signs.join('\n UNION ALL ')}) AS seen GROUP BY sign, source ORDER BY n DESC, source, sign LIMIT ${maxMachines}`;
}

export function toSign(row: SqlRow): Sign {
  const texts = (column: string): string[] => (Array.isArray(row[column]) ? row[column].map(String) : []);
  return {
    id: String(row['sign']) as SignId,
    source: String(row['source']),
    count: Number(row['n']),
    names: Number(row['names']),
    servers: Number(row['servers']),
    examples: texts('examples').sort(),
    destinations: texts('destinations').sort(),
    first: Number(row['first']),
    last: Number(row['last']),
    evidence: pointersOf(row),
  };
}
