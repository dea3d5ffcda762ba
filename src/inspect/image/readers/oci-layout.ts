import { statSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { quote } from '../../../base/problem.ts';
import { isDigest, sha256Of, type ContentStore } from '../content-store.ts';
import type { Descriptor, Manifest } from '../image.ts';
import type { ImageLimits } from '../limits.ts';
import { mediaTypeOf, readManifest } from '../manifest.ts';
import { familiarName } from '../reference.ts';
import { DiskFile, type DiskSection } from '../spool.ts';
import { readSection, type TarArchive } from './tar-archive.ts';

const indexName = 'index.json';
const refName = 'org.opencontainers.image.ref.name';
/** containerd and Docker write the full name here, and the tag alone into `ref.name`. */
const fullName = 'io.containerd.image.name';
const indexType = 'application/vnd.oci.image.index.v1+json';
/** Manifests that are read to find referrers: a layout of a whole registry has more, and is no image. */
const maxReferrers = 10_000;

/** Where the files of a layout are: a folder, or a tar. */
export interface LayoutFiles {
  /** What people call it. */
  readonly name: string;
  open(path: string): DiskSection | undefined;
}

/** The files of a layout in a folder. Each stays open until `close`. */
export class LayoutFolder implements LayoutFiles {
  readonly name: string;
  readonly #open = new Map<string, DiskFile>();

  constructor(name: string) {
    this.name = name;
  }

  open(path: string): DiskSection | undefined {
    const full = join(this.name, path);
    let file = this.#open.get(full);
    if (file === undefined) {
      if (statSync(full, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
      file = DiskFile.open(full);
      this.#open.set(full, file);
    }
    return file.whole();
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }
}

export function layoutInArchive(name: string, archive: TarArchive): LayoutFiles {
  return { name, open: (path) => archive.member(path) };
}

export function isOciLayout(files: LayoutFiles): boolean {
  return files.open('oci-layout') !== undefined && files.open(indexName) !== undefined;
}

/** An OCI image layout (image-spec, image-layout.md): blobs by digest, and one index of what they are the beginning of. */
export class OciLayout implements ContentStore {
  readonly #files: LayoutFiles;
  readonly #limits: ImageLimits;
  /** The index itself; layouts do not name its digest. */
  readonly index: Manifest;
  readonly entries: readonly Descriptor[];

  constructor(files: LayoutFiles, limits: ImageLimits) {
    this.#files = files;
    this.#limits = limits;
    const section = files.open(indexName);
    if (section === undefined) throw new VakthundError('EVIDENCE_READ', `"${files.name}" has no ${indexName}`);
    const bytes = readSection(section, limits.metadataBytes, indexName);
    this.index = { mediaType: mediaTypeOf(bytes, indexType), digest: sha256Of(bytes), bytes };
    this.entries = readManifest(bytes).manifests ?? [];
  }

  /** Entries of a digest, or that bear a name: a tag, or a full name in any of the ways to write it. */
  find(name: string): readonly Descriptor[] {
    if (isDigest(name)) return this.entries.filter(({ digest }) => digest === name);
    const familiar = familiarName(name);
    return this.entries.filter((entry) => namesOf(entry).some((one) => one === name || familiarName(one) === familiar));
  }

  manifest(reference: string): Promise<Manifest | undefined> {
    const [entry] = this.find(reference);
    const descriptor = entry ?? (isDigest(reference) ? bareDescriptor(reference) : undefined);
    return Promise.resolve(descriptor === undefined ? undefined : this.manifestOf(descriptor));
  }

  section(digest: string): DiskSection | undefined {
    return isDigest(digest) ? this.#files.open(`blobs/${digest.replace(':', '/')}`) : undefined;
  }

  blob({ digest }: Descriptor): Iterable<Buffer> {
    const section = this.section(digest);
    if (section === undefined) {
      throw new VakthundError('EVIDENCE_READ', `"${this.#files.name}" has no blob ${quote(digest)}`);
    }
    return section.chunks();
  }

  referrers(digest: string): Promise<readonly Descriptor[]> {
    const found = new Map<string, Descriptor>();
    for (const descriptor of this.#candidates(digest)) {
      if (found.size >= maxReferrers) break;
      const manifest = this.manifestOf(descriptor);
      if (manifest === undefined) continue;
      const { subject, artifactType, config, annotations } = readManifest(manifest.bytes);
      if (subject?.digest !== digest) continue;
      const type = artifactType ?? config?.mediaType;
      found.set(descriptor.digest, {
        ...descriptor,
        annotations,
        ...(type === undefined ? {} : { artifactType: type }),
      });
    }
    return Promise.resolve([...found.values()]);
  }

  tags(): Promise<readonly string[]> {
    return Promise.resolve([...new Set(this.entries.flatMap((entry) => namesOf(entry).slice(0, 1)))]);
  }

  /** Entries of the index, and of the index under the tag that stands in for the referrers API. */
  *#candidates(digest: string): Generator<Descriptor> {
    const tag = digest.replace(':', '-');
    for (const entry of this.entries.slice(0, maxReferrers)) {
      const manifest = namesOf(entry).includes(tag) ? this.manifestOf(entry) : undefined;
      if (manifest === undefined) yield entry;
      else yield* readManifest(manifest.bytes).manifests ?? [];
    }
  }

  /** The manifest of a descriptor; undefined when it is not there. Throws when its digest is not the descriptor's. */
  manifestOf(descriptor: Descriptor): Manifest | undefined {
    const section = this.section(descriptor.digest);
    if (section === undefined) return undefined;
    const bytes = readSection(section, this.#limits.metadataBytes, 'manifest');
    const digest = sha256Of(bytes);
    if (digest !== descriptor.digest) {
      throw new VakthundError('EVIDENCE_READ', `the manifest ${descriptor.digest} has the digest ${digest}`);
    }
    return { mediaType: mediaTypeOf(bytes, descriptor.mediaType), digest, bytes };
  }
}

/** Names of an entry, the fullest first. */
export function namesOf({ annotations }: Descriptor): string[] {
  return [annotations[fullName], annotations[refName]].filter((name) => name !== undefined);
}

function bareDescriptor(digest: string): Descriptor {
  return { mediaType: '', digest, size: 0, annotations: {}, urls: [] };
}
