import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, boolean, der, explicit, integer, octets, oid, sequence, set, text } from '../../../base/der-writer.ts';
import { parseIp } from '../../../base/ip.ts';

export interface CertificateName {
  readonly organisation: string;
  /** At most 64 characters (RFC 5280, appendix A). */
  readonly commonName: string;
}

export interface Issuer {
  readonly name: CertificateName;
  readonly key: KeyObject;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const maxCommonName = 64;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const id = {
  organisation: '2.5.4.10',
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

/** The certificate of an authority, signed by itself, in DER: it may sign servers, and no further authorities. */
export function rootCertificate(issuer: Issuer, validity: Validity): Buffer {
  return certificate(issuer, nameOf(issuer.name), createPublicKey(issuer.key), validity, [
    extension(id.basicConstraints, sequence(boolean(true), integer(0)), true),
    // keyCertSign is the sixth bit, cRLSign the seventh.
    extension(id.keyUsage, bits(Buffer.of(0x06), 1), true),
  ]);
}

/** The certificate of a server for one host name or address, in DER. */
export function serverCertificate(issuer: Issuer, host: string, publicKey: KeyObject, validity: Validity): Buffer {
  const isShort = host.length <= maxCommonName;
  const address = addressBytes(host);
  const alternative = address === undefined ? der(0x82, Buffer.from(host, 'latin1')) : der(0x87, address);
  return certificate(issuer, isShort ? nameOf({ commonName: host }) : sequence(), publicKey, validity, [
    extension(id.basicConstraints, sequence(), true),
    extension(id.keyUsage, bits(Buffer.of(0x80), 7), true),
    extension(id.extendedKeyUsage, sequence(oid(id.serverAuthentication))),
    extension(id.authorityKey, sequence(der(0x80, keyId(createPublicKey(issuer.key))))),
    // Critical where there is no subject beside it (RFC 5280, 4.2.1.6).
    extension(id.alternativeName, sequence(alternative), !isShort),
  ]);
}

function certificate(
  issuer: Issuer,
  subject: Buffer,
  publicKey: KeyObject,
  { from, to }: Validity,
  extensions: readonly Buffer[],
): Buffer {
  const toBeSigned = sequence(
    explicit(0, integer(2)),
    integer(serialNumber()),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(utcTime(from), utcTime(to)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions, extension(id.subjectKey, octets(keyId(publicKey))))),
  );
  return sequence(toBeSigned, ecdsaWithSha256, bits(sign('sha256', toBeSigned, issuer.key)));
}

/** UTCTime, as RFC 5280 asks for until 2049. */
function utcTime(date: Date): Buffer {
  return der(
    0x17,
    Buffer.from(
      date
        .toISOString()
        .slice(2)
        .replaceAll(/[-:T]|\.\d+/g, ''),
    ),
  );
}

/** 127 random bits: positive, and never 0 at the front, which DER would not allow. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function nameOf(name: { readonly organisation?: string; readonly commonName: string }): Buffer {
  const part = (type: string, value: string): Buffer => set(sequence(oid(type), text(value)));
  const organisation = name.organisation === undefined ? [] : [part(id.organisation, name.organisation)];
  return sequence(...organisation, part(id.commonName, name.commonName));
}

function extension(type: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(type), ...(isCritical ? [boolean(true)] : []), octets(value));
}

/** SHA-1 of the key's own bits (RFC 5280, 4.2.1.2): the last 65 bytes of an uncompressed P-256 key's SPKI. */
function keyId(publicKey: KeyObject): Buffer {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
  return createHash('sha1').update(point).digest();
}

/** Four or sixteen bytes; undefined for a name. */
function addressBytes(host: string): Buffer | undefined {
  const number = parseIp(host);
  if (number === undefined) return undefined;
  const bytes = Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
  return number >> 32n === 0xffffn ? bytes.subarray(12) : bytes;
}
