import { describe, expect, it } from 'vitest';
import {
  codeSigning,
  extension,
  makeCertificate,
  makeRevocationList,
  type RevocationListRequest,
} from '../../../../../tests/support/signing/certificates.ts';
import { flipBit } from '../../../../../tests/support/signing/trust.ts';
import { askRevocationLists, type Revocation } from './revocation-list.ts';

const root = makeCertificate({ subject: 'C=US, O=test, CN=root', isAuthority: true });
const inner = makeCertificate({ subject: 'C=US, O=test, CN=inner', issuer: root, isAuthority: true });
const leaf = makeCertificate({ subject: 'C=US, O=test, CN=leaf', issuer: inner, usages: [codeSigning] });
const impostor = makeCertificate({ subject: 'C=US, O=test, CN=inner', isAuthority: true });
const chain = [leaf, inner, root].map(({ certificate }) => certificate);
const now = Date.UTC(2026, 5, 1) * 1000;
const ofRoot = makeRevocationList({ issuer: root });
const march = new Date('2026-03-01T00:00:00Z');

function listOf(more: Partial<RevocationListRequest> = {}): Buffer {
  return makeRevocationList({ issuer: inner, ...more });
}

async function ask(list: Buffer, signedAt?: string): Promise<Revocation> {
  return askRevocationLists(
    chain,
    [ofRoot, list],
    signedAt === undefined ? undefined : Date.parse(signedAt) * 1000,
    now,
  );
}

const revoked = [{ certificate: leaf.certificate, at: march }];

describe('revocation lists', () => {
  it('vouch for a chain of which they have no certificate', async () => {
    expect(await ask(listOf())).toEqual({
      state: 'good',
      how: '2 certificates are on no list that was given',
    });
    const other = [{ certificate: inner.certificate, at: march }];
    expect(await ask(listOf({ revoked: other }))).toMatchObject({ state: 'good' });
  });

  it('tell what was revoked, before a trusted time of signing or without one', async () => {
    const why = 'C=US, O=test, CN=leaf was revoked on 2026-03-01T00:00:00.000000Z';
    expect(await ask(listOf({ revoked }))).toEqual({ state: 'revoked', why });
    expect(await ask(listOf({ revoked }), '2026-04-01T00:00:00Z')).toEqual({ state: 'revoked', why });
    expect(await ask(listOf({ revoked }), '2026-02-01T00:00:00Z')).toMatchObject({ state: 'good' });
    const stolen = [{ certificate: leaf.certificate, at: march, invalidSince: new Date('2026-01-15T00:00:00Z') }];
    expect(await ask(listOf({ revoked: stolen }), '2026-02-01T00:00:00Z')).toMatchObject({ state: 'revoked' });
  });

  it('tell it when they have run out too, and vouch for nothing then', async () => {
    const to = new Date('2026-05-01T00:00:00Z');
    expect(await ask(listOf({ revoked, to }))).toMatchObject({ state: 'revoked' });
    const why = 'the list has run out, or is not valid yet: of C=US, O=test, CN=inner';
    expect(await ask(listOf({ to }))).toEqual({ state: 'unknown', why });
    expect(await ask(listOf({ from: new Date('2026-07-01T00:00:00Z') }))).toMatchObject({ state: 'unknown' });
  });

  it('count for nothing when somebody else signed them, or they are for a part', async () => {
    const why = 'no list that was given is by C=US, O=test, CN=inner';
    const unknown = { state: 'unknown', why };
    expect(await ask(listOf({ issuer: impostor, revoked }))).toEqual(unknown);
    expect(await ask(listOf({ extensions: [extension('2.5.29.28', Buffer.from('3000', 'hex'), true)] }))).toEqual(
      unknown,
    );
    expect(await ask(Buffer.from('nothing'))).toEqual(unknown);
  });

  it('never vouch or throw with one bit changed, whatever stands around what is signed', async () => {
    const list = listOf({ revoked });
    for (let at = 0; at < list.length; at += 3) {
      expect((await ask(flipBit(list, at, at % 8))).state).not.toBe('good');
    }
  });
});
