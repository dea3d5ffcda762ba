import { describe, expect, it } from 'vitest';
import { integer } from '../../../../base/der-writer.ts';
import {
  codeSigning,
  extension,
  makeCertificate,
  makeOcspResponse,
  makeRevocationList,
  type OcspRequest,
  type RevocationListRequest,
} from '../../../../../tests/support/signing/certificates.ts';
import { flipBit } from '../../../../../tests/support/signing/trust.ts';
import { askRevocation, type Revocation } from './revocation.ts';

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
  return askBoth([ofRoot, list], [], signedAt);
}

async function askBoth(lists: readonly Buffer[], responses: readonly Buffer[], signedAt?: string): Promise<Revocation> {
  return askRevocation(
    chain,
    { lists, responses },
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
    const why = 'no list or answer that was given is by C=US, O=test, CN=inner';
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

describe('deltas of a list', () => {
  const numbered = (number: number): Buffer => extension('2.5.29.20', integer(number));
  const delta = (base: number, number: number, more: Partial<RevocationListRequest> = {}): Buffer =>
    listOf({ ...more, extensions: [numbered(number), extension('2.5.29.27', integer(base), true)] });
  const whole = (more: Partial<RevocationListRequest> = {}): Buffer => listOf({ ...more, extensions: [numbered(5)] });

  it('add to the list that they change, and take off it', async () => {
    expect(await askBoth([ofRoot, whole(), delta(5, 6, { revoked })], [])).toMatchObject({ state: 'revoked' });
    const off = [{ certificate: leaf.certificate, at: march, isRemoved: true }];
    expect(await askBoth([ofRoot, whole({ revoked }), delta(4, 7, { revoked: off })], [])).toMatchObject({
      state: 'good',
    });
    expect(await askBoth([ofRoot, whole(), delta(5, 6), delta(5, 7, { revoked })], [])).toMatchObject({
      state: 'revoked',
    });
  });

  it('keep a list in force, and are nothing without it, before it, or by somebody else', async () => {
    const to = new Date('2026-05-01T00:00:00Z');
    expect(await askBoth([ofRoot, whole({ to })], [])).toMatchObject({ state: 'unknown' });
    expect(await askBoth([ofRoot, whole({ to }), delta(5, 6)], [])).toMatchObject({ state: 'good' });
    expect(await askBoth([ofRoot, delta(5, 6)], [])).toMatchObject({ state: 'unknown' });
    expect(await askBoth([ofRoot, whole(), delta(6, 7, { revoked })], [])).toMatchObject({ state: 'good' });
    expect(await askBoth([ofRoot, whole(), delta(5, 5, { revoked })], [])).toMatchObject({ state: 'good' });
    const forged = delta(5, 6, { issuer: impostor, revoked });
    expect(await askBoth([ofRoot, whole(), forged], [])).toMatchObject({ state: 'good' });
  });
});

describe('answers of OCSP', () => {
  const ocspSigning = '1.3.6.1.5.5.7.3.9';
  const responder = makeCertificate({ subject: 'CN=responder', issuer: inner, usages: [ocspSigning] });
  const answer = (more: Partial<OcspRequest> = {}): Buffer =>
    makeOcspResponse({ certificate: leaf.certificate, issuer: inner, ...more });

  it('vouch for a certificate, alone or beside lists', async () => {
    const ofInner = makeOcspResponse({ certificate: inner.certificate, issuer: root });
    expect(await askBoth([], [answer(), ofInner])).toEqual({
      state: 'good',
      how: '2 certificates are good by an answer that was given',
    });
    expect(await askBoth([ofRoot], [answer({ responder })])).toEqual({
      state: 'good',
      how: '1 certificate is good by an answer that was given, 1 certificate is on no list that was given',
    });
  });

  it('tell what was revoked, whatever a list says, and what the authority does not know', async () => {
    const why = 'C=US, O=test, CN=leaf was revoked on 2026-03-01T00:00:00.000000Z';
    expect(await askBoth([ofRoot, listOf()], [answer({ revokedAt: march })])).toEqual({ state: 'revoked', why });
    expect(await askBoth([ofRoot], [answer({ revokedAt: march })], '2026-02-01T00:00:00Z')).toMatchObject({
      state: 'good',
    });
    expect(await askBoth([ofRoot], [answer({ revokedAt: 'unknown' })])).toEqual({
      state: 'unknown',
      why: 'C=US, O=test, CN=inner does not know C=US, O=test, CN=leaf',
    });
  });

  it('that have run out vouch for nothing, and still tell what was revoked', async () => {
    const to = new Date('2026-05-15T00:00:00Z');
    expect(await askBoth([ofRoot], [answer({ to })])).toEqual({
      state: 'unknown',
      why: 'the answer has run out, or is not valid yet: of C=US, O=test, CN=inner',
    });
    expect(await askBoth([ofRoot], [answer({ to, revokedAt: march })])).toMatchObject({ state: 'revoked' });
  });

  it('count for nothing when they are about another, or whoever signed them may not', async () => {
    const unknown = { state: 'unknown', why: 'no list or answer that was given is by C=US, O=test, CN=inner' };
    const other = makeCertificate({ subject: 'CN=other', issuer: inner, usages: [codeSigning] });
    const wrong = [
      answer({ certificate: other.certificate }),
      answer({ responder: other }),
      answer({ responder: makeCertificate({ subject: 'CN=responder', issuer: impostor, usages: [ocspSigning] }) }),
      answer({ issuer: impostor }),
      Buffer.from('nothing'),
      Buffer.from('30030a0106', 'hex'),
    ];
    for (const response of wrong) expect(await askBoth([ofRoot], [response])).toEqual(unknown);
  });

  it('never vouch or throw with one bit changed in what is signed', async () => {
    const response = answer({ revokedAt: march });
    for (let at = 0; at < response.length; at += 3) {
      expect((await askBoth([ofRoot], [flipBit(response, at, at % 8)])).state).not.toBe('good');
    }
  });
});
