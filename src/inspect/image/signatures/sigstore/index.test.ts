import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, ecKeys, sha256, spki, type Signer } from '../../../../../tests/support/signing/certificates.ts';
import { SigstoreInstance } from '../../../../../tests/support/signing/sigstore-instance.ts';
import {
  detailOf,
  flipBit,
  identity,
  noTrust,
  statesOf,
  withKeys,
} from '../../../../../tests/support/signing/trust.ts';
import type { SignatureVerdict, SignedSubject, Trust } from '../../signature-scheme.ts';
import { scheme } from './index.ts';

const instance = new SigstoreInstance();
const who = 'https://ci.test/build';
const issuer = 'https://accounts.test';
const when = new Date('2026-03-10T12:00:00Z');
const artifact = Buffer.from('what is signed');
const trust: Trust = {
  ...noTrust,
  trustedRoot: instance.trustedRoot(),
  identity: identity('https://ci[.]test/.*', issuer),
};
const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const statementType = 'application/vnd.in-toto+json';

type Json = Record<string, unknown>;

function pem(key: KeyObject): string {
  return Buffer.from(key.export({ type: 'spki', format: 'pem' })).toString('base64');
}

/** A bundle 0.3 over the artifact, with certificate, entry, promise and proof. */
function messageBundle(signer: Signer = instance.issue(who, issuer, when), named = signer, at = when): Json {
  const signature = sign('sha256', artifact, signer.keys.privateKey).toString('base64');
  const body = {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value: sha256(artifact).toString('hex') } },
      signature: {
        content: signature,
        publicKey: { content: Buffer.from(named.certificate.toString()).toString('base64') },
      },
    },
  };
  return {
    mediaType,
    verificationMaterial: {
      certificate: { rawBytes: signer.certificate.raw.toString('base64') },
      tlogEntries: [instance.bundleEntry(instance.enter(body, at))],
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(artifact).toString('base64') },
      signature,
    },
  };
}

/** An attestation about a digest, entered as Rekor v2 does it. */
function attestation(digest: string, type = statementType): Json {
  const signer = instance.issue(who, issuer, when);
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app', digest: { sha256: digest.replace('sha256:', '') } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const sig = sign('sha256', encoded, signer.keys.privateKey).toString('base64');
  const verifier = {
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    x509Certificate: { rawBytes: signer.certificate.raw.toString('base64') },
  };
  const body = {
    apiVersion: '0.0.2',
    kind: 'dsse',
    spec: {
      dsseV002: {
        payloadHash: { algorithm: 'SHA2_256', digest: sha256(payload).toString('base64') },
        signatures: [{ content: sig, verifier }],
      },
    },
  };
  return {
    mediaType,
    verificationMaterial: {
      certificate: { rawBytes: signer.certificate.raw.toString('base64') },
      tlogEntries: [instance.bundleEntry(instance.enter(body, when))],
    },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: type, signatures: [{ keyid: '', sig }] },
  };
}

async function judge(
  bundle: Json | Buffer,
  given: Trust = trust,
  subject: SignedSubject = { digest: digestOf(artifact), bytes: artifact },
): Promise<SignatureVerdict | undefined> {
  const bytes = Buffer.isBuffer(bundle) ? bundle : Buffer.from(JSON.stringify(bundle));
  const attachment = { at: 'bundle', mediaType, annotations: {}, bytes };
  const [verdict] = await scheme.verify({ subject, attachments: [attachment], trust: given });
  return verdict;
}

