import { z } from 'zod';
import type { LocalNetworks } from '../../../base/networks.ts';
import { parseIp } from '../../../base/ip.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { hiddenData, maxWays } from './queries.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.3).describe('Signs below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'hidden-data',
  title: 'Data hidden in pictures',
  description:
    'Pictures that a capture shows in the clear (HTTP, mail, FTP, SMB) and that hold more than a picture: data after the end, a program or random bytes in comments, chunks that no program knows, image data that belong to no pixel, a message in the lowest bits of pixels (RS analysis, sample pairs, chi-square) or of the coefficients of a JPEG. Weighs more when the picture left, less when it came from outside. Lowest bits of one picture that do not lie in sequence prove little, and weigh little.',
  reads: ['file_transfer'],
  attack: ['T1027.003', 'T1048'],
  guide: ['B16'],
  references: ['https://attack.mitre.org/techniques/T1027/003/', 'https://attack.mitre.org/techniques/T1048/'],
  settings,
  async *run({ store, timeCondition, networks, notChecked, settings: { min_score: leastScore } }) {
    const rows = await store.query(hiddenData(store.macros, timeCondition));
    if (rows.length === maxWays) notChecked(`signs beyond the strongest ${maxWays} by sender and receiver`);
    for (const row of rows) {
      const finding = toFinding(row, networks);
      if (finding.score >= leastScore) yield finding;
    }
  },
});

type Way = 'out' | 'in' | 'inside';

function wayOf(sender: string, receiver: string, networks: LocalNetworks): Way {
  if (!networks.isLocal(sender)) return 'in';
  return networks.isLocal(receiver) ? 'inside' : 'out';
}

const wayReasons: Readonly<Record<Way, Reason>> = {
  out: { what: 'it left', value: 'a machine of ours sent it out', weight: 0.05 },
  in: { what: 'it came from outside', value: 'where pictures have many makers', weight: -0.1 },
  inside: { what: 'it stayed inside', value: 'from one machine of ours to another' },
};

/** So many pictures with the sign, and as large a share of those that went that way, are no accident. */
const severalPictures = 3;
const severalShare = 0.5;
/** What one picture's lowest bits weigh: one in fifty drawn pictures has them by accident. */
const lowestBitsAlone = 0.28;
const lowestBitsSurely = 0.45;
/** One in some hundred photos may be taken for JSteg's. */
const coefficients = 0.5;

function weightOf(row: SqlRow): number {
  const number = (column: string): number => Number(row[column] ?? 0);
  if (row['sign'] === 'coefficients') return coefficients;
  if (row['sign'] !== 'lsb') return number('score');
  const areMany = number('hidden') >= severalPictures && number('hidden') >= severalShare * number('pictures');
  return areMany || number('sequential') > 0 ? lowestBitsSurely : lowestBitsAlone;
}

function toFinding(row: SqlRow, networks: LocalNetworks): Finding {
  const [sender, receiver, title] = [String(row['sender']), String(row['receiver']), String(row['title'])];
  const [hidden, pictures] = [Number(row['hidden']), Number(row['pictures'] ?? 0)];
  const hosts = textsOf(row['hosts']).filter((host) => parseIp(host) === undefined);
  const names = textsOf(row['names']);
  const hashes = textsOf(row['hashes']);
  // The name is that of the server, which is one or the other.
  const [from, to] = Number(row['is_out']) > 0 ? [sender, hosts[0] ?? receiver] : [hosts[0] ?? sender, receiver];
  const way = wayOf(sender, receiver, networks);
  const reasons = roundedReasons([
    { what: hidden === 1 ? 'sign' : 'strongest sign', value: title, weight: weightOf(row) },
    wayReasons[way],
    ...measuredOf(row),
    {
      what: 'pictures with such a sign',
      value: `${hidden} of ${Math.max(pictures, hidden)} of this type that went this way`,
    },
    { what: 'by', value: String(row['protocol'] ?? 'unknown') },
    ...(names.length === 0 ? [] : [{ what: 'name', value: names.map((name) => name.slice(0, 200)).join(', ') }]),
    ...(hashes[0] === undefined ? [] : [{ what: 'SHA-256', value: hashes.join(', ') }]),
  ]);
  const score = sumOfReasons(reasons);
  const what = hidden === 1 ? 'a picture that hides data' : `${hidden} pictures that hide data`;
  const attack = String(row['attack'] ?? '')
    .split(' ')
    .filter((technique) => technique !== '');
  return makeFinding({
    about: [sender, receiver, String(row['sign']), String(row['type'])],
    detector: 'analytics/hidden-data',
    title: `${from} sent ${to} ${what}: ${title}`,
    sentence: `${sender} sent ${receiver} ${what} (${title})`,
    severity: severityOf(score),
    score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities: [
      ...[sender, receiver].map((value): Entity => ({ kind: networks.isLocal(value) ? 'host' : 'address', value })),
      ...hosts.map((value): Entity => ({ kind: 'domain', value })),
      ...hashes.map((value): Entity => ({ kind: 'file-hash', value })),
    ],
    attack: [...attack, ...(way === 'out' ? ['T1048'] : [])],
    reasons,
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the picture ends where its format ends, and its bits are those of a picture',
    next: `cut the connection out with \`net extract\`, take the picture out of it and show it to \`file inspect\`; then find the process on ${way === 'in' ? receiver : sender} that ${way === 'in' ? 'asked for' : 'sent'} it`,
  });
}

/** The numbers that the decoder measured. */
function measuredOf(row: SqlRow): Reason[] {
  const listed: unknown = JSON.parse(String(row['reasons'] ?? '[]'));
  const texts = Array.isArray(listed) ? listed.filter((text): text is string => typeof text === 'string') : [];
  return texts.map((text) => {
    const [what = '', ...value] = text.split(': ');
    return { what, value: value.join(': ') };
  });
}
