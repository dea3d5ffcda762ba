import type { X509Certificate } from 'node:crypto';
import { formatIso, type Micros } from '../../../../base/time.ts';
import { nameOf } from './certificate-chain.ts';
import { parseOcsp, type OcspAnswer } from './ocsp-response.ts';
import { parseList, withDeltas, type RevocationList } from './revocation-list.ts';

/** What was given to tell whether certificates were revoked. */
export interface RevocationProof {
  /** Lists, whole ones and deltas, DER. */
  readonly lists: readonly Buffer[];
  /** Responses of OCSP, DER. */
  readonly responses: readonly Buffer[];
}

/** What they say about a chain. */
export type Revocation =
  | { readonly state: 'revoked' | 'unknown'; readonly why: string }
  | { readonly state: 'good'; readonly how: string };

/** What is known of one certificate; `good` says where from. */
type Known = Revocation | { readonly state: 'good'; readonly how: 'list' | 'answer' };

/**
 * Asks answers of OCSP (RFC 6960) and revocation lists (RFC 5280, 5) about every certificate of a chain but its root. One that was revoked
 * after a trusted time of signing counts as good (Notary Project, revocation checking). What somebody else signed, and lists that are for
 * a part of the certificates, are as good as none; what has run out still tells what was revoked, and vouches for nothing.
 */
export async function askRevocation(
  chain: readonly X509Certificate[],
  { lists, responses }: RevocationProof,
  signedAt: Micros | undefined,
  now: Micros,
): Promise<Revocation> {
  const { ASN1Obj: Asn1 } = await import('@sigstore/core');
  const parse = (one: Buffer) => Asn1.parseBuffer(Buffer.from(one));
  const parsedLists = lists.flatMap((bytes) => parseList(bytes, parse) ?? []);
  const parsedResponses = responses.flatMap((bytes) => parseOcsp(bytes, parse) ?? []);
  const counts = { list: 0, answer: 0 };
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer === undefined) break;
    const answers = parsedResponses.flatMap((one) => one.answerFor(certificate, issuer) ?? []);
    const own = parsedLists.filter((list) => list.isSignedBy(issuer));
    const known = judgeOne({ certificate, issuer, answers, lists: own, signedAt, now });
    if (known.state !== 'good') return known;
    if (known.how === 'answer' || known.how === 'list') counts[known.how]++;
  }
  const parts = [
    ...(counts.answer === 0 ? [] : [`${certificates(counts.answer)} good by an answer that was given`]),
    ...(counts.list === 0 ? [] : [`${certificates(counts.list)} on no list that was given`]),
  ];
  return { state: 'good', how: parts.join(', ') };
}

function certificates(count: number): string {
  return count === 1 ? '1 certificate is' : `${count} certificates are`;
}

interface One {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly answers: readonly OcspAnswer[];
  /** By the issuer. */
  readonly lists: readonly RevocationList[];
  readonly signedAt: Micros | undefined;
  readonly now: Micros;
}

function judgeOne({ certificate, issuer, answers, lists, signedAt, now }: One): Known {
  const deltas = lists.filter(({ changes }) => changes !== undefined);
  const whole = lists.filter(({ changes }) => changes === undefined).map((list) => withDeltas(list, deltas, now));
  const serial = BigInt(`0x${certificate.serialNumber}`);
  const revokedAt = [
    ...answers.flatMap((answer) => answer.revokedAt ?? []),
    ...whole.flatMap((list) => list.revoked.get(serial) ?? []),
  ].sort((a, b) => a - b)[0];
  if (revokedAt !== undefined && (signedAt === undefined || revokedAt <= signedAt)) {
    return { state: 'revoked', why: `${nameOf(certificate)} was revoked on ${formatIso(revokedAt)}` };
  }
  const isCurrent = ({ from, to }: { readonly from: Micros; readonly to: Micros }): boolean => from <= now && now <= to;
  const isKnown = answers.some((answer) => answer.status !== 'unknown' && isCurrent(answer));
  if (isKnown) return { state: 'good', how: 'answer' };
  if (whole.some(isCurrent)) return { state: 'good', how: 'list' };
  return { state: 'unknown', why: unknownBecause(answers, whole, issuer, certificate) };
}

function unknownBecause(
  answers: readonly OcspAnswer[],
  lists: readonly RevocationList[],
  issuer: X509Certificate,
  certificate: X509Certificate,
): string {
  const isUnknown = answers.some(({ status }) => status === 'unknown');
  if (isUnknown) return `${nameOf(issuer)} does not know ${nameOf(certificate)}`;
  if (answers.length > 0) return `the answer has run out, or is not valid yet: of ${nameOf(issuer)}`;
  if (lists.length > 0) return `the list has run out, or is not valid yet: of ${nameOf(issuer)}`;
  return `no list or answer that was given is by ${nameOf(issuer)}`;
}
