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
import { DiskFile, type DiskSection } from '../../spool.ts';
import { imageFromStore, type PlatformChoice } from '../from-store.ts';
import { readSection } from '../tar-archive.ts';
import {
  readContainers,
  readImages,
  readNamedSnapshot,
  readSnapshotNumbers,
  type ContainerdContainer,
} from './containerd-metadata.ts';
import { containerName, findNamedImage, shownNames, type NamedImage } from './containerd-names.ts';
import type { StoreListing } from './store-listing.ts';
import { writtenLayer } from './store-files.ts';

const contentFolder = 'io.containerd.content.v1.content/blobs';
const snapshotFolder = 'io.containerd.snapshotter.v1.overlayfs';

type Choice = PlatformChoice & { readonly limits: ImageLimits };
type ClosableSource = ImageSource & { close(): void };

/**
 * An image in the folder of containerd (Kubernetes, nerdctl, newer Docker), by name or digest, whatever its namespace. Layers that were thrown away
 * after unpacking are read as they were unpacked, by the overlay snapshotter; nothing then proves that they were not changed.
 */
export function openContainerdStore(root: string, wanted: string, choice: Choice): Promise<ClosableSource> {
  const problems: Problem[] = [];
  return openNamed(root, findNamedImage(readImages(root), wanted, root, problems), choice, problems);
}

/**
 * A container of containerd, running or not, by id or its beginning, by the name that nerdctl gave it, or as `POD/CONTAINER`: its image, and over it what
 * the container has written.
 */
export async function openContainerdContainer(root: string, wanted: string, choice: Choice): Promise<ClosableSource> {
  const container = findContainer(readContainers(root), wanted);
  if (container.snapshotter !== 'overlayfs') {
    const { snapshotter } = container;
    throw new VakthundError('EVIDENCE_READ', `containers of the snapshotter ${quote(snapshotter)} are not read`);
  }
  const snapshot = readNamedSnapshot(root, container);
  const number = snapshotNumbers(root).get(snapshot?.name ?? '');
  if (snapshot === undefined || number === undefined) {
    throw new VakthundError('EVIDENCE_READ', `what the container ${quote(wanted)} has written is not there`);
  }
  const problems: Problem[] = [];
  const images = readImages(root).filter(({ namespace }) => namespace === container.namespace);
  const image = findNamedImage(images, container.image, root, problems);
  const source = await openNamed(root, image, choice, problems);
  if (chainsOf(source).at(-1) !== snapshot.parent) {
    const message = `${quote(container.image)} is another image by now than the one that the container was made of`;
    problems.push({ code: 'partly-seen', at: { path: root }, message });
  }
  return {
    ...source,
    form: 'containerd-container',
    tags: [nameOf(container)],
    layers: [...source.layers, snapshotLayer(root, number, problems)],
    containerLayers: 1,
  };
}

/** All images of containerd by name, and its containers, in every namespace. */
export function listContainerdStore(root: string): StoreListing {
  const containers = readContainers(root).map((container) => ({
    name: nameOf(container),
    image: container.image,
    isRunning: undefined,
  }));
  return { images: shownNames(readImages(root)), containers };
}

/** `problems` is told of what is met later too, when layers are read. */
async function openNamed(
  root: string,
  { name, digest }: NamedImage,
  choice: Choice,
  problems: Problem[],
): Promise<ClosableSource> {
  const files: DiskFile[] = [];
  const close = (): void => files.forEach((file) => file.close());
  const section = (wanted: string): DiskSection | undefined => openBlob(root, wanted, files);
  try {
    const start = readManifestAt(section, digest, choice.limits);
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

function nameOf({ id, labels }: ContainerdContainer): string {
  return containerName(id, labels);
}

function findContainer(containers: readonly ContainerdContainer[], wanted: string): ContainerdContainer {
  const named = containers.filter((one) => one.id === wanted || nameOf(one) === wanted);
  const begun = containers.filter(({ id }) => wanted.length >= 4 && id.startsWith(wanted));
  const [found, ...others] = named.length > 0 ? named : begun;
  if (found !== undefined && others.length === 0) return found;
  const message =
    found === undefined
      ? `containerd has no container ${quote(wanted)}`
      : `containerd has ${others.length + 1} containers ${quote(wanted)}`;
  const shown = found === undefined ? containers.map(nameOf) : [found, ...others].map(({ id }) => id);
  throw new VakthundError('NOT_FOUND', message, { hint: shown.slice(0, 10).join(', ') });
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
  const numbers = numbersByChain(root);
  const chains = chainsOf(source);
  return source.layers.map((layer, index) => {
    const number = numbers.get(chains[index] ?? '');
    if (layer.section !== undefined || number === undefined) return layer;
    const message = `layer ${index} was thrown away after it was unpacked: what was changed since cannot be told`;
    problems.push({ code: 'partly-seen', at: { path: root }, message });
    return snapshotLayer(root, number, problems);
  });
}

/** For each layer the digest over all digests up to its own (OCI image-spec, layer ChainID). */
function chainsOf({ config }: ImageSource): string[] {
  const { diffIds } = readConfig(parseJson(config?.bytes ?? Buffer.from('{}'), 'configuration'));
  let chain = '';
  return diffIds.map((diffId) => {
    chain = chain === '' ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`;
    return chain;
  });
}

function snapshotLayer(root: string, number: number, problems: Problem[]): LayerSource {
  return writtenLayer(join(root, snapshotFolder, 'snapshots', String(number), 'fs'), problems);
}

function snapshotNumbers(root: string): ReadonlyMap<string, number> {
  return readSnapshotNumbers(join(root, snapshotFolder));
}

/** Numbers of snapshots by the chain of their layers: keys are `NAMESPACE/COUNT/CHAIN`. */
function numbersByChain(root: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [name, number] of snapshotNumbers(root)) {
    const chain = /(?:^|\/)(?<chain>sha256:[0-9a-f]{64})$/.exec(name)?.groups?.['chain'];
    if (chain !== undefined) found.set(chain, number);
  }
  return found;
}
