import { generateKeyPairSync, type X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeSigning,
  digestOf,
  extension,
  makeCertificate,
  makeRevocationList,
  timeStamping,
  type CertificateRequest,
  type Signer,
} from '../../../../../tests/support/signing/certificates.ts';
import {
  coseEnvelope,
  jwsEnvelope,
  nestedDer,
  timeStamp,
  type EnvelopeRequest,
} from '../../../../../tests/support/signing/notation.ts';
import { detailOf, flipBit, noTrust, statesOf } from '../../../../../tests/support/signing/trust.ts';
import type { SignatureVerdict, SignedSubject, Trust } from '../../signature-scheme.ts';
import { scheme } from './index.ts';

const manifest = Buffer.from('{"schemaVersion":2}');
const subject: SignedSubject = {
  digest: digestOf(manifest),
  bytes: manifest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  repository: 'registry.test/app',
};
const root = makeCertificate({ subject: 'C=US, ST=WA, O=test, CN=root', isAuthority: true });
const leafOf = (more: Partial<CertificateRequest> = {}): Signer =>
  makeCertificate({ subject: 'C=US, ST=WA, O=test, CN=leaf', issuer: root, usages: [codeSigning], ...more });
const leaf = leafOf();
const shortLived = leafOf({ from: new Date('2026-03-10T00:00:00Z'), to: new Date('2026-03-11T00:00:00Z') });
const stampRoot = makeCertificate({ subject: 'C=US, ST=WA, O=stamps, CN=root', isAuthority: true });
const authority = makeCertificate({
  subject: 'C=US, ST=WA, O=stamps, CN=one',
  issuer: stampRoot,
  usages: [timeStamping],
});
const forms = [
  ['JWS', 'application/jose+json', jwsEnvelope],
  ['COSE', 'application/cose', coseEnvelope],
] as const;

function payloadOf({ digest, mediaType, bytes }: SignedSubject): Buffer {
  return Buffer.from(JSON.stringify({ targetArtifact: { digest, mediaType, size: bytes?.length } }));
}

function policy(verification: object = { level: 'strict' }, more: object = {}): object {
  const statement = {
    name: 'test',
    registryScopes: ['*'],
    signatureVerification: verification,
    trustStores: ['ca:test'],
    trustedIdentities: ['*'],
    ...more,
  };
  return { version: '1.0', trustPolicies: [statement] };
}

const stores = new Map<string, readonly X509Certificate[]>([
  ['ca:test', [root.certificate]],
  ['tsa:test', [stampRoot.certificate]],
]);
const trust: Trust = { ...noTrust, trustPolicy: policy(), trustStore: stores };
const stamped: Trust = { ...trust, trustPolicy: policy({ level: 'strict' }, { trustStores: ['ca:test', 'tsa:test'] }) };

async function judge(
  bytes: Buffer,
  mediaType: string,
  given: Trust = trust,
  about: SignedSubject = subject,
): Promise<SignatureVerdict | undefined> {
  const attachment = { at: 'layer', mediaType, annotations: {}, bytes };
  const [verdict] = await scheme.verify({ subject: about, attachments: [attachment], trust: given });
  return verdict;
}

