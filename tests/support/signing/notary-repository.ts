import { createHash, sign } from 'node:crypto';
import { ecKeys, makeCertificate, sha256, spki, type KeyPair, type Signer } from './certificates.ts';

export interface NotaryOptions {
  /** Name of the repository in the certificate of the root key. */
  readonly name?: string;
  readonly rootSigner?: Signer;
  readonly rootVersion?: number;
  readonly expires?: string;
  /** Digests in hexadecimal by tag. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Those of the delegation `targets/releases`; undefined makes none. */
  readonly releases?: Readonly<Record<string, string>>;
  readonly releasePaths?: readonly string[];
  /** Who else signs the root. */
  readonly alsoSigned?: readonly Signer[];
}

type Json = null | number | string | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Metadata of a repository as Notary v1 writes them, by role, with new keys but that of the root. */
export function notaryRepository(options: NotaryOptions = {}): { roles: Map<string, Buffer>; rootSigner: Signer } {
  const { name = 'registry.test/app', expires = '2030-01-01T00:00:00.123456789Z', releases } = options;
  const rootSigner = options.rootSigner ?? makeCertificate({ subject: `CN=${name}` });
  const pairs = { targets: ecKeys(), snapshot: ecKeys(), timestamp: ecKeys(), releases: ecKeys() };
  const keys = {
    root: certificateKey(rootSigner),
    targets: plainKey(pairs.targets),
    snapshot: plainKey(pairs.snapshot),
    timestamp: plainKey(pairs.timestamp),
    releases: plainKey(pairs.releases),
  };
  const role = (key: Key): Json => ({ keyids: [key.id], threshold: 1 });
  const root = file(
    {
      _type: 'Root',
      consistent_snapshot: false,
      expires,
      keys: Object.fromEntries(
        [keys.root, keys.targets, keys.snapshot, keys.timestamp].map(({ id, json }) => [id, json]),
      ),
      roles: {
        root: role(keys.root),
        targets: role(keys.targets),
        snapshot: role(keys.snapshot),
        timestamp: role(keys.timestamp),
      },
      version: options.rootVersion ?? 1,
    },
    [
      [keys.root, rootSigner.keys],
      ...(options.alsoSigned ?? []).map((signer) => [certificateKey(signer), signer.keys] as const),
    ],
  );
  const delegation = {
    keyids: [keys.releases.id],
    name: 'targets/releases',
    paths: options.releasePaths ?? [''],
    threshold: 1,
  };
  const delegations: Json =
    releases === undefined
      ? { keys: {}, roles: [] }
      : { keys: { [keys.releases.id]: keys.releases.json }, roles: [delegation] };
  const targets = file(
    { _type: 'Targets', delegations, expires, targets: entries(options.targets ?? {}), version: 1 },
    [[keys.targets, pairs.targets]],
  );
  const released = file(
    { _type: 'Targets', delegations: { keys: {}, roles: [] }, expires, targets: entries(releases ?? {}), version: 1 },
    [[keys.releases, pairs.releases]],
  );
  const meta = { root: metaOf(root), targets: metaOf(targets), 'targets/releases': metaOf(released) };
  const snapshot = file({ _type: 'Snapshot', expires, meta, version: 1 }, [[keys.snapshot, pairs.snapshot]]);
  const timestamp = file({ _type: 'Timestamp', expires, meta: { snapshot: metaOf(snapshot) }, version: 1 }, [
    [keys.timestamp, pairs.timestamp],
  ]);
  const roles = new Map([
    ['root', root],
    ['targets', targets],
    ['snapshot', snapshot],
    ['timestamp', timestamp],
    ...(releases === undefined ? [] : [['targets/releases', released] as const]),
  ]);
  return { roles, rootSigner };
}

interface Key {
  readonly id: string;
  readonly json: Json;
}

function plainKey({ publicKey }: KeyPair): Key {
  return keyOf('ecdsa', spki(publicKey).toString('base64'));
}

function certificateKey({ certificate }: Signer): Key {
  return keyOf('ecdsa-x509', Buffer.from(certificate.toString()).toString('base64'));
}

function keyOf(keytype: string, text: string): Key {
  const json = { keytype, keyval: { private: null, public: text } };
  return { id: createHash('sha256').update(canonical(json)).digest('hex'), json };
}

function file(signed: { readonly [key: string]: Json }, signers: readonly (readonly [Key, KeyPair])[]): Buffer {
  const bytes = Buffer.from(canonical(signed));
  const signatures = signers.map(([{ id }, { privateKey }]) => ({
    keyid: id,
    method: 'ecdsa',
    sig: sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  }));
  return Buffer.from(JSON.stringify({ signed, signatures }));
}

function entries(digests: Readonly<Record<string, string>>): Json {
  return mapValues(digests, (hex) => ({ hashes: { sha256: Buffer.from(hex, 'hex').toString('base64') }, length: 19 }));
}

function metaOf(bytes: Buffer): Json {
  return { hashes: { sha256: sha256(bytes).toString('base64') }, length: bytes.length };
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}

function mapValues<Value, Result>(
  object: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
