import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, makeCertificate } from '../../../../../tests/support/signing/certificates.ts';
import { notaryRepository, type NotaryOptions } from '../../../../../tests/support/signing/notary-repository.ts';
import { detailOf, flipBit, noTrust, statesOf } from '../../../../../tests/support/signing/trust.ts';
import type { ContentTrust, SignatureVerdict, SignedSubject } from '../../signature-scheme.ts';
import { scheme } from './index.ts';

const manifest = Buffer.from('{"schemaVersion":2}');
const digest = digestOf(manifest);
const hex = digest.slice('sha256:'.length);
const other = digestOf('other').slice('sha256:'.length);
const subject: SignedSubject = { digest, bytes: manifest, tag: 'latest', repository: 'registry.test/app' };

/** The repository with the certificate of its own root key pinned. */
function pinned(options: NotaryOptions = { targets: { latest: hex } }): ContentTrust {
  const { roles, rootSigner } = notaryRepository(options);
  return { roles, pinnedCertificates: [rootSigner.certificate] };
}

async function judge(
  contentTrust: ContentTrust,
  about = subject,
  at = noTrust.at,
): Promise<SignatureVerdict | undefined> {
  const [verdict] = await scheme.verify({ subject: about, attachments: [], trust: { ...noTrust, at, contentTrust } });
  return verdict;
}

describe('content trust', () => {
  it('is valid for the tag and digest that were signed, and says that the service is retired', async () => {
    const verdict = await judge(pinned());
    expect(verdict?.isValid).toBe(true);
    expect(statesOf(verdict)).toEqual({
      format: 'passed',
      root: 'passed',
      chain: 'passed',
      signature: 'passed',
      digest: 'passed',
      reference: 'passed',
      expiry: 'passed',
    });
    expect(verdict?.note).toContain('8 December 2026');
  });

  it.each([
    ['another digest', { ...subject, digest: digestOf('other') }, 'digest'],
    ['another size', { ...subject, bytes: Buffer.from('longer than it was') }, 'digest'],
    ['a tag that nobody signed', { ...subject, tag: 'other' }, 'digest'],
    ['another repository', { ...subject, repository: 'registry.test/other' }, 'reference'],
  ])('is not valid for %s', async (_case, about, check) => {
    const verdict = await judge(pinned(), about);
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ signature: 'passed', [check]: 'failed' });
  });

  it('finds a digest without a tag', async () => {
    const { tag: _none, ...untagged } = subject;
    expect(detailOf(await judge(pinned(), untagged), 'digest')).toBe(`latest in targets is ${digest}`);
  });

  it('takes the delegation targets/releases before targets', async () => {
    const both = { targets: { latest: other }, releases: { latest: hex } };
    const verdict = await judge(pinned(both));
    expect(verdict?.isValid).toBe(true);
    expect(detailOf(verdict, 'digest')).toBe(`latest in targets/releases is ${digest}`);
    expect((await judge(pinned({ targets: { latest: hex }, releases: { latest: other } })))?.isValid).toBe(false);
  });

  it('takes of a delegation only names that were delegated', async () => {
    const outside = { targets: { latest: other }, releases: { latest: hex }, releasePaths: ['v'] };
    expect((await judge(pinned(outside)))?.isValid).toBe(false);
  });

  it('is not valid after its first part ran out', async () => {
    const verdict = await judge(pinned({ targets: { latest: hex }, expires: '2026-05-31T00:00:00Z' }));
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'expiry')).toMatch(/ran out 2026-05-31/);
  });
});

