import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import { parseIp } from '../../../base/ip.ts';
import { formatDuration, microsPerHour, microsPerMinute } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { areUploadParts, countOn, lastOf } from './names.ts';
import { equalFiles, restsOf } from './queries.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.3).describe('Sets of pieces below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'split-archive',
  title: 'An archive sent out in pieces',
  description:
    'Files of one size to the byte, of no known type, that a machine of ours sent out by HTTP, FTP, mail or another protocol in the clear: an archive that was cut. Claimed where one in the set begins as an archive does, or where their names count on; the smaller rest behind them is added. Weighs more when they went to several places or with pauses between them. Uploads that say themselves that they carry parts of one object (to a store of objects, or resumable ones) are not told.',
  reads: ['file_transfer'],
  countsCalls: true,
  attack: ['T1030', 'T1560', 'T1048', 'T1567'],
  guide: ['B16'],
  references: ['https://attack.mitre.org/techniques/T1030/', 'https://attack.mitre.org/techniques/T1560/'],
  settings,
  async *run({ store, timeCondition, settings: { min_score: leastScore } }) {
    const m = store.macros;
    for (const row of await store.query(equalFiles(m, timeCondition))) {
      const pieces = toPieces(row);
      if (!isCut(pieces) || sumOfReasons(weigh(pieces, 0)) < leastScore) continue;
      const window = [pieces.last, pieces.last + microsPerHour];
      const rests = await store.query(restsOf(m, timeCondition), [pieces.sender, ...window, pieces.size]);
      const rest = rests.find((candidate) => isRest(candidate, pieces));
      yield toFinding(row, pieces, Number(rest?.['size'] ?? 0));
    }
  },
});

interface Pieces {
  readonly sender: string;
  readonly size: number;
  readonly count: number;
  /** How many begin as an archive. */
  readonly heads: number;
  readonly areNumbered: boolean;
  /** Equal files are one file that was sent again. */
  readonly areSame: boolean;
  readonly areUploadParts: boolean;
  readonly receivers: readonly string[];
  readonly hosts: readonly string[];
  readonly protocols: readonly string[];
  readonly names: readonly string[];
  /** How often they began again after a pause. */
  readonly runs: number;
  readonly first: number;
  readonly last: number;
}

/** A pause that ends a run. */
const pauseMicros = 10 * microsPerMinute;

function toPieces(row: SqlRow): Pieces {
  const number = (column: string): number => Number(row[column]);
  const urls = textsOf(row['urls']);
  const own = textsOf(row['names']);
  const names = own.map((name, index) => (name === '' ? lastOf(urls[index] ?? '') : name));
  const times = Array.isArray(row['times']) ? row['times'].map(Number) : [];
  const pauses = times.filter((time, index) => index > 0 && time - (times[index - 1] ?? time) > pauseMicros);
  return {
    sender: String(row['sender']),
    size: number('size'),
    count: number('n'),
    heads: number('heads'),
    areNumbered: countOn(names),
    areSame: number('hashed') > 0 && number('hashes') * 2 <= number('hashed'),
    areUploadParts: areUploadParts(urls),
    receivers: textsOf(row['receivers']),
    hosts: textsOf(row['hosts']),
    protocols: textsOf(row['protocols']),
    names: [...new Set(names)].filter((name) => name !== ''),
    runs: pauses.length + 1,
    first: number('first'),
    last: number('last'),
  };
}

function isCut({ heads, areNumbered, areSame }: Pieces): boolean {
  return !areSame && (heads > 0 || areNumbered);
}

/** Where pieces have names, their rest has one too, which counts on where theirs do: the text of a mail is no rest. */
function isRest({ name, url }: SqlRow, { names, areNumbered }: Pieces): boolean {
  if (names.length === 0) return true;
  const own = String(name ?? '') || lastOf(String(url ?? ''));
  return own !== '' && (!areNumbered || countOn([...names, own]));
}

const largeBytes = 50_000_000;

/** `rest` is the size of what came behind the pieces, 0 for nothing. */
function weigh(pieces: Pieces, rest: number): Reason[] {
  const { count, size, heads, receivers, runs } = pieces;
  return roundedReasons([
    { what: 'files of one size and of no known type', value: `${count} of ${size} bytes`, weight: 0.3 },
    ...where(heads > 0, 'begins as an archive', heads === 1 ? 'one of them' : `${heads} of them`, 0.2),
    ...where(pieces.areNumbered, 'names that count on', pieces.names.slice(0, 3).join(', '), 0.2),
    ...where(rest > 0, 'a smaller one behind them', `${rest} bytes`, 0.05),
    ...where(receivers.length > 1, 'to several places', receivers.slice(0, maxNamed).join(', '), 0.1),
    ...where(runs > 1, 'with pauses of more than ten minutes', `${runs} runs`, 0.1),
    ...where(count * size >= largeBytes, 'much in all', formatBytes(count * size), 0.1),
    ...where(pieces.areUploadParts, 'the requests say that they carry parts of one upload', 'in their addresses', -0.6),
  ]);
}

/** Places and addresses that a finding names. */
const maxNamed = 10;

function where(holds: boolean, what: string, value: string, weight: number): Reason[] {
  return holds ? [{ what, value, weight }] : [];
}

function toFinding(row: SqlRow, pieces: Pieces, rest: number): Finding {
  const { sender, size, receivers, hosts, first, last } = pieces;
  const reasons = weigh(pieces, rest);
  const score = sumOfReasons(reasons);
  const count = pieces.count + (rest > 0 ? 1 : 0);
  const total = formatBytes(pieces.count * size + rest);
  const names = hosts.filter((host) => parseIp(host) === undefined);
  const target = receivers.length > 1 ? `${receivers.length} places` : (names[0] ?? receivers[0] ?? 'outside');
  const entities: Entity[] = [
    { kind: 'host', value: sender },
    ...receivers.slice(0, maxNamed).map((value): Entity => ({ kind: 'address', value })),
    ...names.slice(0, maxNamed).map((value): Entity => ({ kind: 'domain', value })),
  ];
  return makeFinding({
    about: [sender, String(size), receivers[0] ?? ''],
    detector: 'analytics/split-archive',
    title: `${sender} sent an archive in ${count} pieces to ${target}: ${total}`,
    sentence: `${sender} sent an archive in ${count} pieces of ${formatBytes(size)} to ${target}, ${total} in all`,
    severity: severityOf(score),
    score,
    first_seen: first,
    last_seen: last,
    entities,
    attack: ['T1030', 'T1560', names.length > 0 ? 'T1567' : 'T1048'],
    reasons: [
      ...reasons,
      { what: 'in all', value: total },
      { what: 'by', value: pieces.protocols.join(', ') || 'unknown' },
      { what: 'over', value: formatDuration(last - first) },
    ],
    evidence: pointersOf(row),
    count,
    vanishes:
      'the pieces differ in size, have a type of their own, or the requests say that they carry parts of one upload',
    next: `put the pieces together (net extract gives their packets), and find the process and the person on ${sender} that sent them`,
  });
}
