import { verify, type KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';

type SignatureContent = SignedEntity['signature'];

/** Hashes that signers take for keys of other kinds than P-256 and RSA; none before Ed25519. */
const otherHashes: Readonly<Record<string, string>> = { secp384r1: 'sha384', secp521r1: 'sha512' };

/**
 * The signature of a bundle, verified for keys that the library has no rule for too: it hashes before Ed25519, and takes SHA-256 for every
 * curve. What is signed is the artifact, or the envelope in the encoding of DSSE, and never one in the place of the other.
 */
export async function withMoreKeys(
  content: SignatureContent,
  bundle: Bundle,
  artifact: Buffer | undefined,
): Promise<SignatureContent> {
  const signed = await signedBytes(bundle, artifact);
  return {
    signature: content.signature,
    compareSignature: (signature) => content.compareSignature(signature),
    compareDigest: (digest) => content.compareDigest(digest),
    compareSignedDigest: (digest) => content.compareSignedDigest(digest),
    verifySignature: (key) =>
      content.verifySignature(key) || (signed !== undefined && holdsOtherwise(key, signed, content.signature)),
  };
}

async function signedBytes({ content }: Bundle, artifact: Buffer | undefined): Promise<Buffer | undefined> {
  if (content.$case === 'messageSignature') return artifact;
  const { dsse } = await import('@sigstore/core');
  return dsse.preAuthEncoding(content.dsseEnvelope.payloadType, content.dsseEnvelope.payload);
}

function holdsOtherwise(key: KeyObject, signed: Buffer, signature: Buffer): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const hash = type === 'ed25519' ? null : otherHashes[details?.namedCurve ?? ''];
  if (hash === undefined) return false;
  try {
    return verify(hash, signed, key, signature);
  } catch {
    return false;
  }
}
