import { createHash, X509Certificate } from 'node:crypto';
import type { ASN1Obj } from '@sigstore/core';
import type { Micros } from '../../../../base/time.ts';
import { isIssuedBy } from './certificate-chain.ts';
import { microsOf } from './revocation-list.ts';
import { isSignedWith, subjectOf, type ParseDer, type SignedStatement } from './signed-statement.ts';

/** Answers about one certificate have a few kilobytes; they may be about several. */
const maxResponseBytes = 2 ** 20;
const basicResponse = '1.3.6.1.5.5.7.48.1.1';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
const invalidityDate = '2.5.29.24';
/** Hashes by which an answer names the issuer. */
const hashes: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** What an authority answered about one certificate. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  /** From when on it is not to be trusted. */
  readonly revokedAt: Micros | undefined;
  readonly from: Micros;
  /** When newer information comes; an answer that does not say is of no use later. */
  readonly to: Micros;
}

/** One response of the Online Certificate Status Protocol (RFC 6960), as a responder gave it. */
export interface OcspResponse {
  /** What it says about a certificate, when the issuer or a responder of its signed it; undefined when it says nothing that holds. */
  answerFor(certificate: X509Certificate, issuer: X509Certificate): OcspAnswer | undefined;
}

/** Undefined for what is no response, or one that only tells of a failure. */
export function parseOcsp(bytes: Buffer, parse: ParseDer): OcspResponse | undefined {
  if (bytes.length > maxResponseBytes) return undefined;
  try {
    const [status, wrapped] = parse(bytes).subs;
    const [type, content] = wrapped?.subs[0]?.subs ?? [];
    if (status?.value[0] !== 0 || type?.toOID() !== basicResponse || content === undefined) return undefined;
    const [body, algorithm, signature, certificates] = parse(Buffer.from(content.value)).subs;
    if (body === undefined || algorithm === undefined || signature === undefined) return undefined;
    const statement = { body, algorithm, signature };
    const offered = (certificates?.subs[0]?.subs ?? []).slice(0, 10).map((one) => new X509Certificate(one.toDER()));
    const single = singleResponses(body);
    const producedAt = microsOf(producedTime(body));
    return {
      answerFor: (certificate, issuer) =>
        isFromIssuer(statement, offered, issuer, producedAt)
          ? single.find((one) => isAbout(one, certificate, issuer, parse))?.answer
          : undefined,
    };
  } catch {
    // Parts that are not where the structure wants them show as failing accesses.
    return undefined;
  }
}

interface SingleResponse {
  /** Hash, hash of the issuer's name, hash of its key, serial number. */
  readonly id: readonly ASN1Obj[];
  readonly answer: OcspAnswer;
}

/** Fields of the body behind its version, which is left out when it is the first. */
function fieldsOf(body: ASN1Obj): readonly ASN1Obj[] {
  return body.subs[0]?.tag.isContextSpecific(0) === true ? body.subs.slice(1) : body.subs;
}

function producedTime(body: ASN1Obj): ASN1Obj {
  const produced = fieldsOf(body)[1];
  if (produced === undefined) throw new Error('a response without a time');
  return produced;
}

function singleResponses(body: ASN1Obj): SingleResponse[] {
  return (fieldsOf(body)[2]?.subs ?? []).map(({ subs }) => {
    const [id, status, thisUpdate, ...rest] = subs;
    if (id === undefined || status === undefined || thisUpdate === undefined) throw new Error('an incomplete answer');
    const next = rest.find(({ tag }) => tag.isContextSpecific(0))?.subs[0];
    const from = microsOf(thisUpdate);
    const extensions = rest.find(({ tag }) => tag.isContextSpecific(1))?.subs[0]?.subs ?? [];
    return {
      id: id.subs,
      answer: { ...statusOf(status, extensions), from, to: next === undefined ? from : microsOf(next) },
    };
  });
}

/** `good` is [0], `revoked` is [1] with a time, `unknown` is [2]. */
function statusOf(status: ASN1Obj, extensions: readonly ASN1Obj[]): Pick<OcspAnswer, 'status' | 'revokedAt'> {
  if (status.tag.isContextSpecific(0)) return { status: 'good', revokedAt: undefined };
  const [time] = status.subs;
  if (!status.tag.isContextSpecific(1) || time === undefined) return { status: 'unknown', revokedAt: undefined };
  const invalid = extensions.find(({ subs }) => subs[0]?.toOID() === invalidityDate)?.subs.at(-1)?.subs[0];
  return { status: 'revoked', revokedAt: microsOf(invalid ?? time) };
}

/** Signed by the issuer itself, or by one that the issuer named for that and whose certificate is in the response (RFC 6960, 4.2.2.2). */
function isFromIssuer(
  statement: SignedStatement,
  offered: readonly X509Certificate[],
  issuer: X509Certificate,
  producedAt: Micros,
): boolean {
  if (isSignedWith(statement, issuer)) return true;
  return offered.some(
    (one) =>
      // Node's types leave out that the list is undefined where the certificate has none.
      (one.keyUsage as readonly string[] | undefined)?.includes(ocspSigning) === true &&
      one.validFromDate.getTime() * 1000 <= producedAt &&
      producedAt <= one.validToDate.getTime() * 1000 &&
      isIssuedBy(one, issuer) &&
      isSignedWith(statement, one),
  );
}

function isAbout(
  { id }: SingleResponse,
  certificate: X509Certificate,
  issuer: X509Certificate,
  parse: ParseDer,
): boolean {
  const [algorithm, nameHash, keyHash, serial] = id;
  const hash = hashes.get(algorithm?.subs[0]?.toOID() ?? '');
  const subject = subjectOf(issuer, parse);
  if (hash === undefined || subject === undefined) return false;
  const digest = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();
  return (
    serial?.toInteger() === BigInt(`0x${certificate.serialNumber}`) &&
    nameHash?.value.equals(digest(subject.name)) === true &&
    keyHash?.value.equals(digest(subject.key)) === true
  );
}
