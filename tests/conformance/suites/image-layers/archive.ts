import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import tar from 'tar-stream';

/** One image of an archive as its own metadata name it. */
export interface NamedImage {
  /** What `openImage` is asked for after the path and a colon; empty for a root filesystem. */
  readonly wanted: string;
  readonly tags: readonly string[];
  /** Digest of the configuration, where the archive names one by it. */
  readonly configDigest: string | undefined;
  /** Stored layers, lowest first. */
  readonly layers: readonly Buffer[];
}

const maxBytes = 2 ** 30;

/** Images of an archive: what `docker save` writes, an OCI layout, or a root filesystem. */
export async function imagesIn(path: string): Promise<NamedImage[]> {
  const bytes = decompressedBytes(readFileSync(path));
  const members = await filesOf(bytes);
  const text = (name: string): string => (members.get(posix.normalize(name)) ?? Buffer.alloc(0)).toString();
  if (members.has('oci-layout')) return ociImages(members, text);
  if (members.has('manifest.json')) return dockerImages(members, text);
  return [{ wanted: '', tags: [], configDigest: undefined, layers: [bytes] }];
}

function dockerImages(members: ReadonlyMap<string, Buffer>, text: (name: string) => string): NamedImage[] {
  const images = JSON.parse(text('manifest.json')) as { Config: string; RepoTags: string[] | null; Layers: string[] }[];
  return images.map(({ Config, RepoTags, Layers }, index) => {
    const hash = /(?<hex>[0-9a-f]{64})(?:\.json)?$/.exec(Config)?.groups?.['hex'];
    return {
      wanted: `@${index}`,
      tags: RepoTags ?? [],
      configDigest: hash === undefined ? undefined : `sha256:${hash}`,
      layers: Layers.map((name) => members.get(posix.normalize(name)) ?? Buffer.alloc(0)),
    };
  });
}

interface OciManifest {
  readonly manifests?: readonly {
    digest: string;
    annotations?: Record<string, string>;
    platform?: { architecture: string };
  }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

function ociImages(members: ReadonlyMap<string, Buffer>, text: (name: string) => string): NamedImage[] {
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
  const index = JSON.parse(text('index.json')) as OciManifest;
  return (index.manifests ?? []).flatMap(({ digest, annotations }) => {
    const manifest = JSON.parse(text(blob(digest))) as OciManifest;
    // Which image of an index is meant depends on the machine.
    if (manifest.layers === undefined) return [];
    const name = annotations?.['org.opencontainers.image.ref.name'];
    return {
      wanted: digest,
      tags: name === undefined ? [] : [name],
      configDigest: manifest.config?.digest,
      layers: manifest.layers.map((layer) => members.get(blob(layer.digest)) ?? Buffer.alloc(0)),
    };
  });
}

async function filesOf(bytes: Buffer): Promise<Map<string, Buffer>> {
  const extract = tar.extract();
  extract.end(bytes);
  const files = new Map<string, Buffer>();
  for await (const entry of extract) {
    const parts: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) parts.push(chunk);
    if (entry.header.type === 'file') files.set(posix.normalize(entry.header.name), Buffer.concat(parts));
  }
  return files;
}

/** The bytes behind gzip, zstd or xz. */
export function decompressedBytes(bytes: Buffer): Buffer {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength: maxBytes });
  if (bytes.readUInt32LE(0) === 0xfd2fb528) return zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
  if (bytes.toString('latin1', 1, 5) === '7zXZ') {
    return execFileSync('xz', ['-dc'], { input: bytes, maxBuffer: maxBytes });
  }
  return bytes;
}