describe('a keyless bundle', () => {
  it('is valid with every check listed', async () => {
    const verdict = await judge(messageBundle());
    expect(statesOf(verdict)).toEqual({
      format: 'passed',
      time: 'passed',
      chain: 'passed',
      sct: 'passed',
      log: 'passed',
      signature: 'passed',
      digest: 'passed',
      identity: 'passed',
    });
    expect(verdict).toMatchObject({ isValid: true, signer: who, signedAt: when.getTime() * 1000 });
    expect(detailOf(verdict, 'log')).toBe('entry 7: inclusion proof with signed checkpoint and signed promise');
  });

  it.each([
    ['another identity', { identity: identity('https://ci[.]test/other', issuer) }],
    ['a part of the identity alone', { identity: identity('ci[.]test', issuer) }],
    ['another issuer', { identity: identity('.*', 'https://elsewhere.test') }],
  ])('is not valid for %s', async (_case, changed) => {
    const verdict = await judge(messageBundle(), { ...trust, ...changed });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', identity: 'failed' });
  });

  it('is not valid when nobody was asked for, or no root is trusted', async () => {
    const { identity: _none, ...anybody } = trust;
    expect(statesOf(await judge(messageBundle(), anybody))).toMatchObject({ identity: 'not-checked' });
    expect((await judge(messageBundle(), anybody))?.isValid).toBe(false);
    const keysAlone = await judge(messageBundle(), withKeys(ecKeys().publicKey));
    expect(keysAlone?.isValid).toBe(false);
    expect(statesOf(keysAlone)).toMatchObject({ chain: 'not-checked' });
  });

  it('is not valid when it was logged after the certificate ran out', async () => {
    const late = new Date(when.getTime() + 601_000);
    const verdict = await judge(messageBundle(undefined, undefined, late));
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ chain: 'failed', sct: 'not-checked', signature: 'not-checked' });
  });

  it('is not valid under the root of another instance', async () => {
    const other = { ...trust, trustedRoot: new SigstoreInstance().trustedRoot() };
    expect(statesOf(await judge(messageBundle(), other))).toMatchObject({ chain: 'failed' });
  });

  it('does not use logs whose key has no beginning of validity, and says so', async () => {
    const verdict = await judge(messageBundle(), { ...trust, trustedRoot: instance.trustedRoot(null) });
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'root')).toContain('https://log.test: its key has no beginning of validity');
  });

  it('is not valid when the log entry names the key of somebody else', async () => {
    const somebody = instance.issue('https://else.test', issuer, when);
    const verdict = await judge(messageBundle(instance.issue(who, issuer, when), somebody));
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'log')).toBe('the entry names another key than that of the signer');
  });

  it('is not valid with a certificate that is not for signing code', async () => {
    const server = instance.issue(who, issuer, when, ['1.3.6.1.5.5.7.3.1']);
    expect(detailOf(await judge(messageBundle(server)), 'chain')).toBe('the certificate is not for signing code');
  });

  it('is not valid when it carries a root along', async () => {
    const { verificationMaterial, ...rest } = messageBundle();
    const { certificate, tlogEntries } = verificationMaterial as { certificate: object; tlogEntries: unknown };
    const root = { rawBytes: instance.authority.certificate.raw.toString('base64') };
    const x509CertificateChain = { certificates: [certificate, root] };
    const old = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
    const verdict = await judge({
      ...rest,
      mediaType: old,
      verificationMaterial: { x509CertificateChain, tlogEntries },
    });
    expect(detailOf(verdict, 'format')).toBe('the bundle carries a root certificate');
    expect(verdict?.isValid).toBe(false);
  });

  it('cannot be judged by the digest of the artifact alone', async () => {
    const verdict = await judge(messageBundle(), trust, { digest: digestOf(artifact) });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'not-checked' });
  });

  it('is rejected whichever bit of artifact or signature is changed', async () => {
    const bundle = messageBundle();
    const { signature } = bundle['messageSignature'] as { signature: string };
    const property = fc.asyncProperty(fc.nat(), fc.nat(7), fc.boolean(), async (at, bit, isArtifact) => {
      const bytes = isArtifact ? flipBit(artifact, at, bit) : artifact;
      const changed = flipBit(Buffer.from(signature, 'base64'), at, bit).toString('base64');
      const message = { ...(bundle['messageSignature'] as Json), ...(isArtifact ? {} : { signature: changed }) };
      const verdict = await judge({ ...bundle, messageSignature: message }, trust, { digest: digestOf(bytes), bytes });
      expect(verdict?.isValid).toBe(false);
    });
    await fc.assert(property, { numRuns: 40 });
  });
});

describe('an attestation', () => {
  const digest = digestOf('an image');

  it('in an entry of Rekor v2 is valid for the digest that its statement names', async () => {
    const verdict = await judge(attestation(digest), trust, { digest });
    expect(verdict?.isValid).toBe(true);
    expect(verdict?.form).toBe('attestation in a Sigstore bundle, keyless: https://slsa.dev/provenance/v1');
  });

  it('is not valid for another digest, though all signatures hold', async () => {
    const verdict = await judge(attestation(digest), trust, { digest: digestOf('another image') });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', log: 'passed', digest: 'failed' });
  });

  it('is not valid when its payload is no statement', async () => {
    const verdict = await judge(attestation(digest, 'text/plain'), trust, { digest });
    expect(detailOf(verdict, 'digest')).toBe('the payload is text/plain, and no in-toto statement');
  });
});