describe.each(forms)('an envelope in %s', (form, mediaType, write) => {
  const envelope = (more: Partial<EnvelopeRequest> = {}): Buffer =>
    write({ payload: payloadOf(subject), chain: [leaf, root], ...more });

  it('is valid with every check listed', async () => {
    const verdict = await judge(envelope(), mediaType);
    expect(verdict).toMatchObject({
      isValid: true,
      form: `Notation ${form} envelope`,
      signer: 'C=US, ST=WA, O=test, CN=leaf',
    });
    expect(statesOf(verdict)).toEqual({
      format: 'passed',
      policy: 'passed',
      time: 'passed',
      chain: 'passed',
      signature: 'passed',
      digest: 'passed',
      identity: 'passed',
      expiry: 'passed',
      revocation: 'passed',
    });
  });

  it('must have the annotations that are asked for', async () => {
    const said = JSON.parse(payloadOf(subject).toString()) as { targetArtifact: object };
    const payload = Buffer.from(
      JSON.stringify({ targetArtifact: { ...said.targetArtifact, annotations: { build: '17' } } }),
    );
    const asked = async (build: string): Promise<boolean | undefined> =>
      (await judge(envelope({ payload }), mediaType, { ...trust, annotations: new Map([['build', build]]) }))?.isValid;
    expect(await asked('17')).toBe(true);
    expect(await asked('18')).toBe(false);
  });

  it('may be signed with RSA, and by a certificate that signs itself', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signer = makeCertificate({
      subject: 'C=US, ST=WA, O=test, CN=rsa',
      issuer: root,
      keys,
      usages: [codeSigning],
    });
    expect((await judge(envelope({ chain: [signer, root] }), mediaType))?.isValid).toBe(true);
    const alone = makeCertificate({ subject: 'C=US, ST=WA, O=test, CN=alone', usages: [codeSigning] });
    const given = { ...trust, trustStore: new Map([['ca:test', [alone.certificate]]]) };
    expect((await judge(envelope({ chain: [alone] }), mediaType, given))?.isValid).toBe(true);
  });

  it.each([
    ['another digest', { ...subject, digest: digestOf('other') }],
    ['another media type', { ...subject, mediaType: 'application/vnd.oci.image.index.v1+json' }],
    ['another size', { ...subject, bytes: Buffer.from('longer than it was') }],
  ])('is not valid for %s', async (_case, about) => {
    const verdict = await judge(envelope(), mediaType, trust, about);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', digest: 'failed' });
  });

  it.each([
    ['nobody trusts', [makeCertificate({ subject: 'C=US, ST=WA, O=test, CN=else', usages: [codeSigning] })]],
    ['was not issued by the next', [leafOf({ issuer: stampRoot }), root]],
    ['serves TLS too', [leafOf({ usages: [codeSigning, '1.3.6.1.5.5.7.3.1'] }), root]],
    ['is an authority itself', [leafOf({ isAuthority: true }), root]],
    ['was issued by one that is no authority', [leafOf({ issuer: leaf }), leaf, root]],
  ])('is not valid with a certificate that %s', async (_case, chain) => {
    const verdict = await judge(envelope({ chain }), mediaType);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', chain: 'failed' });
  });

  it('is not valid below an authority that may not have others below it', async () => {
    const top = makeCertificate({ subject: 'O=test, CN=top', isAuthority: true, pathLength: 0 });
    const middle = makeCertificate({ subject: 'O=test, CN=middle', issuer: top, isAuthority: true });
    const given = { ...trust, trustStore: new Map([['ca:test', [top.certificate]]]) };
    const verdict = await judge(envelope({ chain: [leafOf({ issuer: middle }), middle, top] }), mediaType, given);
    expect(detailOf(verdict, 'chain')).toBe('O=test, CN=top stands too far above the signer');
  });

  it('is not valid after it ran out; a policy may let that pass with a warning', async () => {
    const old = envelope({ expiry: new Date('2026-04-01T00:00:00Z') });
    expect(statesOf(await judge(old, mediaType))).toMatchObject({ expiry: 'failed' });
    const permissive = await judge(old, mediaType, { ...trust, trustPolicy: policy({ level: 'permissive' }) });
    expect(permissive?.isValid).toBe(true);
    expect(statesOf(permissive)).toMatchObject({ expiry: 'warned' });
  });

  it('with a certificate that ran out needs a time stamp of a trusted authority', async () => {
    const chain = [shortLived, root];
    const stamp = (signature: Buffer): Buffer =>
      timeStamp(signature, new Date('2026-03-10T12:00:00Z'), authority, [stampRoot]);
    const good = envelope({ chain, stamp });
    expect(statesOf(await judge(good, mediaType))).toMatchObject({ time: 'failed' });
    const verdict = await judge(good, mediaType, stamped);
    expect(verdict).toMatchObject({ isValid: true, signedAt: Date.parse('2026-03-10T12:00:00Z') * 1000 });
    const untrusted = { ...stamped, trustStore: new Map([...stores, ['tsa:test', [root.certificate]]]) };
    expect(detailOf(await judge(good, mediaType, untrusted), 'time')).toMatch(/^nobody trusted vouches for/);
    const none = await judge(envelope({ chain }), mediaType, stamped);
    expect(detailOf(none, 'time')).toBe('there is no time stamp');
  });

  it.each([
    [
      'over something else',
      () => timeStamp(Buffer.from('else'), new Date('2026-03-10T12:00:00Z'), authority),
      'is over something else',
    ],
    [
      'from before the certificate',
      (bytes: Buffer) => timeStamp(bytes, new Date('2026-03-09T12:00:00Z'), authority),
      'was not valid at',
    ],
    [
      'by a signer of code',
      (bytes: Buffer) => timeStamp(bytes, new Date('2026-03-10T12:00:00Z'), leafOf({ issuer: stampRoot })),
      'not for time stamps',
    ],
    ['that is cut', (bytes: Buffer) => timeStamp(bytes, new Date(), authority).subarray(0, 200), 'malformed'],
    ['nested ten thousand deep', () => nestedDer(10_000), 'malformed'],
  ])('is not valid with a time stamp %s', async (_case, stamp, detail) => {
    const verdict = await judge(envelope({ chain: [shortLived, root], stamp }), mediaType, stamped);
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'time')).toContain(detail);
  });

  it('with critical headers that are not understood, or not marked, is malformed', async () => {
    const unknown = envelope({ critical: ['io.cncf.notary.signingScheme', 'example.plugin'] });
    expect(detailOf(await judge(unknown, mediaType), 'format')).toBe(
      'the critical header "example.plugin" is not understood',
    );
    expect(detailOf(await judge(envelope({ critical: [] }), mediaType), 'format')).toMatch(
      /is not marked as critical$/,
    );
  });

  it('is rejected or the same whichever bit is changed, and never throws', async () => {
    const bytes = envelope();
    const property = fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
      const verdict = await judge(flipBit(bytes, at, bit), mediaType);
      // Bits of unsigned headers, and of the case of names of them, may change nothing that was signed.
      const held = verdict?.isValid === true ? statesOf(verdict) : { signature: 'passed', digest: 'passed' };
      expect(held).toMatchObject({ signature: 'passed', digest: 'passed' });
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('is rejected whichever bit of the payload is changed', async () => {
    const payload = payloadOf(subject);
    const bytes = envelope();
    const [inside, encode] =
      form === 'JWS' ? [payload.toString('base64url'), 'base64url'] : [payload.toString('latin1'), 'latin1'];
    const property = fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
      const changed = flipBit(payload, at, bit).toString(encode as BufferEncoding);
      const verdict = await judge(Buffer.from(bytes.toString('latin1').replace(inside, changed), 'latin1'), mediaType);
      expect(verdict?.isValid).toBe(false);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('the trust policy', () => {
  const envelope = jwsEnvelope({ payload: payloadOf(subject), chain: [leaf, root] });
  const type = 'application/jose+json';

  it('decides who is trusted', async () => {
    const only = (...trustedIdentities: string[]): Trust => ({
      ...trust,
      trustPolicy: policy(undefined, { trustedIdentities }),
    });
    expect((await judge(envelope, type, only('x509.subject: C=US, ST=WA, O=test')))?.isValid).toBe(true);
    const other = await judge(
      envelope,
      type,
      only('x509.subject: C=US, ST=WA, O=other', 'x509.subject: C=US, ST=CA, O=test'),
    );
    expect(other?.isValid).toBe(false);
    expect(statesOf(other)).toMatchObject({ chain: 'passed', identity: 'failed' });
  });

  it('applies by repository; the one for all is for the rest', async () => {
    const scoped = (scope: string): Trust => ({
      ...trust,
      trustPolicy: policy(undefined, { registryScopes: [scope] }),
    });
    expect((await judge(envelope, type, scoped('registry.test/app')))?.isValid).toBe(true);
    expect(statesOf(await judge(envelope, type, scoped('registry.test/other')))).toMatchObject({ policy: 'failed' });
  });

  it('of the level audit lets an unknown signer pass with a warning, but no changed payload', async () => {
    const audit = { ...trust, trustPolicy: policy({ level: 'audit' }), trustStore: new Map() };
    const verdict = await judge(envelope, type, audit);
    expect(verdict).toMatchObject({ isValid: true });
    expect(verdict?.signer).toBeUndefined();
    expect(statesOf(verdict)).toMatchObject({ chain: 'warned' });
    expect((await judge(envelope, type, audit, { ...subject, digest: digestOf('other') }))?.isValid).toBe(false);
  });

  it('of the level skip proves nothing', async () => {
    const skip = { ...trust, trustPolicy: policy({ level: 'skip' }, { trustStores: [], trustedIdentities: [] }) };
    const verdict = await judge(envelope, type, skip);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ policy: 'not-checked' });
  });

  it('that enforces revocation refuses certificates that could be revoked, and may log it', async () => {
    const point = Buffer.from('3021301fa01da01b8619687474703a2f2f63726c2e746573742f726f6f742e63726c', 'hex');
    const revocable = leafOf({ extensions: [extension('2.5.29.31', point)] });
    const bytes = jwsEnvelope({ payload: payloadOf(subject), chain: [revocable, root] });
    expect(statesOf(await judge(bytes, type))).toMatchObject({ revocation: 'failed' });
    const logged = { ...trust, trustPolicy: policy({ level: 'strict', override: { revocation: 'log' } }) };
    expect(await judge(bytes, type, logged)).toMatchObject({ isValid: true });
    const vouched = { ...trust, revocationLists: [makeRevocationList({ issuer: root })] };
    expect(await judge(bytes, type, vouched)).toMatchObject({ isValid: true });
    const entry = { certificate: revocable.certificate, at: new Date('2026-03-01T00:00:00Z') };
    const revoked = { ...trust, revocationLists: [makeRevocationList({ issuer: root, revoked: [entry] })] };
    expect(detailOf(await judge(bytes, type, revoked), 'revocation')).toContain('was revoked on 2026-03-01');
    expect((await judge(bytes, type, revoked))?.isValid).toBe(false);
  });
});

describe('a hostile envelope', () => {
  it.each([
    ['application/jose+json', Buffer.from('{}')],
    ['application/jose+json', Buffer.from(`{"payload":${'['.repeat(100_000)}`)],
    ['application/cose', Buffer.from([0xd2])],
    ['application/cose', Buffer.concat([Buffer.of(0xd2), Buffer.alloc(100_000, 0x81)])],
    ['application/cose', Buffer.from([0xd2, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['application/x', Buffer.from('{}')],
  ])('of the type %s is malformed', async (mediaType, bytes) => {
    const verdict = await judge(bytes, mediaType);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ format: 'failed' });
  });

  it('with a chain longer than any is not read', async () => {
    const chain = [leaf, ...Array.from({ length: 10 }, () => root)];
    const bytes = jwsEnvelope({ payload: payloadOf(subject), chain });
    expect(detailOf(await judge(bytes, 'application/jose+json'), 'format')).toBe(
      'the chain has more than 10 certificates',
    );
  });
});
