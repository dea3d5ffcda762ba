import { describe, expect, it } from 'vitest';
import { readTrustPolicy, statementFor } from './trust-policy.ts';

const strict = {
  name: 'one',
  registryScopes: ['registry.test/app'],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:test'],
  trustedIdentities: ['*'],
};
const documentOf = (...trustPolicies: readonly object[]): object => ({ version: '1.0', trustPolicies });

describe('a trust policy', () => {
  it('gives the statement of the repository, else the one for all', () => {
    const all = { ...strict, name: 'all', registryScopes: ['*'] };
    const statements = readTrustPolicy(documentOf(all, strict));
    if (typeof statements === 'string') throw new Error(statements);
    expect(statementFor(statements, 'registry.test/app')?.name).toBe('one');
    expect(statementFor(statements, 'registry.test/other')?.name).toBe('all');
    expect(statementFor(statements, undefined)?.name).toBe('all');
  });

  it('applies overrides to its level', () => {
    const verification = {
      level: 'permissive',
      override: { expiry: 'enforce', authenticity: 'log', revocation: 'skip' },
    };
    expect(readTrustPolicy(documentOf({ ...strict, signatureVerification: verification }))).toMatchObject([
      {
        enforcement: {
          integrity: 'enforce',
          authenticity: 'log',
          authenticTimestamp: 'log',
          expiry: 'enforce',
          revocation: 'skip',
        },
      },
    ]);
  });

  it.each([
    ['no object', []],
    ['another version', { ...documentOf(strict), version: '2.0' }],
    ['no statement', documentOf()],
    ['no name', documentOf({ ...strict, name: '' })],
    ['the same name twice', documentOf(strict, { ...strict, registryScopes: ['*'] })],
    ['the same scope twice', documentOf(strict, { ...strict, name: 'two' })],
    ['no scope', documentOf({ ...strict, registryScopes: [] })],
    ['a scope beside the one for all', documentOf({ ...strict, registryScopes: ['*', 'registry.test/app'] })],
    ['a scope without repository', documentOf({ ...strict, registryScopes: ['registry.test'] })],
    ['a scope with a tag', documentOf({ ...strict, registryScopes: ['registry.test/app:1'] })],
    ['a scope with a wildcard', documentOf({ ...strict, registryScopes: ['registry.test/*'] })],
    ['an unknown level', documentOf({ ...strict, signatureVerification: { level: 'lax' } })],
    [
      'an override of integrity',
      documentOf({ ...strict, signatureVerification: { level: 'audit', override: { integrity: 'log' } } }),
    ],
    [
      'a skipped expiry',
      documentOf({ ...strict, signatureVerification: { level: 'audit', override: { expiry: 'skip' } } }),
    ],
    [
      'an override of skip',
      documentOf({ ...strict, signatureVerification: { level: 'skip', override: { expiry: 'log' } } }),
    ],
    ['trust in what is skipped', documentOf({ ...strict, signatureVerification: { level: 'skip' } })],
    [
      'an unknown time',
      documentOf({ ...strict, signatureVerification: { level: 'strict', verifyTimestamp: 'never' } }),
    ],
    ['no trust store', documentOf({ ...strict, trustStores: [] })],
    ['an unknown kind of store', documentOf({ ...strict, trustStores: ['pgp:test'] })],
    ['a store with a path', documentOf({ ...strict, trustStores: ['ca:../test'] })],
    ['no identity', documentOf({ ...strict, trustedIdentities: [] })],
    ['an identity without kind', documentOf({ ...strict, trustedIdentities: ['CN=one'] })],
    ['an identity without country', documentOf({ ...strict, trustedIdentities: ['x509.subject: ST=WA, O=test'] })],
    ['an attribute twice', documentOf({ ...strict, trustedIdentities: ['x509.subject: C=US, ST=WA, O=a, O=b'] })],
    [
      'an attribute of two values',
      documentOf({ ...strict, trustedIdentities: ['x509.subject: C=US, ST=WA, O=a+CN=b'] }),
    ],
    [
      'identities that overlap',
      documentOf({
        ...strict,
        trustedIdentities: ['x509.subject: C=US, ST=WA, O=a', 'x509.subject: CN=b, C=US, ST=WA, O=a'],
      }),
    ],
  ])('with %s is refused', (_case, document) => {
    expect(readTrustPolicy(document)).toBeTypeOf('string');
  });
});