describe('a bundle with a key', () => {
  const keys = ecKeys();
  const bundle = (entries: readonly unknown[]): Json => ({
    mediaType,
    verificationMaterial: { publicKey: { hint: 'any' }, tlogEntries: entries },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(artifact).toString('base64') },
      signature: sign('sha256', artifact, keys.privateKey).toString('base64'),
    },
  });

  it('is valid under one of several keys, and says that no log vouches for the time', async () => {
    const verdict = await judge(bundle([]), withKeys(ecKeys().publicKey, keys.publicKey));
    expect(verdict).toMatchObject({
      isValid: true,
      signer: `key 1 (SHA256:${sha256(spki(keys.publicKey)).toString('hex')})`,
    });
    expect(statesOf(verdict)).toMatchObject({ log: 'not-checked', identity: 'passed' });
  });

  it('may stand beside a certificate that nobody trusts', async () => {
    const signer = instance.issue(who, issuer, when);
    const verdict = await judge(messageBundle(signer), withKeys(signer.keys.publicKey));
    expect(verdict).toMatchObject({ isValid: true, form: 'Sigstore bundle, with a key' });
  });

  it('is not valid under other keys or none', async () => {
    expect(statesOf(await judge(bundle([]), withKeys(ecKeys().publicKey)))).toMatchObject({ signature: 'failed' });
    expect(statesOf(await judge(bundle([]), trust))).toMatchObject({ identity: 'failed' });
  });

  it('is not valid when its log entry, which can be verified, does not hold', async () => {
    const { messageSignature } = bundle([]) as { messageSignature: { signature: string } };
    const body = (content: string): Json => ({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: {
        data: { hash: { algorithm: 'sha256', value: sha256(artifact).toString('hex') } },
        signature: { content, publicKey: { content: pem(keys.publicKey) } },
      },
    });
    const withLog = { ...withKeys(keys.publicKey), trustedRoot: instance.trustedRoot() };
    const judgeEntry = async (content: string): Promise<SignatureVerdict | undefined> => {
      const { signature } = messageSignature;
      const entry = instance.bundleEntry(instance.enter(body(content), when));
      const signed = { ...bundle([entry]), messageSignature: { ...messageSignature, signature } };
      return judge(signed, withLog);
    };
    const same = await judgeEntry(messageSignature.signature);
    expect(same).toMatchObject({ isValid: true, signedAt: when.getTime() * 1000 });
    expect(statesOf(await judgeEntry('AAAA'))).toMatchObject({ signature: 'passed', log: 'failed' });
  });
});

