import { Readable } from 'node:stream';
import type { MetaFile, Metadata, Root, TargetFile } from '@tufjs/models';
import { VakthundError, messageOf } from '../../../../base/errors.ts';
import { formatIso, type Micros } from '../../../../base/time.ts';
import { readJsonObject, type JsonObject } from '../_checks/json.ts';

/** A copy of a repository: a file of `metadata` or `targets` by its name, at most so many bytes of it; undefined when it is not there. */
export interface Mirror {
  metadata(name: string, maxBytes: number): Buffer | undefined;
  target(name: string, maxBytes: number): Buffer | undefined;
}

export interface RefreshedTarget {
  readonly bytes: Buffer;
  /** Version of the newest root that the chain led to. */
  readonly rootVersion: number;
}

/** Bounds of the TUF clients, in bytes and numbers. */
const maxRotations = 256;
const maxBytes = {
  root: 512_000,
  timestamp: 16_384,
  snapshot: 2_000_000,
  targets: 5_000_000,
  target: 10_000_000,
} as const;

/**
 * The client workflow of TUF (specification 1.0.33, section 5) over a mirror in a folder: from a root that is trusted over all later
 * ones to timestamp, snapshot, targets and one target. Throws `CONFIG` with the first thing that does not hold. Expiry is judged as of
 * `at`. Nothing is remembered, so that an older state of the mirror that has not run out is not noticed.
 */
export async function refreshTarget(
  initialRoot: Buffer,
  mirror: Mirror,
  path: string,
  at: Micros,
): Promise<RefreshedTarget> {
  try {
    return await refresh(initialRoot, mirror, path, new Date(at / 1000));
  } catch (error) {
    throw new VakthundError('CONFIG', `the mirror does not lead to ${path}: ${messageOf(error)}`, { cause: error });
  }
}

async function refresh(initialRoot: Buffer, mirror: Mirror, path: string, at: Date): Promise<RefreshedTarget> {
  const { Metadata: Reader, MetadataKind: kind } = await import('@tufjs/models');
  const readRoot = (bytes: Buffer): Metadata<Root> => Reader.fromJSON(kind.Root, parse(bytes));
  const root = followRoots(readRoot(initialRoot), mirror, readRoot);
  demandFresh('root', root, at);

  const timestamp = Reader.fromJSON(kind.Timestamp, parse(demandFile(mirror, 'timestamp.json', maxBytes.timestamp)));
  root.verifyDelegate(kind.Timestamp, timestamp);
  demandFresh('timestamp', timestamp, at);

  const isConsistent = root.signed.consistentSnapshot;
  const fileOf = (role: string, meta: MetaFile, limit: number): Buffer => {
    const bytes = demandFile(mirror, isConsistent ? `${meta.version}.${role}.json` : `${role}.json`, limit);
    meta.verify(bytes);
    return bytes;
  };
  const { snapshotMeta } = timestamp.signed;
  const snapshot = Reader.fromJSON(kind.Snapshot, parse(fileOf('snapshot', snapshotMeta, maxBytes.snapshot)));
  root.verifyDelegate(kind.Snapshot, snapshot);
  demandVersion('snapshot', snapshot, snapshotMeta.version);
  demandFresh('snapshot', snapshot, at);

  const targetsMeta = snapshot.signed.meta['targets.json'];
  if (targetsMeta === undefined) throw new Error('the snapshot does not know targets.json');
  const targets = Reader.fromJSON(kind.Targets, parse(fileOf('targets', targetsMeta, maxBytes.targets)));
  root.verifyDelegate(kind.Targets, targets);
  demandVersion('targets', targets, targetsMeta.version);
  demandFresh('targets', targets, at);

  const target = Object.hasOwn(targets.signed.targets, path) ? targets.signed.targets[path] : undefined;
  if (target === undefined) throw new Error('it is no target');
  return { bytes: await readTarget(mirror, target, isConsistent), rootVersion: root.signed.version };
}

/** Each root is signed by enough keys of the one before and of its own, and has the next version. */
function followRoots(
  initial: Metadata<Root>,
  mirror: Mirror,
  readRoot: (bytes: Buffer) => Metadata<Root>,
): Metadata<Root> {
  let root = initial;
  root.verifyDelegate('root', root);
  for (let rotation = 0; rotation < maxRotations; rotation++) {
    const version = root.signed.version + 1;
    const bytes = mirror.metadata(`${version}.root.json`, maxBytes.root);
    if (bytes === undefined) break;
    const next = readRoot(bytes);
    root.verifyDelegate('root', next);
    demandVersion('root', next, version);
    next.verifyDelegate('root', next);
    root = next;
  }
  return root;
}

async function readTarget(mirror: Mirror, target: TargetFile, isConsistent: boolean): Promise<Buffer> {
  const { sha256, sha512 } = target.hashes;
  const hash = sha256 ?? sha512;
  if (hash === undefined) throw new Error('the target has no hash that is strong enough');
  const slash = target.path.lastIndexOf('/') + 1;
  const [folder, name] = [target.path.slice(0, slash), target.path.slice(slash)];
  const bytes = mirror.target(isConsistent ? `${folder}${hash}.${name}` : target.path, maxBytes.target);
  if (bytes === undefined) throw new Error('the file of the target is not there, or too large');
  await target.verify(Readable.from([bytes]));
  return bytes;
}

type JsonData = Parameters<typeof Metadata.fromJSON>[1];

function parse(bytes: Buffer): JsonData {
  const object: JsonObject | undefined = readJsonObject(bytes);
  if (object === undefined) throw new Error('metadata are no JSON object');
  return object as JsonData;
}

function demandFile(mirror: Mirror, name: string, limit: number): Buffer {
  const bytes = mirror.metadata(name, limit);
  if (bytes === undefined) throw new Error(`${name} is not there, or too large`);
  return bytes;
}

interface Versioned {
  readonly signed: { readonly version: number; readonly expires: string; isExpired(at: Date): boolean };
}

function demandVersion(role: string, { signed }: Versioned, version: number): void {
  if (signed.version !== version) throw new Error(`${role} has version ${signed.version}, and ${version} was expected`);
}

function demandFresh(role: string, { signed }: Versioned, at: Date): void {
  if (signed.isExpired(at)) {
    throw new Error(`${role} ran out ${signed.expires}, before ${formatIso(at.getTime() * 1000)}`);
  }
}
