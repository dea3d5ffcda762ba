import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, ecKeys, sha256, type KeyPair } from '../../../../../tests/support/signing/certificates.ts';
import { SigstoreInstance, type LogEntry } from '../../../../../tests/support/signing/sigstore-instance.ts';
import {
  detailOf,
  flipBit,
  identity,
  noTrust,
  statesOf,
  withKeys,
} from '../../../../../tests/support/signing/trust.ts';
import type { Attachment, SignatureVerdict, SignedSubject, Trust } from '../../signature-scheme.ts';
import { scheme } from './index.ts';

const manifest = Buffer.from('{"schemaVersion":2}');
const subject: SignedSubject = { digest: digestOf(manifest), bytes: manifest };
const keys = ecKeys();
const trust = withKeys(keys.publicKey);
const signatureType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const when = new Date('2026-03-10T12:00:00Z');
const instance = new SigstoreInstance();

function payloadFor(digest = subject.digest, type = 'cosign container image signature'): Buffer {
  const critical = {
    identity: { 'docker-reference': 'registry.test:5000/team/app:1' },
    image: { 'docker-manifest-digest': digest },
    type,
  };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

function signed(payload: Buffer, { privateKey }: KeyPair = keys, more: Record<string, string> = {}): Attachment {
  const hash = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(hash, payload, privateKey).toString('base64');
  const annotations = { 'dev.cosignproject.cosign/signature': signature, ...more };
  return { at: 'layer', mediaType: signatureType, annotations, bytes: payload };
}

async function judge(
  attachment: Attachment,
  given: Trust = trust,
  about = subject,
): Promise<SignatureVerdict | undefined> {
  const [verdict] = await scheme.verify({ subject: about, attachments: [attachment], trust: given });
  return verdict;
}

/** What cosign keeps of the log's answer. */
function bundleOf({ promise, ...payload }: LogEntry): string {
  return JSON.stringify({ SignedEntryTimestamp: promise, Payload: payload });
}

function entryBody(attachment: Attachment, verifier: string): object {
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value: sha256(attachment.bytes).toString('hex') } },
      signature: {
        content: attachment.annotations['dev.cosignproject.cosign/signature'],
        publicKey: { content: Buffer.from(verifier).toString('base64') },
      },
    },
  };
}

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

