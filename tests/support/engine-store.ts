import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { boltOf, type BoltTree } from './bolt.ts';
import { imageBlobs, sha256, writeFiles, type MadeImage } from './image-archive.ts';
import { contentOf, tarOf, tarSplitOf, type TarFile } from './tar.ts';

const overlayFolder = 'io.containerd.snapshotter.v1.overlayfs';

type Layer = Readonly<Record<string, TarFile>>;

/** An image whose layers are records, so that they can be unpacked. */
export interface StoredMadeImage extends MadeImage {
  readonly layers: readonly Layer[];
}

/** Writes an image as a Docker engine with overlay2 keeps it. */
export function writeDockerStore(root: string, image: StoredMadeImage): void {
  const [, config] = imageBlobs(image).all;
  if (config === undefined) return;
  const id = config.digest;
  const names = Object.fromEntries((image.tags ?? []).map((tag) => [tag, id]));
  const files: Record<string, Buffer> = {
    'image/overlay2/repositories.json': Buffer.from(JSON.stringify({ Repositories: { app: names } })),
    [`image/overlay2/imagedb/content/sha256/${id.slice(7)}`]: config.bytes,
  };
  let chain = '';
  for (const [index, layer] of image.layers.entries()) {
    const diffId = sha256(tarOf(layer));
    chain = chain === '' ? diffId : sha256(Buffer.from(`${chain} ${diffId}`));
    const folder = `image/overlay2/layerdb/sha256/${chain.slice(7)}`;
    files[`${folder}/cache-id`] = Buffer.from(`cache${index}`);
    files[`${folder}/tar-split.json.gz`] = gzipSync(tarSplitOf(layer));
    unpack(files, `overlay2/cache${index}/diff`, layer);
  }
  writeFiles(root, files);
}

/** Writes an image as podman with overlay keeps it. */
export function writeContainersStorage(root: string, image: StoredMadeImage): void {
  const { manifest, all } = imageBlobs(image);
  const [, config] = all;
  if (config === undefined) return;
  const id = config.digest.slice(7);
  const layers = image.layers.map((layer, index) => ({
    id: `layer${index}`,
    ...(index === 0 ? {} : { parent: `layer${index - 1}` }),
    'diff-digest': sha256(tarOf(layer)),
  }));
  const files: Record<string, Buffer> = {
    'overlay-images/images.json': Buffer.from(
      JSON.stringify([{ id, names: image.tags ?? [], layer: layers.at(-1)?.id }]),
    ),
    [`overlay-images/${id}/manifest`]: manifest.bytes,
    [`overlay-images/${id}/=${Buffer.from(config.digest).toString('base64')}`]: config.bytes,
    'overlay-layers/layers.json': Buffer.from(JSON.stringify(layers)),
  };
  for (const [index, layer] of image.layers.entries()) {
    files[`overlay-layers/layer${index}.tar-split.gz`] = gzipSync(tarSplitOf(layer));
    unpack(files, `overlay/layer${index}/diff`, layer);
  }
  writeFiles(root, files);
}

/** Writes an image as containerd with overlay keeps it; without the blobs of its layers, as Kubernetes may be told to. */
export function writeContainerdStore(
  root: string,
  image: StoredMadeImage,
  withLayers = true,
  container?: NamedContainer,
  parent?: string,
): void {
  const { descriptor, all } = imageBlobs(image);
  const names = Object.fromEntries((image.tags ?? []).map((tag) => [tag, { target: { digest: descriptor.digest } }]));
  const files: Record<string, Buffer> = {};
  for (const { digest, bytes } of withLayers ? all : all.slice(0, 2)) {
    files[`io.containerd.content.v1.content/blobs/${digest.replace(':', '/')}`] = bytes;
  }
  const snapshots: Record<string, { id: Buffer }> = {};
  let chain = '';
  for (const [index, layer] of image.layers.entries()) {
    const diffId = sha256(tarOf(layer));
    chain = chain === '' ? diffId : sha256(Buffer.from(`${chain} ${diffId}`));
    snapshots[`k8s.io/${index * 2}/${chain}`] = { id: Buffer.from([0x80 + index, 1]) };
    unpack(files, `${overlayFolder}/snapshots/${128 + index}/fs`, layer);
  }
  const namespace = container === undefined ? {} : containerOf(container, parent ?? chain);
  if (container !== undefined) {
    snapshots[`k8s.io/9/${container.name}`] = { id: Buffer.from([0x80 + image.layers.length, 1]) };
  }
  files[`${overlayFolder}/metadata.db`] = boltOf({ v1: { snapshots } });
  files['io.containerd.metadata.v1.bolt/meta.db'] = boltOf({
    v1: { version: 'x', 'k8s.io': { images: names, ...namespace } },
  });
  writeFiles(root, files);
}

interface NamedContainer {
  readonly name: string;
  readonly image: string;
}

/** A container as the metadata has it, made of the layers up to `parent`. */
function containerOf({ name, image }: NamedContainer, parent: string): BoltTree {
  const record = { image, snapshotter: 'overlayfs', snapshotKey: name, labels: { 'nerdctl/name': name } };
  return {
    containers: { ['c0ffee'.repeat(10)]: record },
    snapshots: { overlayfs: { [name]: { name: `k8s.io/9/${name}`, parent } } },
  };
}

/** The same with a container of it, whose snapshot is the next one. */
export function writeContainerdContainer(root: string, image: StoredMadeImage, name: string, written: Layer): void {
  writeContainerdStore(root, image, true, { name, image: image.tags?.[0] ?? '' });
  const files: Record<string, Buffer> = {};
  unpack(files, `${overlayFolder}/snapshots/${128 + image.layers.length}/fs`, written);
  writeFiles(root, files);
}

/** Writes a container of the first stored image, with what it has written. */
export function writeDockerContainer(root: string, image: StoredMadeImage, name: string, written: Layer): void {
  const id = 'c0ffee'.repeat(10);
  const [, config] = imageBlobs(image).all;
  const files: Record<string, Buffer> = {
    [`containers/${id}/config.v2.json`]: Buffer.from(JSON.stringify({ Name: `/${name}`, Image: config?.digest })),
    [`image/overlay2/layerdb/mounts/${id}/mount-id`]: Buffer.from('mount0'),
  };
  unpack(files, 'overlay2/mount0/diff', written);
  writeFiles(root, files);
}

/** The same for podman. */
export function writePodmanContainer(root: string, image: StoredMadeImage, name: string, written: Layer): void {
  const [, config] = imageBlobs(image).all;
  const record = { id: 'c0ffee'.repeat(10), names: [name], image: config?.digest.slice(7), layer: 'mount0' };
  const files: Record<string, Buffer> = {
    'overlay-containers/containers.json': Buffer.from(JSON.stringify([record])),
  };
  unpack(files, 'overlay/mount0/diff', written);
  writeFiles(root, files);
}

/** Files with content, as they stand in the folder of a layer; whiteouts are none there. */
function unpack(files: Record<string, Buffer>, folder: string, layer: Layer): void {
  for (const [name, file] of Object.entries(layer)) {
    if (contentOf(file).length > 0) files[join(folder, name)] = contentOf(file);
  }
  files[join(folder, '.kept')] = Buffer.alloc(0);
}
