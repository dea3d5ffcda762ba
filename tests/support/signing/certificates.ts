import { X509Certificate, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  bits,
  boolean,
  explicit,
  der,
  integer,
  octets,
  oid,
  sequence,
  set,
  text,
  time,
} from '../../../src/base/der-writer.ts';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Signer {
  readonly keys: KeyPair;
  readonly certificate: X509Certificate;
}

export interface CertificateRequest {
  /** `C=US, O=example, CN=leaf`. */
  readonly subject: string;
  /** Self-signed when undefined. */
  readonly issuer?: Signer;
  readonly keys?: KeyPair;
  readonly from?: Date;
  readonly to?: Date;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Extended key usage by object identifiers. */
  readonly usages?: readonly string[];
  /** Further extensions, ready to be written. */
  readonly extensions?: readonly Buffer[];
  /** Replaces the extensions by ones that depend on the certificate without them (a certificate log signs that). */
  readonly complete?: (toBeSigned: Buffer) => readonly Buffer[];
}

export const codeSigning = '1.3.6.1.5.5.7.3.3';
export const timeStamping = '1.3.6.1.5.5.7.3.8';

const attributeIds: Readonly<Record<string, string>> = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  O: '2.5.4.10',
  CN: '2.5.4.3',
};
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
let serial = 1000;

export function ecKeys(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

export function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

/** A certificate with an EC key, signed by its issuer's EC key with SHA-256. */
export function makeCertificate(request: CertificateRequest): Signer {
  const { keys = ecKeys(), issuer, isAuthority = false } = request;
  const issuerName = issuer === undefined ? name(request.subject) : name(lineOf(issuer.certificate.subject));
  const own = [...standardExtensions(request, isAuthority), ...(request.extensions ?? [])];
  const number = serial++;
  const toBeSigned = (extensions: readonly Buffer[]): Buffer =>
    sequence(
      explicit(0, integer(2)),
      integer(number),
      ecdsaWithSha256,
      issuerName,
      sequence(
        time(request.from ?? new Date('2020-01-01T00:00:00Z')),
        time(request.to ?? new Date('2120-01-01T00:00:00Z')),
      ),
      name(request.subject),
      spki(keys.publicKey),
      explicit(3, sequence(...extensions)),
    );
  const tbs = toBeSigned([...own, ...(request.complete?.(toBeSigned(own)) ?? [])]);
  const signature = sign('sha256', tbs, issuer?.keys.privateKey ?? keys.privateKey);
  return { keys, certificate: new X509Certificate(sequence(tbs, ecdsaWithSha256, bits(signature))) };
}

function standardExtensions({ pathLength, usages }: CertificateRequest, isAuthority: boolean): Buffer[] {
  const limit = pathLength === undefined ? [] : [integer(pathLength)];
  return [
    ...(isAuthority ? [extension('2.5.29.19', sequence(boolean(true), ...limit), true)] : []),
    // digitalSignature is the first bit, keyCertSign the sixth.
    extension('2.5.29.15', isAuthority ? bits(Buffer.of(0x04), 2) : bits(Buffer.of(0x80), 7), true),
    ...(usages === undefined ? [] : [extension('2.5.29.37', sequence(...usages.map(oid)))]),
  ];
}

export interface RevocationListRequest {
  readonly issuer: Signer;
  /** Certificates with the day of their revocation, and the day from which on the key was in other hands. */
  readonly revoked?: readonly {
    readonly certificate: X509Certificate;
    readonly at: Date;
    readonly invalidSince?: Date;
    /** A delta takes it off the list. */
    readonly isRemoved?: boolean;
  }[];
  readonly from?: Date;
  readonly to?: Date;
  readonly extensions?: readonly Buffer[];
}

/** A certificate revocation list (RFC 5280, 5), signed by an EC key with SHA-256. */
export function makeRevocationList({ issuer, revoked = [], from, to, extensions = [] }: RevocationListRequest): Buffer {
  const entries = revoked.map(({ certificate, at, invalidSince, isRemoved = false }) => {
    const date = invalidSince?.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    const own = [
      ...(date === undefined ? [] : [extension('2.5.29.24', der(0x18, Buffer.from(date)))]),
      ...(isRemoved ? [extension('2.5.29.21', der(0x0a, Buffer.of(8)))] : []),
    ];
    const since = own.length === 0 ? [] : [sequence(...own)];
    return sequence(integer(Buffer.from(certificate.serialNumber.padStart(16, '0'), 'hex')), time(at), ...since);
  });
  const body = sequence(
    integer(1),
    ecdsaWithSha256,
    name(lineOf(issuer.certificate.subject)),
    time(from ?? new Date('2026-01-01T00:00:00Z')),
    time(to ?? new Date('2027-01-01T00:00:00Z')),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  );
  return sequence(body, ecdsaWithSha256, bits(sign('sha256', body, issuer.keys.privateKey)));
}

export interface OcspRequest {
  readonly certificate: X509Certificate;
  readonly issuer: Signer;
  /** Whose key signs, when it is not the issuer; its certificate is put in. */
  readonly responder?: Signer;
  /** The day of the revocation; good when there is none, unknown for `unknown`. */
  readonly revokedAt?: Date | 'unknown';
  readonly from?: Date;
  readonly to?: Date;
}

/** A response of OCSP (RFC 6960) about one certificate, signed by an EC key with SHA-256. */
export function makeOcspResponse({ certificate, issuer, responder, revokedAt, from, to }: OcspRequest): Buffer {
  const keyBits = spki(issuer.keys.publicKey).subarray(-65);
  const hashed = (bytes: Buffer): Buffer => octets(createHash('sha1').update(bytes).digest());
  const id = sequence(
    sequence(oid('1.3.14.3.2.26'), der(0x05)),
    hashed(name(lineOf(issuer.certificate.subject))),
    hashed(keyBits),
    integer(Buffer.from(certificate.serialNumber.padStart(16, '0'), 'hex')),
  );
  const unrevoked = revokedAt === undefined ? der(0x80) : der(0x82);
  const status = revokedAt instanceof Date ? explicit(1, time(revokedAt)) : unrevoked;
  const signer = responder ?? issuer;
  const body = sequence(
    explicit(1, name(lineOf(signer.certificate.subject))),
    time(from ?? new Date('2026-05-01T00:00:00Z')),
    sequence(
      sequence(
        id,
        status,
        time(from ?? new Date('2026-05-01T00:00:00Z')),
        explicit(0, time(to ?? new Date('2026-07-01T00:00:00Z'))),
      ),
    ),
  );
  const signature = bits(sign('sha256', body, signer.keys.privateKey));
  const certificates = responder === undefined ? [] : [explicit(0, sequence(responder.certificate.raw))];
  const basic = sequence(body, ecdsaWithSha256, signature, ...certificates);
  return sequence(der(0x0a, Buffer.of(0)), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

/** Subject alternative name with one URI. */
export function uriName(uri: string): Buffer {
  return extension('2.5.29.17', sequence(der(0x86, Buffer.from(uri))), true);
}

function name(line: string): Buffer {
  const parts = line.split(', ').map((part) => part.split('='));
  return sequence(...parts.map(([key = '', value = '']) => set(sequence(oid(attributeIds[key] ?? key), text(value)))));
}

function lineOf(subject: string): string {
  return subject.replaceAll('\n', ', ');
}

export function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** `sha256:…`. */
export function digestOf(bytes: Buffer | string): string {
  return `sha256:${sha256(bytes).toString('hex')}`;
}