describe('a signature with a key', () => {
  it.each([
    ['P-256', keys],
    ['P-384', ecKeys('P-384')],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])('of the kind %s is valid', async (_kind, pair) => {
    const verdict = await judge(signed(payloadFor(), pair), withKeys(pair.publicKey));
    expect(verdict).toMatchObject({ isValid: true, form: 'cosign signature, with a key' });
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', digest: 'passed', log: 'not-checked' });
  });

  it.each([
    ['another key', signed(payloadFor(), ecKeys()), 'signature'],
    ['another image', signed(payloadFor(digestOf('other'))), 'digest'],
    ['another type', signed(payloadFor(subject.digest, 'atomic container signature')), 'format'],
    ['a payload that is no JSON', signed(Buffer.from('text')), 'format'],
    ['no signature', { ...signed(payloadFor()), annotations: {} }, 'format'],
    ['a certificate that is none', signed(payloadFor(), keys, { 'dev.sigstore.cosign/certificate': 'x' }), 'format'],
    ['a log entry that is none', signed(payloadFor(), keys, { 'dev.sigstore.cosign/bundle': '{}' }), 'format'],
    ['huge annotations', signed(payloadFor(), keys, { 'dev.sigstore.cosign/bundle': '['.repeat(1e6) }), 'format'],
  ])('is not valid with %s', async (_case, attachment, check) => {
    const verdict = await judge(attachment);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)[check]).toBe('failed');
  });

  it('is judged by itself among several', async () => {
    const attachments = [signed(payloadFor(), ecKeys()), signed(payloadFor())];
    const verdicts = await scheme.verify({ subject, attachments, trust });
    expect(verdicts.map(({ isValid }) => isValid)).toEqual([false, true]);
  });

  it('warns about another repository, and is not valid for another than the wanted one', async () => {
    const from = (repository: string): SignedSubject => ({ ...subject, repository });
    expect(statesOf(await judge(signed(payloadFor()), trust, from('registry.test:5000/team/app')))).toMatchObject({
      reference: 'passed',
    });
    const mirrored = await judge(signed(payloadFor()), trust, from('mirror.test/app'));
    expect(mirrored?.isValid).toBe(true);
    expect(statesOf(mirrored)).toMatchObject({ reference: 'warned' });
    const wanted = await judge(signed(payloadFor()), { ...trust, signedFor: 'registry.test:5000/team/other' });
    expect(wanted?.isValid).toBe(false);
    expect(statesOf(wanted)).toMatchObject({ reference: 'failed' });
  });

  it('must have the annotations that are asked for, and tells those that it has', async () => {
    const { critical } = JSON.parse(payloadFor().toString()) as { critical: object };
    const attachment = signed(Buffer.from(JSON.stringify({ critical, optional: { build: '17', count: 2 } })));
    const asked = async (...annotations: readonly [string, string][]): Promise<SignatureVerdict | undefined> =>
      judge(attachment, { ...trust, annotations: new Map(annotations) });
    const told = await asked();
    expect(told?.isValid).toBe(true);
    expect(detailOf(told, 'annotations')).toBe('none was asked for; signed with build=17, count=2');
    expect((await asked(['build', '17'], ['count', '2']))?.isValid).toBe(true);
    const other = await asked(['build', '18']);
    expect(other?.isValid).toBe(false);
    expect(detailOf(other, 'annotations')).toBe('wanted is build=18, and signed is build=17, count=2');
    expect((await asked(['toString', 'x']))?.isValid).toBe(false);
    expect((await judge(signed(payloadFor()), { ...trust, annotations: new Map([['a', 'b']]) }))?.isValid).toBe(false);
  });

  it('is rejected whichever bit of payload or signature is changed', async () => {
    const attachment = signed(payloadFor());
    const signature = Buffer.from(attachment.annotations['dev.cosignproject.cosign/signature'] ?? '', 'base64');
    const property = fc.asyncProperty(fc.nat(), fc.nat(7), fc.boolean(), async (at, bit, isPayload) => {
      const changed = flipBit(signature, at, bit).toString('base64');
      const verdict = await judge({
        ...attachment,
        bytes: isPayload ? flipBit(attachment.bytes, at, bit) : attachment.bytes,
        annotations: isPayload ? attachment.annotations : { 'dev.cosignproject.cosign/signature': changed },
      });
      expect(verdict?.isValid).toBe(false);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

describe('the promise of a log beside a signature with a key', () => {
  const attachment = signed(payloadFor());
  const logKeys = [{ name: 'rekor.pub', key: instance.log.publicKey }];
  const withEntry = (verifier: KeyObject): Attachment => {
    const entry = instance.enter(entryBody(attachment, pem(verifier)), when);
    return { ...attachment, annotations: { ...attachment.annotations, 'dev.sigstore.cosign/bundle': bundleOf(entry) } };
  };

  it('gives the time when the key of the log is known', async () => {
    const verdict = await judge(withEntry(keys.publicKey), { ...trust, logKeys });
    expect(verdict).toMatchObject({ isValid: true, signedAt: when.getTime() * 1000 });
    expect(detailOf(verdict, 'log')).toBe('entry 7: signed promise');
  });

  it('is told as not checked when it is not', async () => {
    const verdict = await judge(withEntry(keys.publicKey));
    expect(verdict?.isValid).toBe(true);
    expect(verdict?.signedAt).toBeUndefined();
    expect(statesOf(verdict)).toMatchObject({ log: 'not-checked' });
  });

  it('must be about this key, and of this log', async () => {
    const other = await judge(withEntry(ecKeys().publicKey), { ...trust, logKeys });
    expect(other?.isValid).toBe(false);
    expect(statesOf(other)).toMatchObject({ log: 'failed' });
    const foreign = [{ name: 'other.pub', key: ecKeys().publicKey }];
    expect(statesOf(await judge(withEntry(keys.publicKey), { ...trust, logKeys: foreign }))).toMatchObject({
      log: 'failed',
    });
  });
});

describe('a keyless signature', () => {
  const signer = instance.issue('https://ci.test/build', 'https://accounts.test', when);
  const certificate = { 'dev.sigstore.cosign/certificate': signer.certificate.toString() };
  const plain = signed(payloadFor(), signer.keys, certificate);
  const entry = instance.enter(entryBody(plain, signer.certificate.toString()), when);
  const attachment = { ...plain, annotations: { ...plain.annotations, 'dev.sigstore.cosign/bundle': bundleOf(entry) } };
  const keyless: Trust = {
    ...noTrust,
    trustedRoot: instance.trustedRoot(),
    identity: identity('https://ci[.]test/build', 'https://accounts.test'),
  };

  it('is valid for its identity', async () => {
    const verdict = await judge(attachment, keyless);
    expect(verdict).toMatchObject({
      isValid: true,
      signer: 'https://ci.test/build',
      form: 'cosign signature, keyless',
    });
  });

  it('is not valid without the log, which alone knows when it was signed', async () => {
    const verdict = await judge(plain, keyless);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ time: 'failed' });
  });

  it('is not valid for another image', async () => {
    const verdict = await judge(attachment, keyless, { digest: digestOf('other') });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', digest: 'failed' });
  });
});

describe('an attestation', () => {
  const type = 'application/vnd.in-toto+json';
  const attest = (digest: string): Attachment => {
    const subjects = [{ name: 'app', digest: { sha256: digest.slice('sha256:'.length) } }];
    const statement = {
      _type: 'https://in-toto.io/Statement/v0.1',
      subject: subjects,
      predicateType: 'https://spdx.dev/Document',
    };
    const payload = Buffer.from(JSON.stringify(statement));
    const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
    const sig = sign('sha256', encoded, keys.privateKey).toString('base64');
    const envelope = { payloadType: type, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
    const bytes = Buffer.from(JSON.stringify(envelope));
    return { at: 'layer', mediaType: 'application/vnd.dsse.envelope.v1+json', annotations: {}, bytes };
  };

  it('is valid for the image that it is about alone', async () => {
    const verdict = await judge(attest(subject.digest));
    expect(verdict).toMatchObject({ isValid: true, form: 'cosign attestation, with a key: https://spdx.dev/Document' });
    expect((await judge(attest(digestOf('other'))))?.isValid).toBe(false);
  });

  it('says of what type it is, so that nobody takes it for a signature', async () => {
    expect(await judge(attest(subject.digest))).toMatchObject({ attests: 'https://spdx.dev/Document' });
    expect(await judge(signed(payloadFor()))).not.toHaveProperty('attests');
  });
});
