import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../../base/errors.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { readConfig } from '../../config.ts';
import { sha256Of } from '../../content-store.ts';
import type { Descriptor, Manifest } from '../../image.ts';
import type { ImageSource, LayerSource } from '../../image-source.ts';
import { parseJson } from '../../json.ts';
import type { ImageLimits } from '../../limits.ts';
import { mediaTypeOf } from '../../manifest.ts';
import { familiarName } from '../../reference.ts';
import { DiskFile, type DiskSection } from '../../spool.ts';
import { imageFromStore, type PlatformChoice } from '../from-store.ts';
import { readSection } from '../tar-archive.ts';
import { BoltFile } from './bolt.ts';
import type { StoreListing } from './store-listing.ts';
import { writtenLayer } from './store-files.ts';

export const containerdRoot = '/var/lib/containerd';

const contentFolder = 'io.containerd.content.v1.content/blobs';
const snapshotFolder = 'io.containerd.snapshotter.v1.overlayfs';
const databaseFile = 'io.containerd.metadata.v1.bolt/meta.db';

interface Named {
  readonly name: string;
  readonly namespace: string;
  readonly digest: string;
}

/**
 * An image in the folder of containerd (Kubernetes, nerdctl, newer Docker), by name or digest, whatever its namespace. Layers that were thrown away
 * after unpacking are read as they were unpacked, by the overlay snapshotter; nothing then proves that they were not changed.
 */
