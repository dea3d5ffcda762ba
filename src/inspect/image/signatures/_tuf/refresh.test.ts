import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipBit, noTrust } from '../../../../../tests/support/signing/trust.ts';
import { refreshTarget, type Mirror } from './refresh.ts';

interface Keys {
  readonly id: string;
  readonly json: object;
  readonly privateKey: KeyObject;
}

const target = Buffer.from('{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
const later = '2030-01-01T00:00:00Z';

function newKeys(): Keys {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const keyval = { public: Buffer.from(x, 'base64url').toString('hex') };
  const json = { keytype: 'ed25519', scheme: 'ed25519', keyval };
  return { id: createHash('sha256').update(keyval.public).digest('hex'), json, privateKey };
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}

function file(signed: object, ...signers: readonly Keys[]): Buffer {
  const whole = { spec_version: '1.0.31', ...signed };
  const signatures = signers.map(({ id, privateKey }) => ({
    keyid: id,
    sig: sign(null, Buffer.from(canonical(whole)), privateKey).toString('hex'),
  }));
  return Buffer.from(JSON.stringify({ signed: whole, signatures }));
}

const online = newKeys();
const [first, second] = [newKeys(), newKeys()];

function rootOf(version: number, holder: Keys, signers: readonly Keys[] = [holder], expires = later): Buffer {
  const role = ({ id }: Keys): object => ({ keyids: [id], threshold: 1 });
  return file(
    {
      _type: 'root',
      consistent_snapshot: true,
      expires,
      keys: { [holder.id]: holder.json, [online.id]: online.json },
      roles: { root: role(holder), timestamp: role(online), snapshot: role(online), targets: role(online) },
      version,
    },
    ...signers,
  );
}

function filesOf(changes: Readonly<Record<string, Buffer>> = {}): ReadonlyMap<string, Buffer> {
  const sha256 = createHash('sha256').update(target).digest('hex');
  const entry = { length: target.length, hashes: { sha256 } };
  return new Map([
    ['2.root.json', rootOf(2, second, [first, second])],
    [
      'timestamp.json',
      file({ _type: 'timestamp', expires: later, version: 9, meta: { 'snapshot.json': { version: 5 } } }, online),
    ],
    [
      '5.snapshot.json',
      file({ _type: 'snapshot', expires: later, version: 5, meta: { 'targets.json': { version: 3 } } }, online),
    ],
    [
      '3.targets.json',
      file({ _type: 'targets', expires: later, version: 3, targets: { 'trusted_root.json': entry } }, online),
    ],
    [`${sha256}.trusted_root.json`, target],
    ...Object.entries(changes),
  ]);
}

function mirrorOf(files: ReadonlyMap<string, Buffer>): Mirror {
  const read = (name: string, maxBytes: number): Buffer | undefined => {
    const bytes = files.get(name);
    return bytes !== undefined && bytes.length <= maxBytes ? bytes : undefined;
  };
  return { metadata: read, target: read };
}

async function refresh(changes: Readonly<Record<string, Buffer>> = {}, at = noTrust.at): Promise<Buffer> {
  const { bytes } = await refreshTarget(rootOf(1, first), mirrorOf(filesOf(changes)), 'trusted_root.json', at);
  return bytes;
}

describe('a mirror of a TUF repository', () => {
  it('leads from an old root over its successor to the target', async () => {
    const result = await refreshTarget(rootOf(1, first), mirrorOf(filesOf()), 'trusted_root.json', noTrust.at);
    expect(result).toEqual({ bytes: target, rootVersion: 2 });
  });

  it.each([
    ['a successor that the old root did not sign', { '2.root.json': rootOf(2, second) }, /root was signed by 0\/1/],
    ['a successor that did not sign itself', { '2.root.json': rootOf(2, second, [first]) }, /root was signed by 0\/1/],
    ['a successor of another version', { '2.root.json': rootOf(3, second, [first, second]) }, /root has version 3/],
    [
      'a newest root that ran out',
      { '2.root.json': rootOf(2, second, [first, second], '2026-01-01T00:00:00Z') },
      /root ran out/,
    ],
    [
      'an older snapshot',
      {
        '5.snapshot.json': file(
          { _type: 'snapshot', expires: later, version: 4, meta: { 'targets.json': { version: 3 } } },
          online,
        ),
      },
      /snapshot has version 4, and 5 was expected/,
    ],
    [
      'targets by somebody else',
      { '3.targets.json': file({ _type: 'targets', expires: later, version: 3, targets: {} }, newKeys()) },
      /targets was signed by 0\/1/,
    ],
    [
      'a timestamp that ran out',
      {
        'timestamp.json': file(
          {
            _type: 'timestamp',
            expires: '2026-05-01T00:00:00Z',
            version: 9,
            meta: { 'snapshot.json': { version: 5 } },
          },
          online,
        ),
      },
      /timestamp ran out/,
    ],
    [
      'no target of the name',
      { '3.targets.json': file({ _type: 'targets', expires: later, version: 3, targets: {} }, online) },
      /no target/,
    ],
    ['metadata that are no JSON', { 'timestamp.json': Buffer.from('[') }, /no JSON object/],
    ['metadata that are too large', { 'timestamp.json': Buffer.alloc(20_000, ' ') }, /not there, or too large/],
  ])('with %s leads nowhere', async (_case, changes, message) => {
    await expect(refresh(changes)).rejects.toThrow(message);
  });

  it('runs out one day', async () => {
    await expect(refresh({}, noTrust.at + 10 * 366 * 86_400 * 1e6)).rejects.toThrow(/root ran out 2030-01-01/);
  });

  it('leads nowhere, or to the same target, whichever bit is changed', async () => {
    const files = [...filesOf()];
    const property = fc.asyncProperty(
      fc.constantFrom(...files),
      fc.nat(),
      fc.nat(7),
      async ([name, bytes], at, bit) => {
        const outcome = await refresh({ [name]: flipBit(bytes, at, bit) }).catch(() => target);
        expect(outcome).toEqual(target);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});
