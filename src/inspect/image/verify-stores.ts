import { X509Certificate } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../base/errors.ts';
import type { ContentTrust, Trust } from './signature-scheme.ts';

/** What a user points at is small; a wrong path must not fill the memory. */
const maxFileBytes = 2 ** 24;
const maxFiles = 4096;
const certificateName = /\.(?:crt|cer|pem)$/i;

/** A file that the user named. Throws `NOT_FOUND` or `CONFIG`. */
export function readTrustFile(path: string): Buffer {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) {
    throw new VakthundError('NOT_FOUND', `"${path}" is no file`, { at: { path } });
  }
  if (stats.size > maxFileBytes) {
    throw new VakthundError('CONFIG', `"${path}" is larger than ${maxFileBytes} bytes`, { at: { path } });
  }
  return readFileSync(path);
}

/** All certificates of a file, in PEM or DER. Throws `CONFIG` when there is none. */
export function readCertificates(path: string): X509Certificate[] {
  const bytes = readTrustFile(path);
  const blocks = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    return blocks === null ? [new X509Certificate(bytes)] : blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new VakthundError('CONFIG', `"${path}" holds no certificate`, { at: { path }, cause: error });
  }
}

/** All certificate revocation lists of a file, in PEM or DER, as DER. Throws `CONFIG` for what is none. */
export function readRevocationLists(path: string): Buffer[] {
  const bytes = readTrustFile(path);
  const blocks = bytes.toString('latin1').matchAll(/-----BEGIN X509 CRL-----(?<base64>[^-]+)-----END X509 CRL-----/g);
  const lists = [...blocks].map(({ groups }) => Buffer.from(groups?.['base64'] ?? '', 'base64'));
  if (lists.length > 0) return lists;
  if (bytes[0] === 0x30) return [bytes];
  throw new VakthundError('CONFIG', `"${path}" holds no certificate revocation list`, { at: { path } });
}

/** One response of OCSP in DER, as `openssl ocsp -respout` writes it. Throws `CONFIG` for what is none. */
export function readOcspResponse(path: string): Buffer {
  const bytes = readTrustFile(path);
  // An OCSPResponse begins with its status, an enumeration.
  if (bytes[0] === 0x30 && bytes.subarray(1, 8).includes(Buffer.of(0x0a, 0x01))) return bytes;
  throw new VakthundError('CONFIG', `"${path}" holds no response of OCSP in DER`, { at: { path } });
}

/**
 * A trust store in the layout of notation: `x509/TYPE/NAME/*.crt`, where the folder given is the one that holds `x509`, or `x509` itself.
 * Links are not followed, as the specification wants.
 */
export function readTrustStore(folder: string): Trust['trustStore'] {
  const types = foldersIn(folder).includes('x509') ? join(folder, 'x509') : folder;
  const store = new Map<string, readonly X509Certificate[]>();
  for (const type of foldersIn(types)) {
    for (const name of foldersIn(join(types, type))) {
      const files = readdirSync(join(types, type, name), { withFileTypes: true })
        .filter((entry) => entry.isFile() && certificateName.test(entry.name))
        .slice(0, maxFiles);
      const certificates = files.flatMap((entry) => readCertificates(join(types, type, name, entry.name)));
      store.set(`${type}:${name}`, certificates);
    }
  }
  return store;
}

/** Metadata of one repository: a folder that holds `root.json`, or that has it in `metadata`, as `~/.docker/trust/tuf/NAME` does. */
export function readContentTrust(folder: string): ContentTrust {
  const hasRoot = (path: string): boolean =>
    statSync(join(path, 'root.json'), { throwIfNoEntry: false })?.isFile() === true;
  const metadata = [folder, join(folder, 'metadata')].find(hasRoot);
  if (metadata === undefined) {
    throw new VakthundError('NOT_FOUND', `"${folder}" holds no root.json`, {
      hint: 'give the folder of one repository: ~/.docker/trust/tuf/docker.io/library/alpine',
    });
  }
  const names = readdirSync(metadata, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .slice(0, maxFiles)
    .map((entry) => join(entry.parentPath, entry.name).slice(metadata.length + (metadata.endsWith('/') ? 0 : 1)));
  const roles = new Map(names.map((name) => [name.slice(0, -'.json'.length), readTrustFile(join(metadata, name))]));
  return { roles, pinnedCertificates: [] };
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .slice(0, maxFiles);
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `"${folder}" is no folder that can be read`, {
      at: { path: folder },
      cause: error,
    });
  }
}