export async function openContainerdStore(
  root: string,
  wanted: string,
  choice: PlatformChoice & { readonly limits: ImageLimits },
): Promise<ImageSource & { close(): void }> {
  const files: DiskFile[] = [];
  const close = (): void => files.forEach((file) => file.close());
  const section = (digest: string): DiskSection | undefined => openBlob(root, digest, files);
  try {
    const { name, digest } = findImage(readNames(root), wanted);
    const start = readManifestAt(section, digest, choice.limits);
    const problems: Problem[] = [];
    const store = {
      manifest: (reference: string): Promise<Manifest> =>
        Promise.resolve(readManifestAt(section, reference, choice.limits)),
      blob: (descriptor: Descriptor): Iterable<Buffer> =>
        needed(section(descriptor.digest), descriptor.digest).chunks(),
      section,
      referrers: () => Promise.resolve([]),
      tags: () => Promise.resolve([name]),
    };
    const source = await imageFromStore({ store, form: 'containerd-store', start, tags: [name], problems }, choice);
    return { ...source, layers: withSnapshots(root, source, problems), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** All images of containerd by name, and its containers (`v1/NAMESPACE/containers/ID`, `image`), in every namespace. */
export function listContainerdStore(root: string): StoreListing {
  const names = readNames(root).filter(({ name }) => !name.startsWith('sha256:'));
  const containers = withDatabase(root, (bolt) =>
    bolt.entries('v1').flatMap(({ key, isBucket }) => {
      const entries = isBucket ? bolt.entries('v1', key.toString(), 'containers') : [];
      return entries
        .filter((entry) => entry.isBucket)
        .map((entry) => {
          const image = bolt.child(entry).find((one) => one.key.toString() === 'image' && !one.isBucket);
          return { name: entry.key.toString(), image: image?.value.toString() ?? '', isRunning: undefined };
        });
    }),
  );
  return { images: [...new Set(names.map(({ name }) => name))], containers };
}

/** `v1/NAMESPACE/images/NAME/target/digest` of containerd's metadata. */
function readNames(root: string): Named[] {
  return withDatabase(root, (bolt) =>
    bolt.entries('v1').flatMap(({ key, isBucket }) => {
      const namespace = key.toString();
      const images = isBucket ? bolt.entries('v1', namespace, 'images') : [];
      return images
        .filter((image) => image.isBucket)
        .map((image) => {
          const target = bolt.child(image).find((entry) => entry.isBucket && entry.key.toString() === 'target');
          const digest = (target === undefined ? [] : bolt.child(target)).find(
            (entry) => entry.key.toString() === 'digest',
          );
          return { name: image.key.toString(), namespace, digest: digest?.value.toString() ?? '' };
        });
    }),
  );
}

function withDatabase<T>(root: string, use: (bolt: BoltFile) => T): T {
  const path = join(root, databaseFile);
  if (!existsSync(path)) {
    throw new VakthundError('NOT_FOUND', `there are no images of containerd in "${root}"`, {
      hint: `containerd-store:/mnt${containerdRoot}:NAME reads another folder; reading it needs root`,
    });
  }
  const file = DiskFile.open(path);
  try {
    return use(new BoltFile(file));
  } finally {
    file.close();
  }
}

function findImage(names: readonly Named[], wanted: string): Named {
  const familiar = familiarName(wanted);
  const found =
    names.find(({ name }) => name === wanted || familiarName(name) === familiar) ??
    names.find(({ name, digest }) => digest === wanted || name === `sha256:${wanted.replace('sha256:', '')}`);
  if (found !== undefined) return found;
  // Kubernetes names each image by its id too.
  const shown = names.filter(({ name }) => !name.startsWith('sha256:')).map(({ name }) => name);
  throw new VakthundError('NOT_FOUND', `containerd has no image ${quote(wanted)}`, {
    hint: shown.slice(0, 10).join(', '),
  });
}

function openBlob(root: string, digest: string, files: DiskFile[]): DiskSection | undefined {
  const hex = /^sha256:(?<hex>[0-9a-f]{64})$/.exec(digest)?.groups?.['hex'];
  const path = join(root, contentFolder, 'sha256', hex ?? '');
  if (hex === undefined || !existsSync(path)) return undefined;
  const file = DiskFile.open(path);
  files.push(file);
  return file.whole();
}

function needed(section: DiskSection | undefined, digest: string): DiskSection {
  if (section === undefined) {
    throw new VakthundError('EVIDENCE_READ', `containerd names ${quote(digest)} and has it not`);
  }
  return section;
}

function readManifestAt(
  section: (digest: string) => DiskSection | undefined,
  digest: string,
  limits: ImageLimits,
): Manifest {
  const bytes = readSection(needed(section(digest), digest), limits.metadataBytes, 'manifest');
  if (sha256Of(bytes) !== digest) throw new VakthundError('EVIDENCE_READ', `the manifest ${digest} is another one`);
  return { mediaType: mediaTypeOf(bytes, ''), digest, bytes };
}

/** Layers whose blobs are gone, from the folders that they were unpacked into. */
function withSnapshots(root: string, source: ImageSource, problems: Problem[]): LayerSource[] {
  if (source.layers.every(({ section }) => section !== undefined)) return [...source.layers];
  const snapshots = readSnapshots(root);
  const { diffIds } = readConfig(parseJson(source.config?.bytes ?? Buffer.from('{}'), 'configuration'));
  let chain = '';
  return source.layers.map((layer, index) => {
    const diffId = diffIds[index] ?? '';
    chain = chain === '' ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`;
    const id = snapshots.get(chain);
    if (layer.section !== undefined || id === undefined) return layer;
    const message = `layer ${index} was thrown away after it was unpacked: what was changed since cannot be told`;
    problems.push({ code: 'partly-seen', at: { path: root }, message });
    return writtenLayer(join(root, snapshotFolder, 'snapshots', String(id), 'fs'), problems);
  });
}

/** Numbers of snapshots by the chain of their layers: keys are `NAMESPACE/COUNT/CHAIN`. */
function readSnapshots(root: string): ReadonlyMap<string, number> {
  const path = join(root, snapshotFolder, 'metadata.db');
  const found = new Map<string, number>();
  if (!existsSync(path)) return found;
  const file = DiskFile.open(path);
  try {
    const bolt = new BoltFile(file);
    for (const snapshot of bolt.entries('v1', 'snapshots')) {
      const chain = /(?:^|\/)(?<chain>sha256:[0-9a-f]{64})$/.exec(snapshot.key.toString())?.groups?.['chain'];
      const id = snapshot.isBucket ? bolt.child(snapshot).find(({ key }) => key.toString() === 'id') : undefined;
      if (chain !== undefined && id !== undefined) found.set(chain, uvarint(id.value));
    }
    return found;
  } finally {
    file.close();
  }
}

/** Go's binary.Uvarint: seven bits a byte, the lowest first. */
function uvarint(bytes: Buffer): number {
  return bytes.subarray(0, 7).reduce((value, byte, index) => value + (byte & 0x7f) * 2 ** (7 * index), 0);
}
