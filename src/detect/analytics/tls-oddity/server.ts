import { formatDuration, formatIso, microsPerDay } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { isOddWebPort } from '../../pairs/ports.ts';
import { commonHosts, rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';

/** A TLS server as one machine of ours met it. Times in µs. */
export interface Server {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly calls: number;
  readonly name: string | undefined;
  readonly version: string;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  readonly hasMismatch: boolean;
  readonly isEstablished: boolean;
  readonly fingerprint: string | undefined;
  readonly users: number;
  readonly networkSize: number;
  readonly first: number;
  readonly last: number;
}

export function toServer(row: SqlRow): Server {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const time = (column: string): number | undefined => (row[column] === null ? undefined : Number(row[column]));
  return {
    source: String(row['source']),
    destination: String(row['destination']),
    port: Number(row['port']),
    calls: Number(row['n']),
    name: text('name'),
    version: text('version') ?? '',
    subject: text('subject'),
    issuer: text('issuer'),
    notBefore: time('not_before'),
    notAfter: time('not_after'),
    hasMismatch: Number(row['mismatches']) > 0,
    isEstablished: Number(row['established']) > 0,
    fingerprint: text('ja4') ?? text('ja3'),
    users: Number(row['users']),
    networkSize: Number(row['size']),
    first: Number(row['first']),
    last: Number(row['last']),
  };
}

/** Subjects that tools and their manuals put into certificates, and nobody fills in: what is left when no thought was given. */
const placeholders: readonly RegExp[] = [
  /O=Internet Widgits/i,
  /OU=IT Department\b/i,
  /O=Global Security/i,
  /CN=Major Cobalt Strike|O=cobaltstrike/i,
  /O=(?:Default Company|My Company|Default Corporation|Organization|Company Name|Example(?: Corp| Inc)?)\b/i,
  /CN=(?:localhost|example\.(?:com|org|net)|test|server|\*|multiplayer|operators)(?:,|$)/i,
  /L=Default City/i,
];

/** Longer than any authority that browsers trust gives (825 days at most since 2018, CA/B Forum BR 6.3.2). */
const longestValidity = 5 * 366 * microsPerDay;
/** Made so shortly before its use, it was made for it. */
const freshMicros = 2 * microsPerDay;

/** How odd a server is, 0 to 1, by named parts. */
export function scoreServer(server: Server): { score: number; reasons: Reason[] } {
  const { name, version, users, networkSize, port } = server;
  const odd = [...ofCertificate(server), ...ofForbiddenVersion(version)];
  // What follows is no oddity by itself: half of what machines say to each other has no name, and an odd port.
  const beside = [
    ...(name === undefined ? [{ what: 'no server name', value: 'the client named no server', weight: 0.1 }] : []),
    ...(isOddWebPort(port) ? [{ what: 'unusual port', value: String(port), weight: 0.1 }] : []),
  ];
  if (odd.length === 0) return { score: 0, reasons: [] };
  const rarity = rarityOf(users, networkSize);
  const isCommon = networkSize >= 3 && users >= commonHosts(networkSize);
  const base = [...odd, ...beside].reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  const reasons = roundedReasons([
    ...odd,
    ...beside,
    {
      what: 'prevalence',
      value: prevalenceText(users, networkSize, rarity !== undefined),
      weight: isCommon ? -base / 2 : 0.05 * (rarity ?? 0),
    },
  ]);
  return { score: sumOfReasons(reasons), reasons };
}

function ofCertificate(server: Server): Reason[] {
  const { subject, issuer, notBefore, notAfter, hasMismatch, name, first } = server;
  const reasons: Reason[] = [];
  if (subject !== undefined && subject === issuer) {
    reasons.push({ what: 'certificate made by itself', value: subject, weight: 0.25 });
  }
  const placeholder = placeholders.find((pattern) => pattern.test(subject ?? '') || pattern.test(issuer ?? ''));
  if (placeholder !== undefined) {
    reasons.push({ what: 'name out of a manual', value: subject ?? issuer ?? '', weight: 0.15 });
  }
  if (notAfter !== undefined && notAfter < first) {
    reasons.push({ what: 'certificate expired', value: formatIso(notAfter).slice(0, 10), weight: 0.1 });
  }
  if (notBefore !== undefined && notAfter !== undefined && notAfter - notBefore > longestValidity) {
    reasons.push({ what: 'valid for', value: formatDuration(notAfter - notBefore), weight: 0.05 });
  }
  if (notBefore !== undefined && first >= notBefore && first - notBefore < freshMicros) {
    const isOwn = subject !== undefined && subject === issuer;
    const value = `${formatDuration(first - notBefore)} before its use`;
    if (isOwn) reasons.push({ what: 'made', value, weight: 0.1 });
  }
  if (hasMismatch) reasons.push({ what: 'not for the name asked for', value: name ?? '', weight: 0.1 });
  return reasons;
}

/** RFC 7568 and RFC 8996 forbid them; clients of today do not even offer them. */
function ofForbiddenVersion(version: string): Reason[] {
  const isOld = /^(?:SSLv[23]|SSL ?[23]|TLSv10|TLSv1$|TLS 1(?:\.0)?$|TLSv1\.0|TLS 1\.0)/i.test(version.trim());
  return isOld ? [{ what: 'forbidden version', value: version, weight: 0.1 }] : [];
}
