import { X509Certificate, createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, fstatSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError, messageOf } from '../../../base/errors.ts';
import { rootCertificate, type Issuer } from './certificate.ts';

export interface Authority {
  readonly issuer: Issuer;
  readonly certificate: X509Certificate;
  /** It was made by this call. */
  readonly isNew: boolean;
}

const organisation = 'Vakthund TLS inspection';
const dayMs = 86_400_000;
const validDays = 730;
const keyFile = 'ca-key.pem';
const certificateFile = 'ca-cert.pem';

/**
 * The authority of a folder: its key (mode 0600) and certificate are made at the first time, and stay. An expired one, one whose key others
 * can read, or one whose files do not belong together is an error: nothing is replaced by itself, since clients trust what was there.
 */
export function openAuthority(folder: string, now: Date): Authority {
  const keyPath = join(folder, keyFile);
  const certificatePath = join(folder, certificateFile);
  const isNew = !existsSync(keyPath) && !existsSync(certificatePath);
  if (isNew) makeAuthority(folder, now);
  const key = readKey(keyPath);
  const certificate = readCertificate(certificatePath);
  const commonName = /^CN=(?<name>.+)$/m.exec(certificate.subject)?.groups?.['name'];
  if (commonName === undefined || !certificate.ca || !certificate.checkPrivateKey(key)) {
    throw broken(`${certificateFile} and ${keyFile} do not belong together`, folder);
  }
  if (certificate.validToDate < now) {
    throw broken(`the authority expired at ${certificate.validTo}: move it away to get a new one`, folder);
  }
  return { issuer: { name: { organisation, commonName }, key }, certificate, isNew };
}

function makeAuthority(folder: string, now: Date): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Told apart by name where somebody has imported several.
  const commonName = `${organisation} ${randomBytes(4).toString('hex')}`;
  const validity = { from: new Date(now.getTime() - dayMs), to: new Date(now.getTime() + validDays * dayMs) };
  const certificate = new X509Certificate(
    rootCertificate({ name: { organisation, commonName }, key: privateKey }, validity),
  );
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(join(folder, keyFile), pem, { mode: 0o600, flag: 'wx' });
    writeFileSync(join(folder, certificateFile), certificate.toString(), { mode: 0o644, flag: 'wx' });
  } catch (cause) {
    throw new VakthundError('OUTPUT', `the authority cannot be written: ${messageOf(cause)}`, {
      at: { path: folder },
      cause,
    });
  }
}

function readKey(path: string): KeyObject {
  let text: string;
  try {
    const file = openSync(path, 'r');
    try {
      if ((fstatSync(file).mode & 0o077) !== 0) {
        throw new VakthundError('CONFIG', 'others can read the key of the authority', {
          at: { path },
          hint: `chmod 600 ${path}, and think of who may have it already`,
        });
      }
      text = readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
    const key = createPrivateKey(text);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('no key on P-256');
    return key;
  } catch (cause) {
    if (cause instanceof VakthundError) throw cause;
    throw broken(`the key cannot be used: ${messageOf(cause)}`, path);
  }
}

function readCertificate(path: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(path));
  } catch (cause) {
    throw broken(`the certificate cannot be read: ${messageOf(cause)}`, path);
  }
}

function broken(message: string, path: string): VakthundError {
  return new VakthundError('CONFIG', message, { at: { path } });
}