describe('the envelope of an attestation with a key', () => {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app', digest: { sha256: sha256(artifact).toString('hex') } }],
    predicateType: 'https://slsa.dev/provenance/v1',
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const encoded = Buffer.concat([
    Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} `),
    payload,
  ]);
  const bundle = (signature: Buffer): Json => ({
    mediaType,
    verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: statementType,
      signatures: [{ keyid: '', sig: signature.toString('base64') }],
    },
  });

  it.each([
    ['P-256', 'sha256', ecKeys()],
    ['P-384', 'sha384', ecKeys('P-384')],
    ['P-521', 'sha512', ecKeys('P-521')],
    ['Ed25519', null, generateKeyPairSync('ed25519')],
  ] as const)('holds under keys of %s', async (_kind, hash, pair) => {
    const verdict = await judge(bundle(sign(hash, encoded, pair.privateKey)), withKeys(pair.publicKey));
    expect(verdict?.isValid).toBe(true);
  });

  it('does not hold by a signature over the artifact itself', async () => {
    const pair = generateKeyPairSync('ed25519');
    const verdict = await judge(bundle(sign(null, artifact, pair.privateKey)), withKeys(pair.publicKey));
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'failed' });
  });
});

describe('what cosign 3 signs', () => {
  const pair = ecKeys();
  const made = (subjects: readonly object[], predicateType = 'https://sigstore.dev/cosign/sign/v1'): Json => {
    const payload = Buffer.from(
      JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: subjects, predicateType, predicate: {} }),
    );
    const head = Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} `);
    const sig = sign('sha256', Buffer.concat([head, payload]), pair.privateKey).toString('base64');
    return {
      mediaType,
      verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
      dsseEnvelope: {
        payload: payload.toString('base64'),
        payloadType: statementType,
        signatures: [{ keyid: '', sig }],
      },
    };
  };
  const digest = { sha256: sha256(artifact).toString('hex') };
  const other = { sha256: '0'.repeat(64) };
  const trust = withKeys(pair.publicKey);

  it('is a signature; what else is said of an image is an attestation of its type', async () => {
    const verdict = await judge(made([{ digest }]), trust);
    expect(verdict).toMatchObject({ isValid: true, form: expect.stringMatching(/^signature in a Sigstore bundle/) });
    expect(verdict).not.toHaveProperty('attests');
    const type = 'https://cosign.sigstore.dev/attestation/vuln/v1';
    expect(await judge(made([{ digest }], type), trust)).toMatchObject({ isValid: true, attests: type });
  });

  it('holds for a wanted repository only where it names that one for this very digest', async () => {
    const states = async (...subjects: readonly object[]): Promise<boolean | undefined> =>
      (await judge(made(subjects), { ...trust, signedFor: 'registry.test/app' }))?.isValid;
    expect(await states({ digest })).toBe(false);
    expect(await states({ digest, name: 'registry.test/app' })).toBe(true);
    expect(await states({ digest, name: 'registry.test/other' })).toBe(false);
    expect(await states({ digest, name: 'registry.test/other' }, { digest: other, name: 'registry.test/app' })).toBe(
      false,
    );
  });

  it('must have the annotations that are asked for, on this very digest', async () => {
    const asked = { ...trust, annotations: new Map([['build', '17']]) };
    const annotations = { build: '17' };
    expect((await judge(made([{ digest, annotations }]), asked))?.isValid).toBe(true);
    const elsewhere = await judge(made([{ digest }, { digest: other, annotations }]), asked);
    expect(elsewhere?.isValid).toBe(false);
    expect(detailOf(elsewhere, 'annotations')).toBe('wanted is build=17, and signed is none');
  });
});

describe('a hostile bundle', () => {
  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', Buffer.from('[]')],
    ['deep nesting', Buffer.from(`{"a":${'['.repeat(100_000)}`)],
    ['an unknown version', Buffer.from(JSON.stringify({ ...messageBundle(), mediaType: 'application/x' }))],
  ])('with %s is malformed', async (_case, bytes) => {
    const verdict = await judge(bytes);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ format: 'failed' });
  });

  it('with more entries, or a larger one, than any real bundle has is not looked at', async () => {
    const { verificationMaterial, ...rest } = messageBundle();
    const material = verificationMaterial as { tlogEntries: [Json] };
    const many = { ...material, tlogEntries: Array.from({ length: 33 }, () => material.tlogEntries[0]) };
    expect(detailOf(await judge({ ...rest, verificationMaterial: many }), 'format')).toMatch(/^more than 32 entries/);
    const proof = { ...(material.tlogEntries[0]['inclusionProof'] as Json), logIndex: '9'.repeat(100_000) };
    const large = { ...material, tlogEntries: [{ ...material.tlogEntries[0], inclusionProof: proof }] };
    expect(detailOf(await judge({ ...rest, verificationMaterial: large }), 'format')).toMatch(
      /larger than any real one$/,
    );
  });

  it.each([
    ['an entry at no time', { integratedTime: '17x' }, []],
    ['a time stamp that is no token', {}, [{ signedTimestamp: Buffer.from('30020500', 'hex').toString('base64') }]],
    ['a time stamp that is no DER', {}, [{ signedTimestamp: 'AAAA' }]],
  ])('with %s is malformed', async (_case, changed, rfc3161Timestamps) => {
    const { verificationMaterial, ...rest } = messageBundle();
    const material = verificationMaterial as { tlogEntries: [Json] };
    const tlogEntries = [{ ...material.tlogEntries[0], ...changed }];
    const timestampVerificationData = { rfc3161Timestamps };
    const verdict = await judge({
      ...rest,
      verificationMaterial: { ...material, tlogEntries, timestampVerificationData },
    });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ format: 'failed' });
  });

  it('never throws, whatever bit is changed', async () => {
    const bytes = Buffer.from(JSON.stringify(messageBundle()));
    const property = fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
      const verdict = await judge(flipBit(bytes, at, bit));
      expect(verdict?.checks.length).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
