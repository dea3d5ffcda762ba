import { verify, type X509Certificate } from 'node:crypto';
import type { ASN1Obj } from '@sigstore/core';
import { formatIso, type Micros } from '../../../../base/time.ts';
import { nameOf } from './certificate-chain.ts';

/** Bytes of one list; those of large authorities have some megabytes. */
const maxListBytes = 2 ** 23;
const oid = { invalidityDate: '2.5.29.24' } as const;
const hashes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
]);

/** What the lists that were given say about a chain. */
export type Revocation =
  | { readonly state: 'revoked' | 'unknown'; readonly why: string }
  | { readonly state: 'good'; readonly how: string };

/**
 * Asks certificate revocation lists (RFC 5280, 5) about every certificate of a chain but its root. One that was revoked after a trusted
 * time of signing counts as good (Notary Project, revocation checking). Lists that are for a part of the certificates, changes to
 * another list, and ones that do not hold are as good as none.
 */
export async function askRevocationLists(
  chain: readonly X509Certificate[],
  lists: readonly Buffer[],
  signedAt: Micros | undefined,
  now: Micros,
): Promise<Revocation> {
  const { ASN1Obj: Asn1 } = await import('@sigstore/core');
  const parsed = lists.flatMap((bytes) => parseList(bytes, (one) => Asn1.parseBuffer(Buffer.from(one))) ?? []);
  let asked = 0;
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer === undefined) break;
    const usable = parsed.filter((list) => list.isSignedBy(issuer));
    const current = usable.find(({ from, to }) => from <= now && now <= to);
    const revokedAt = usable.flatMap((list) => list.revoked.get(BigInt(`0x${certificate.serialNumber}`)) ?? [])[0];
    if (revokedAt !== undefined && (signedAt === undefined || revokedAt <= signedAt)) {
      return { state: 'revoked', why: `${nameOf(certificate)} was revoked on ${formatIso(revokedAt)}` };
    }
    if (current === undefined) {
      const what =
        usable.length === 0 ? 'no list that was given is by' : 'the list has run out, or is not valid yet: of';
      return { state: 'unknown', why: `${what} ${nameOf(issuer)}` };
    }
    asked++;
  }
  return {
    state: 'good',
    how: `${asked} ${asked === 1 ? 'certificate is' : 'certificates are'} on no list that was given`,
  };
}

interface RevocationList {
  readonly from: Micros;
  /** When the next list comes; one that does not say is of no use later. */
  readonly to: Micros;
  /** From when on the certificate with this serial number is not to be trusted. */
  readonly revoked: ReadonlyMap<bigint, Micros>;
  isSignedBy(issuer: X509Certificate): boolean;
}

/** Undefined for what is no list, or one that must not be used by itself. */
function parseList(bytes: Buffer, parse: (bytes: Buffer) => ASN1Obj): RevocationList | undefined {
  if (bytes.length > maxListBytes) return undefined;
  try {
    const [body, algorithm, signature] = parse(bytes).subs;
    if (body === undefined || algorithm === undefined || signature === undefined) return undefined;
    const fields = body.subs[0]?.tag.isInteger() === true ? body.subs.slice(1) : body.subs;
    const [, issuer, thisUpdate, ...rest] = fields;
    if (issuer === undefined || thisUpdate === undefined || hasCriticalExtension(rest)) return undefined;
    const nextUpdate = rest[0] !== undefined && isTime(rest[0]) ? rest[0] : undefined;
    const entries = rest.find(({ tag }) => tag.isUniversal() && tag.constructed)?.subs ?? [];
    const from = microsOf(thisUpdate);
    const name = issuer.toDER();
    const hash = hashes.get(algorithm.subs[0]?.toOID() ?? '');
    const signed = body.toDER();
    return {
      from,
      to: nextUpdate === undefined ? from : microsOf(nextUpdate),
      revoked: new Map(entries.map((entry) => [serialOf(entry), revokedFrom(entry)])),
      isSignedBy: (certificate) =>
        hash !== undefined &&
        subjectOf(certificate, parse)?.equals(name) === true &&
        holds(hash, signed, certificate, signature.value.subarray(1)),
    };
  } catch {
    // Parts that are not where the structure wants them show as failing accesses.
    return undefined;
  }
}

/** Of the list: parts of all certificates, and changes to another list, are marked by critical extensions. */
function hasCriticalExtension(rest: readonly ASN1Obj[]): boolean {
  const extensions = rest.find(({ tag }) => tag.isContextSpecific(0))?.subs[0]?.subs ?? [];
  return extensions.some(({ subs }) => subs[1]?.tag.isBoolean() === true && subs[1].toBoolean());
}

function serialOf(entry: ASN1Obj): bigint {
  const serial = entry.subs[0];
  if (serial === undefined) throw new Error('an entry without a serial number');
  return serial.toInteger();
}

/** The day from which on the key is known to be in other hands, where the list says it; else the day of the revocation. */
function revokedFrom({ subs }: ASN1Obj): Micros {
  const [, revokedAt, extensions] = subs;
  if (revokedAt === undefined) throw new Error('an entry without a day');
  const invalid = extensions?.subs.find((extension) => extension.subs[0]?.toOID() === oid.invalidityDate);
  const date = invalid?.subs.at(-1)?.subs[0];
  return microsOf(date ?? revokedAt);
}

function isTime({ tag }: ASN1Obj): boolean {
  return tag.isUTCTime() || tag.isGeneralizedTime();
}

function microsOf(time: ASN1Obj): Micros {
  return time.toDate().getTime() * 1000;
}

/** The subject's name as it is encoded. */
function subjectOf({ raw }: X509Certificate, parse: (bytes: Buffer) => ASN1Obj): Buffer | undefined {
  const body = parse(Buffer.from(raw)).subs[0]?.subs ?? [];
  return body[body[0]?.tag.isContextSpecific(0) === true ? 5 : 4]?.toDER();
}

function holds(hash: string, signed: Buffer, issuer: X509Certificate, signature: Buffer): boolean {
  try {
    return verify(hash, signed, issuer.publicKey, signature);
  } catch {
    return false;
  }
}
