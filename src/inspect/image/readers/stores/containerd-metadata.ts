import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../../base/errors.ts';
import { DiskFile } from '../../spool.ts';
import { BoltFile, type BoltEntry } from './bolt.ts';
import type { NamedImage } from './containerd-names.ts';

export const containerdRoot = '/var/lib/containerd';

const databaseFile = 'io.containerd.metadata.v1.bolt/meta.db';

/** A container as containerd's database has it. */
export interface ContainerdContainer {
  readonly id: string;
  readonly namespace: string;
  /** Name of its image. */
  readonly image: string;
  readonly snapshotter: string;
  readonly snapshotKey: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** What a snapshotter calls a snapshot, and the snapshot below it by the key of its namespace. */
export interface NamedSnapshot {
  readonly name: string;
  readonly parent: string;
}

/** `v1/NAMESPACE/images/NAME/target/digest` of every namespace. Throws `NOT_FOUND` where containerd keeps nothing. */
export function readImages(root: string): NamedImage[] {
  return withMetadata(root, (bolt) =>
    namespacesOf(bolt).flatMap((namespace) =>
      bucketsIn(bolt.entries('v1', namespace, 'images')).map((image) => {
        const target = bucketsIn(bolt.child(image)).find(({ key }) => key.toString() === 'target');
        const digest = target === undefined ? '' : (valuesOf(bolt, target).get('digest') ?? '');
        return { name: image.key.toString(), namespace, digest };
      }),
    ),
  );
}

/** `v1/NAMESPACE/containers/ID` of every namespace. */
export function readContainers(root: string): ContainerdContainer[] {
  return withMetadata(root, (bolt) =>
    namespacesOf(bolt).flatMap((namespace) =>
      bucketsIn(bolt.entries('v1', namespace, 'containers')).map((container) => {
        const values = valuesOf(bolt, container);
        const labels = bucketsIn(bolt.child(container)).find(({ key }) => key.toString() === 'labels');
        return {
          id: container.key.toString(),
          namespace,
          image: values.get('image') ?? '',
          snapshotter: values.get('snapshotter') ?? '',
          snapshotKey: values.get('snapshotKey') ?? '',
          labels: labels === undefined ? new Map<string, string>() : valuesOf(bolt, labels),
        };
      }),
    ),
  );
}

/** `v1/NAMESPACE/snapshots/SNAPSHOTTER/KEY`; undefined when there is none. */
export function readNamedSnapshot(root: string, container: ContainerdContainer): NamedSnapshot | undefined {
  const { namespace, snapshotter, snapshotKey } = container;
  return withMetadata(root, (bolt) => {
    const snapshots = bucketsIn(bolt.entries('v1', namespace, 'snapshots', snapshotter));
    const found = snapshots.find(({ key }) => key.toString() === snapshotKey);
    if (found === undefined) return undefined;
    const values = valuesOf(bolt, found);
    return { name: values.get('name') ?? '', parent: values.get('parent') ?? '' };
  });
}

/** Numbers of a snapshotter's snapshots by what it calls them: `NAMESPACE/COUNT/KEY`. Empty where it keeps none. */
export function readSnapshotNumbers(folder: string): ReadonlyMap<string, number> {
  const path = join(folder, 'metadata.db');
  if (!existsSync(path)) return new Map();
  return withBolt(path, (bolt) => {
    const found = new Map<string, number>();
    for (const snapshot of bucketsIn(bolt.entries('v1', 'snapshots'))) {
      const id = bolt.child(snapshot).find(({ key }) => key.toString() === 'id');
      if (id !== undefined) found.set(snapshot.key.toString(), uvarint(id.value));
    }
    return found;
  });
}

function withMetadata<T>(root: string, use: (bolt: BoltFile) => T): T {
  const path = join(root, databaseFile);
  if (existsSync(path)) return withBolt(path, use);
  throw new VakthundError('NOT_FOUND', `there are no images of containerd in "${root}"`, {
    hint: `containerd-store:/mnt${containerdRoot}:NAME reads another folder; reading it needs root`,
  });
}

function withBolt<T>(path: string, use: (bolt: BoltFile) => T): T {
  const file = DiskFile.open(path);
  try {
    return use(new BoltFile(file));
  } finally {
    file.close();
  }
}

function namespacesOf(bolt: BoltFile): string[] {
  return bucketsIn(bolt.entries('v1')).map(({ key }) => key.toString());
}

function bucketsIn(entries: readonly BoltEntry[]): BoltEntry[] {
  return entries.filter(({ isBucket }) => isBucket);
}

/** What stands in a bucket beside other buckets, as text. */
function valuesOf(bolt: BoltFile, bucket: BoltEntry): Map<string, string> {
  const values = bolt.child(bucket).filter(({ isBucket }) => !isBucket);
  return new Map(values.map(({ key, value }) => [key.toString(), value.toString()]));
}

/** Go's binary.Uvarint: seven bits a byte, the lowest first. */
function uvarint(bytes: Buffer): number {
  return bytes.subarray(0, 7).reduce((value, byte, index) => value + (byte & 0x7f) * 2 ** (7 * index), 0);
}
