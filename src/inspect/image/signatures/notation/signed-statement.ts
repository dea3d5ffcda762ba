import { verify, type X509Certificate } from 'node:crypto';
import type { ASN1Obj } from '@sigstore/core';

/** Reads DER as a whole; throws for what is none. */
export type ParseDer = (bytes: Buffer) => ASN1Obj;

/** Hashes of the signature algorithms that authorities use, by object identifier: ECDSA and RSA (PKCS #1). */
const hashes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
]);

/** What a list or an answer of an authority says, the algorithm that signed it, and its signature: one after the other in both. */
export interface SignedStatement {
  readonly body: ASN1Obj;
  readonly algorithm: ASN1Obj;
  readonly signature: ASN1Obj;
}

/** Whether a certificate's key made the signature. */
export function isSignedWith({ body, algorithm, signature }: SignedStatement, signer: X509Certificate): boolean {
  const hash = hashes.get(algorithm.subs[0]?.toOID() ?? '');
  try {
    return hash !== undefined && verify(hash, body.toDER(), signer.publicKey, signature.value.subarray(1));
  } catch {
    return false;
  }
}

/** The subject's name as it is encoded, and the bits of its public key. */
export function subjectOf({ raw }: X509Certificate, parse: ParseDer): { name: Buffer; key: Buffer } | undefined {
  const body = parse(Buffer.from(raw)).subs[0]?.subs ?? [];
  const first = body[0]?.tag.isContextSpecific(0) === true ? 1 : 0;
  const name = body[first + 4];
  const key = body[first + 5]?.subs[1];
  return name === undefined || key === undefined ? undefined : { name: name.toDER(), key: key.value.subarray(1) };
}
