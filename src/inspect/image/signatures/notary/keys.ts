import { X509Certificate, constants, createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { asObject, fromBase64, type JsonObject } from '../_checks/json.ts';
import { textOf } from '../../json.ts';
import { canonicalJson } from './canonical-json.ts';

export interface NotaryKey {
  readonly id: string;
  readonly key: KeyObject;
  /** Of keys of the kinds `ecdsa-x509` and `rsa-x509`. */
  readonly certificate?: X509Certificate;
}

const maxKeyBytes = 2 ** 16;

/** A key of TUF metadata as Notary writes it; undefined when it cannot be read or its id is not the hash of it. */
export function readKey(id: string, value: unknown): NotaryKey | undefined {
  const object = asObject(value);
  const kind = textOf(object?.['keytype']) ?? '';
  const bytes = fromBase64(textOf(asObject(object?.['keyval'])?.['public']) ?? '');
  if (object === undefined || bytes === undefined || bytes.length > maxKeyBytes || keyId(object) !== id) {
    return undefined;
  }
  try {
    if (kind === 'ecdsa-x509' || kind === 'rsa-x509') {
      const certificate = new X509Certificate(bytes);
      return { id, key: certificate.publicKey, certificate };
    }
    if (kind === 'ecdsa' || kind === 'rsa') {
      return { id, key: createPublicKey({ key: bytes, format: 'der', type: 'spki' }) };
    }
    if (kind === 'ed25519') {
      return {
        id,
        key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' }),
      };
    }
  } catch {
    // It is said like a key of an unknown kind.
  }
  return undefined;
}

/** Hash of the public half in canonical JSON. */
function keyId(object: JsonObject): string | undefined {
  const keyval = { private: null, public: asObject(object['keyval'])?.['public'] };
  try {
    const text = canonicalJson({ keytype: object['keytype'], keyval });
    return createHash('sha256').update(text).digest('hex');
  } catch {
    return undefined;
  }
}

/** Whether a signature holds; the method must fit the kind of the key. ECDSA signatures are r and s side by side. */
export function holds({ key }: NotaryKey, method: string, signature: Buffer, signed: Buffer): boolean {
  const type = key.asymmetricKeyType;
  try {
    if (method === 'ecdsa' && type === 'ec') {
      return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
    }
    if (method === 'rsapss' && type === 'rsa') {
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      return verify('sha256', signed, { key, ...padding }, signature);
    }
    if (method === 'rsapkcs1v15' && type === 'rsa') return verify('sha256', signed, key, signature);
    return method === 'eddsa' && type === 'ed25519' && verify(null, signed, key, signature);
  } catch {
    return false;
  }
}
