import { X509Certificate, createPublicKey, type KeyObject } from 'node:crypto';
import { asObject, readJsonObject, type JsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';

/** Keys in an entry that are looked at; real ones have one. */
const maxVerifiers = 16;

/**
 * Whether the body of a log entry names the key of the signer. The library compares the signature and the digest alone, and for one
 * ECDSA signature other keys can be made under which it holds too: the entry would then be of somebody else.
 */
export function entryNamesKey(body: Buffer, key: KeyObject): boolean {
  const entry = readJsonObject(body);
  const spec = asObject(entry?.['spec']);
  if (spec === undefined) return false;
  const wanted = key.export({ type: 'spki', format: 'der' });
  return verifiersIn(spec)
    .slice(0, maxVerifiers)
    .some((verifier) => spkiOf(verifier)?.equals(wanted) === true);
}

/** PEM (Rekor v1) or DER (v2) of keys and certificates, wherever the kinds of entries keep them. */
function verifiersIn(spec: JsonObject): Buffer[] {
  const modern = asObject(spec['hashedRekordV002']) ?? asObject(spec['dsseV002']);
  const envelope = asObject(asObject(spec['content'])?.['envelope']);
  const signatures = [
    asObject(spec['signature']),
    asObject(modern?.['signature']),
    ...[...listOf(spec['signatures']), ...listOf(modern?.['signatures']), ...listOf(envelope?.['signatures'])].map(
      asObject,
    ),
  ];
  const texts = signatures.flatMap((signature) => [
    asObject(signature?.['publicKey'])?.['content'],
    signature?.['publicKey'],
    signature?.['verifier'],
    asObject(asObject(signature?.['verifier'])?.['x509Certificate'])?.['rawBytes'],
    asObject(asObject(signature?.['verifier'])?.['publicKey'])?.['rawBytes'],
  ]);
  return [...texts, spec['publicKey']].flatMap((text) => {
    const base64 = textOf(text);
    return base64 === undefined ? [] : [Buffer.from(base64, 'base64')];
  });
}

function spkiOf(bytes: Buffer): Buffer | undefined {
  const isPem = bytes.subarray(0, 11).toString('latin1') === '-----BEGIN ';
  const readers: readonly (() => KeyObject)[] = [
    () => new X509Certificate(bytes).publicKey,
    () => createPublicKey(isPem ? bytes : { key: bytes, format: 'der', type: 'spki' }),
  ];
  for (const read of readers) {
    try {
      return read().export({ type: 'spki', format: 'der' });
    } catch {
      // It is the other of both forms, or none.
    }
  }
  return undefined;
}