describe('the root of content trust', () => {
  const rootSigner = makeCertificate({ subject: 'CN=registry.test/app' });
  const first = notaryRepository({ rootSigner, targets: { latest: hex } });

  it('is not valid by itself', async () => {
    const verdict = await judge({ roles: first.roles, pinnedCertificates: [] });
    expect(verdict?.isValid).toBe(false);
    expect(statesOf(verdict)).toMatchObject({ root: 'not-checked', signature: 'passed' });
  });

  it('is not valid with another certificate pinned', async () => {
    const pinnedCertificates = [makeCertificate({ subject: 'CN=registry.test/app' }).certificate];
    expect(statesOf(await judge({ roles: first.roles, pinnedCertificates }))).toMatchObject({ root: 'failed' });
  });

  it('follows a pinned one when it was signed by its keys, and not when it is older', async () => {
    const successor = makeCertificate({ subject: 'CN=registry.test/app' });
    const next = { rootSigner: successor, rootVersion: 2, targets: { latest: hex } };
    const pinnedRoot = first.roles.get('root') ?? Buffer.alloc(0);
    const follows = notaryRepository({ ...next, alsoSigned: [rootSigner] });
    expect((await judge({ roles: follows.roles, pinnedRoot, pinnedCertificates: [] }))?.isValid).toBe(true);
    const stranger = notaryRepository(next);
    const strange = await judge({ roles: stranger.roles, pinnedRoot, pinnedCertificates: [] });
    expect(detailOf(strange, 'root')).toBe('it is not signed by the pinned root');
    const newer = follows.roles.get('root') ?? Buffer.alloc(0);
    const rolledBack = await judge({ roles: first.roles, pinnedRoot: newer, pinnedCertificates: [] });
    expect(detailOf(rolledBack, 'root')).toBe('version 1 is older than the pinned 2');
  });
});

describe('changed or mixed metadata', () => {
  const contentTrust = pinned({ targets: { latest: hex }, releases: { next: other } });
  const withRole = (role: string, bytes: Buffer | undefined): ContentTrust => {
    const roles = new Map(contentTrust.roles);
    if (bytes === undefined) roles.delete(role);
    else roles.set(role, bytes);
    return { ...contentTrust, roles };
  };

  it.each(['root', 'timestamp', 'snapshot', 'targets'])('without %s are not valid', async (role) => {
    const verdict = await judge(withRole(role, undefined));
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'signature')).toBe(`${role}.json is not there`);
  });

  it.each(['timestamp', 'snapshot', 'targets', 'targets/releases'])(
    'with %s of another repository are not valid',
    async (role) => {
      const foreign = pinned({ targets: { latest: hex }, releases: { next: other } });
      const verdict = await judge(withRole(role, foreign.roles.get(role)));
      expect(verdict?.isValid).toBe(false);
      expect(detailOf(verdict, 'signature')).toBe(`${role}.json is not signed by enough of its keys`);
    },
  );

  it('with an older snapshot are not valid', async () => {
    const rootSigner = makeCertificate({ subject: 'CN=registry.test/app' });
    const { roles } = notaryRepository({ rootSigner, targets: { latest: hex } });
    const changed = JSON.stringify(JSON.parse(roles.get('snapshot')?.toString() ?? '{}'), undefined, 1);
    const verdict = await judge({
      roles: new Map([...roles, ['snapshot', Buffer.from(changed)]]),
      pinnedCertificates: [rootSigner.certificate],
    });
    expect(detailOf(verdict, 'signature')).toBe('the timestamp is about another snapshot');
  });

  it('are rejected whichever bit is changed, and never throw', async () => {
    const names = [...contentTrust.roles.keys()];
    const property = fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.nat(7), async (role, at, bit) => {
      const verdict = await judge(withRole(role, flipBit(contentTrust.roles.get(role) ?? Buffer.alloc(1), at, bit)));
      expect(verdict?.isValid).toBe(false);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it.each([
    ['no JSON', '{'],
    ['deep nesting', '['.repeat(100_000)],
    ['numbers that are none', '{"signed":{"_type":"Root","version":1.5,"expires":"2030-01-01T00:00:00Z"}}'],
  ])('that are %s are not valid', async (_case, text) => {
    const verdict = await judge(withRole('root', Buffer.from(text)));
    expect(verdict?.isValid).toBe(false);
    expect(detailOf(verdict, 'signature')).toMatch(/^root\.json: /);
  });
});
