import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coversHost, readCertificate, type Certificate } from './certificate.ts';

const testdata = join(import.meta.dirname, '../protocols/tls/testdata');
const rawOf = (file: string): Buffer => new X509Certificate(readFileSync(join(testdata, file))).raw;
const curve = rawOf('cert.pem');
const rsa = rawOf('rsa.pem');

test('reads names, key and extensions as OpenSSL prints them', () => {
  const certificate = readCertificate(curve);
  const peer = new X509Certificate(curve);
  const subject = String.raw`emailAddress=a@b.test,CN=Pr\C3\BCfstand,O=Vakthund\, test,C=DE`;
  expect(certificate).toMatchObject({
    version: 3,
    serial: peer.serialNumber,
    subject,
    issuer: subject,
    commonName: 'Prüfstand',
    notBefore: Date.parse(peer.validFrom) * 1000,
    notAfter: Date.parse(peer.validTo) * 1000,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    publicKey: { algorithm: 'id-ecPublicKey', type: 'ecdsa', bits: 256, curve: 'prime256v1' },
    alternativeNames: {
      dns: ['*.vakthund.test', 'vakthund.test'],
      ips: ['192.0.2.7'],
      uris: ['https://x.test/'],
      emails: ['m@x.test'],
    },
    basicConstraints: { isCa: true, pathLength: 1 },
  });
});

test('escapes what RFC 2253 asks for, and reads RSA keys', () => {
  expect(readCertificate(rsa)).toMatchObject({
    subject: String.raw`CN=old \"quoted\" #1\+x`,
    publicKey: { algorithm: 'rsaEncryption', type: 'rsa', bits: 1024, exponent: '65537' },
    signatureAlgorithm: 'sha256WithRSAEncryption',
  });
});

describe('host names', () => {
  const covers = (dns: readonly string[], commonName: string | undefined, host: string): boolean => {
    const names = { dns, uris: [], emails: [], ips: [] };
    return coversHost({ ...(readCertificate(curve) as Certificate), alternativeNames: names, commonName }, host);
  };

  test.each([
    [['a.test'], 'A.test', true],
    [['*.a.test'], 'b.a.test', true],
    [['*.a.test'], 'c.b.a.test', false],
    [['*.a.test'], 'a.test', false],
    [['*.test'], 'a.test', false],
    [['b.test', 'a.test'], 'a.test', true],
  ])('%j for %s: %s', (dns, host, expected) => {
    expect(covers(dns, 'a.test', host)).toBe(expected);
  });

  test('the common name counts only without DNS names', () => {
    expect(covers([], 'a.test', 'a.test')).toBe(true);
    expect(covers(['b.test'], 'a.test', 'a.test')).toBe(false);
    expect(covers([], undefined, '')).toBe(false);
  });
});

test('ends on any damage, and keeps the shape of what it reads', () => {
  const edit = fc.tuple(fc.nat({ max: curve.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 10 }), fc.nat({ max: curve.length }), (edits, length) => {
      const bytes = Buffer.from(curve.subarray(0, length));
      for (const [at, value] of edits) bytes[at] = value;
      const certificate = readCertificate(bytes);
      expect(certificate === undefined || typeof certificate.subject === 'string').toBe(true);
    }),
    { numRuns: 500 },
  );
});
