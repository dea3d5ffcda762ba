import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf, ecKeys } from '../../../tests/support/signing/certificates.ts';
import { noTrust, withKeys } from '../../../tests/support/signing/trust.ts';
import type { Attachment } from './signature-scheme.ts';
import { verifySignatures, type SignedThing } from './verify.ts';

const keys = ecKeys();
const trust = withKeys(keys.publicKey);

function cosign(digest: string, { privateKey } = keys): Attachment {
  const critical = {
    identity: { 'docker-reference': 'registry.test/app' },
    image: { 'docker-manifest-digest': digest },
    type: 'cosign container image signature',
  };
  const bytes = Buffer.from(JSON.stringify({ critical }));
  return {
    at: 'layer',
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    annotations: { 'dev.cosignproject.cosign/signature': sign('sha256', bytes, privateKey).toString('base64') },
    bytes,
  };
}

function attestation(digest: string, predicateType: string): Attachment {
  const type = 'application/vnd.in-toto+json';
  const [, hex = ''] = digest.split(':');
  const subject = [{ name: 'app', digest: { sha256: hex } }];
  const statement = { _type: 'https://in-toto.io/Statement/v0.1', subject, predicateType };
  const payload = Buffer.from(JSON.stringify(statement));
  const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const sig = sign('sha256', encoded, keys.privateKey).toString('base64');
  const envelope = { payloadType: type, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
  const bytes = Buffer.from(JSON.stringify(envelope));
  return { at: 'layer', mediaType: 'application/vnd.dsse.envelope.v1+json', annotations: {}, bytes };
}

const bare = (name: string): SignedThing => ({ subject: { digest: digestOf(name) }, attachments: [] });
const signed = (name: string, by = keys): SignedThing => ({ ...bare(name), attachments: [cosign(digestOf(name), by)] });

describe('a verification', () => {
  it('is valid with one valid signature among several, and says that this proves little', async () => {
    const thing = { ...signed('image'), attachments: [cosign(digestOf('image'), ecKeys()), cosign(digestOf('image'))] };
    const { state, signatures, next } = await verifySignatures([thing], trust);
    expect(state).toBe('valid');
    expect(signatures.map(({ isValid }) => isValid)).toEqual([false, true]);
    expect(next.join(' ')).toContain('compare it with the digest that you ran before');
  });

  it('is invalid when there are signatures and none holds, and missing when there are none', async () => {
    expect((await verifySignatures([signed('image', ecKeys())], trust)).state).toBe('invalid');
    expect((await verifySignatures([bare('image')], trust)).state).toBe('missing');
  });

  it('says which images of an index nobody has signed', async () => {
    const { next } = await verifySignatures([bare('index'), signed('amd64'), bare('arm64')], trust);
    expect(next).toEqual([expect.stringContaining(digestOf('arm64'))]);
    expect(next[0]).not.toContain(digestOf('amd64'));
  });

  it('of an index needs its own signature, or one of each of its images', async () => {
    const index = bare('index');
    const stateOf = async (...things: [SignedThing, ...SignedThing[]]): Promise<string> =>
      (await verifySignatures(things, trust)).state;
    expect(await stateOf(signed('index'), bare('amd64'), bare('arm64'))).toBe('valid');
    expect(await stateOf(index, signed('amd64'), signed('arm64'))).toBe('valid');
    expect(await stateOf(index, signed('amd64'), bare('arm64'))).toBe('invalid');
    expect(await stateOf(index, signed('amd64'), signed('arm64', ecKeys()))).toBe('invalid');
  });

  it('takes no attestation for a signature that nobody asked for', async () => {
    const type = 'https://cosign.sigstore.dev/attestation/vuln/v1';
    const only = { ...bare('image'), attachments: [attestation(digestOf('image'), type)] };
    const told = await verifySignatures([only], trust);
    expect(told).toMatchObject({ state: 'missing', signatures: [{ isValid: true, attests: type }] });
    expect(told.next[0]).toContain(type);
    const tampered = { ...only, attachments: [...only.attachments, cosign(digestOf('image'), ecKeys())] };
    expect((await verifySignatures([tampered], trust)).state).toBe('invalid');
    expect((await verifySignatures([only], { ...trust, attestations: [type] })).state).toBe('valid');
    expect((await verifySignatures([only], { ...trust, attestations: ['https://other'] })).state).toBe('missing');
    const moved = { ...bare('other'), attachments: only.attachments };
    expect((await verifySignatures([moved], { ...trust, attestations: 'any' })).state).toBe('invalid');
  });

  it('does not count a signature of another image', async () => {
    const moved = { ...bare('image'), attachments: [cosign(digestOf('other'))] };
    expect((await verifySignatures([moved], trust)).state).toBe('invalid');
  });

  it('tells signatures that nothing is trusted for, schemes that were not asked for, and blobs that are none', async () => {
    const strange = { at: 'readme', mediaType: 'text/plain', annotations: {}, bytes: Buffer.alloc(0) };
    const notation = { at: 'envelope', mediaType: 'application/cose', annotations: {}, bytes: Buffer.alloc(0) };
    const thing = { ...signed('image'), attachments: [cosign(digestOf('image')), strange, notation] };
    const all = await verifySignatures([thing], trust);
    expect(all.notChecked).toEqual([
      {
        what: '1 × Notation (Notary Project)',
        why: 'nothing is trusted for it: give --trust-policy with --trust-store',
      },
      { what: 'readme', why: 'it is no signature that was asked for: text/plain' },
    ]);
    const only = await verifySignatures([thing], trust, 'sigstore');
    expect(only.state).toBe('missing');
    expect(only.notChecked).toHaveLength(3);
  });

  it('trusts nothing by default', async () => {
    expect((await verifySignatures([signed('image')], noTrust)).state).toBe('missing');
  });
});
