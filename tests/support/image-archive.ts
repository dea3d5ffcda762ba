import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tarOf, type TarFiles } from './tar.ts';

/** An image that is made up: what its layers hold, lowest first, and what its configuration says besides. */
export interface MadeImage {
  readonly layers: readonly TarFiles[];
  /** Names in the archive: `app:1`. */
  readonly tags?: readonly string[];
  /** `config` of the configuration: `{ User: 'app', Env: ['A=b'] }`. */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Commands of the history, one for each layer; made up when left out. */
  readonly history?: readonly string[];
  readonly created?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

export type LayerCompression = 'none' | 'gzip' | 'zstd';

export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** What `docker save` writes of one or more images: uncompressed layers and `manifest.json`. */
export function dockerArchive(...images: readonly MadeImage[]): Buffer {
  const files: Record<string, Buffer> = {};
  const manifest = images.map((image) => {
    const layers = image.layers.map((layer) => {
      const bytes = tarOf(layer);
      const name = `${sha256(bytes).slice(7)}/layer.tar`;
      files[name] = bytes;
      return name;
    });
    const config = configOf(image);
    const name = `${config.digest.slice(7)}.json`;
    files[name] = config.bytes;
    return { Config: name, RepoTags: image.tags ?? null, Layers: layers };
  });
  return tarOf({ ...files, 'manifest.json': JSON.stringify(manifest) });
}

/** The files of an OCI layout by path. Several images of one name are one index over their platforms. */
export function ociLayout(
  images: readonly MadeImage[],
  compression: LayerCompression = 'gzip',
): Readonly<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {
    'oci-layout': Buffer.from(JSON.stringify({ imageLayoutVersion: '1.0.0' })),
  };
  const add = ({ digest, bytes }: Blob): void => void (files[`blobs/${digest.replace(':', '/')}`] = bytes);
  const byName = new Map<string, object[]>();
  for (const image of images) {
    const blobs = imageBlobs(image, compression);
    for (const blob of blobs.all) add(blob);
    const platform = platformOf(image);
    for (const tag of image.tags ?? ['latest']) {
      byName.set(tag, [...(byName.get(tag) ?? []), { ...blobs.descriptor, platform }]);
    }
  }
  const manifests = [...byName].map(([name, descriptors]) => {
    const annotations = { 'org.opencontainers.image.ref.name': name };
    const [first] = descriptors;
    if (descriptors.length === 1) return { ...first, annotations };
    const index = blobOf({ schemaVersion: 2, mediaType: indexType, manifests: descriptors });
    add(index);
    return { mediaType: indexType, digest: index.digest, size: index.bytes.length, annotations };
  });
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  return files;
}

const indexType = 'application/vnd.oci.image.index.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** Manifest, configuration and layers of an image, and the descriptor of the manifest. */
export function imageBlobs(
  image: MadeImage,
  compression: LayerCompression = 'gzip',
): {
  readonly descriptor: { mediaType: string; digest: string; size: number };
  readonly manifest: Blob;
  readonly all: readonly Blob[];
} {
  const layers = image.layers.map((layer) => compressed(tarOf(layer), compression));
  const config = configOf(image);
  const mediaType = compression === 'none' ? layerType : `${layerType}+${compression}`;
  const manifest = blobOf({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.bytes.length },
    layers: layers.map(({ digest, bytes }) => ({ mediaType, digest, size: bytes.length })),
  });
  const descriptor = { mediaType: manifestType, digest: manifest.digest, size: manifest.bytes.length };
  return { descriptor, manifest, all: [manifest, config, ...layers] };
}

/** Writes files by path into a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, Buffer>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const compressors = {
  none: (bytes: Buffer): Buffer => bytes,
  gzip: (bytes: Buffer): Buffer => gzipSync(bytes),
  zstd: (bytes: Buffer): Buffer => zstdCompressSync(bytes),
};

function compressed(bytes: Buffer, compression: LayerCompression): Blob {
  const stored = compressors[compression](bytes);
  return { digest: sha256(stored), bytes: stored };
}

function platformOf({ architecture = 'amd64', variant }: MadeImage): object {
  return { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) };
}

function configOf(image: MadeImage): Blob {
  const created = image.created ?? '2026-03-10T00:00:00Z';
  return blobOf({
    created,
    ...platformOf(image),
    config: image.run ?? {},
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => sha256(tarOf(layer))) },
    history: image.layers.map((_, index) => ({ created, created_by: image.history?.[index] ?? `RUN step-${index}` })),
  });
}

function blobOf(value: object): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  return { digest: sha256(bytes), bytes };
}
