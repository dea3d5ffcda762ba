import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAuthority } from './authority.ts';
import { serverCertificate } from './certificate.ts';

const now = new Date('2026-06-01T12:00:00Z');
const validity = { from: new Date('2026-05-31T00:00:00Z'), to: new Date('2026-06-08T00:00:00Z') };
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const openssl = spawnSync('openssl', ['version']).status === 0;

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'vakthund-ca-')), 'ca');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('the authority of a folder', () => {
  test('is made once, with a key that only its owner can read, and stays', () => {
    const first = openAuthority(folder, now);
    const second = openAuthority(folder, now);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.certificate.fingerprint256).toBe(first.certificate.fingerprint256);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'ca-key.pem')).mode & 0o777).toBe(0o600);
    expect(first.certificate.ca).toBe(true);
    expect(first.certificate.verify(first.certificate.publicKey)).toBe(true);
  });

  test('is refused when others can read its key, when it expired, and when its files are of two', () => {
    openAuthority(folder, now);
    const config = (message: RegExp): unknown =>
      expect.objectContaining({ code: 'CONFIG', message: expect.stringMatching(message) as string });
    expect(() => openAuthority(folder, new Date('2029-01-01'))).toThrow(config(/expired/));
    const key = join(folder, 'ca-key.pem');
    chmodSync(key, 0o640);
    expect(() => openAuthority(folder, now)).toThrow(config(/others can read/));
    chmodSync(key, 0o600);
    writeFileSync(
      key,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    expect(() => openAuthority(folder, now)).toThrow(config(/do not belong together/));
    rmSync(key);
    expect(() => openAuthority(folder, now)).toThrow(config(/key cannot be used/));
  });
});

describe('the certificate of a server', () => {
  const longName = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;

  test.each([
    ['shop.example', 'shop.example', 'DNS:shop.example'],
    ['198.51.100.7', '198.51.100.7', 'IP Address:198.51.100.7'],
    ['2001:db8::7', '2001:db8::7', 'IP Address:2001:DB8:0:0:0:0:0:7'],
    [longName, undefined, `DNS:${longName}`],
  ])('is for %s alone, and signed by the authority', (host, subject, alternative) => {
    const authority = openAuthority(folder, now);
    const leaf = new X509Certificate(serverCertificate(authority.issuer, host, publicKey, validity));
    expect(leaf.subject).toBe(subject === undefined ? undefined : `CN=${subject}`);
    expect(leaf.subjectAltName).toBe(alternative);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(authority.certificate)).toBe(true);
    expect(leaf.verify(authority.certificate.publicKey)).toBe(true);
    expect([leaf.validFromDate, leaf.validToDate]).toEqual([validity.from, validity.to]);
  });

  test.skipIf(!openssl)('holds before openssl at its strictest', () => {
    const authority = openAuthority(folder, now);
    for (const host of ['shop.example', '198.51.100.7', longName]) {
      const leaf = new X509Certificate(serverCertificate(authority.issuer, host, publicKey, validity));
      const path = join(folder, 'leaf.pem');
      writeFileSync(path, leaf.toString());
      const attime = String(now.getTime() / 1000);
      const ca = join(folder, 'ca-cert.pem');
      const options = ['-x509_strict', '-purpose', 'sslserver', '-attime', attime, '-CAfile', ca, path];
      const run = spawnSync('openssl', ['verify', ...options], { encoding: 'utf8' });
      expect(run.stderr + run.stdout).toBe(`${path}: OK\n`);
    }
  });
});
