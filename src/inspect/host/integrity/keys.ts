import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';

/** The key that signs, from a PEM file. It is made, readable for its owner only, when there is none. */
export function openSigningKey(path: string): KeyObject {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    return privateKey;
  }
  const key = readKey(path);
  if (key.type !== 'private') {
    throw new VakthundError('BASELINE', `"${path}" is a public key: it cannot sign`, {
      hint: 'name the private key with --key',
    });
  }
  return key;
}

/** The key that signatures are held against: from a file with either half. */
export function openVerifyKey(path: string): KeyObject {
  const key = readKey(path);
  return key.type === 'private' ? createPublicKey(key) : key;
}

/** SHA-256 of the public key (SPKI), base64url: what people compare. */
export function keyId(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
}

function readKey(path: string): KeyObject {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `the key "${path}" cannot be read`, { cause: error });
  }
  try {
    const key = pem.includes('PRIVATE KEY') ? createPrivateKey(pem) : createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new VakthundError('BASELINE', `"${path}" is no key`, { cause: error });
  }
  throw new VakthundError('BASELINE', `"${path}" is no ed25519 key`);
}
