import { arch } from 'node:os';
import { statSync } from 'node:fs';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { FolderTree } from '../tree/folder-tree.ts';
import { readConfig } from './config.ts';
import type { Descriptor, OpenedImage, Platform } from './image.ts';
import type { ImageSource } from './image-source.ts';
import { defaultImageLimits, type ImageLimits } from './limits.ts';
import { locate, type ImageLocation } from './location.ts';
import { parsePlatform } from './manifest.ts';
import { listDockerArchive, openDockerArchive } from './readers/docker-archive.ts';
import { imageFromStore } from './readers/from-store.ts';
import {
  isOciLayout,
  layoutInArchive,
  LayoutFolder,
  namesOf,
  OciLayout,
  type LayoutFiles,
} from './readers/oci-layout.ts';
import { openTarArchive, type TarArchive } from './readers/tar-archive.ts';
import { readLayers } from './read-layers.ts';

export interface OpenImageOptions {
  /** `OS/ARCHITECTURE[/VARIANT]`; Linux on this machine's processor when undefined. */
  readonly platform?: string;
  readonly limits?: Partial<ImageLimits>;
  /** Where uncompressed layers go for as long as the image is open; the system's temporary folder when undefined. */
  readonly spoolFolder?: string;
  readonly signal?: AbortSignal;
}

type PathLocation = Extract<ImageLocation, { kind: 'path' }>;

interface Opening {
  readonly location: PathLocation;
  readonly platform: Platform;
  readonly isPlatformWanted: boolean;
  readonly limits: ImageLimits;
  readonly spoolFolder: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens an image for looking at it: an archive of `docker save`, an OCI layout in a folder or a tar, a root filesystem in a folder or a tar.
 * `reference` is what a person types (see `locate`). Throws when it cannot be opened at all; damage inside it is a problem.
 */
export async function openImage(reference: string, options: OpenImageOptions = {}): Promise<OpenedImage> {
  const location = locate(reference);
  if (location.kind === 'registry') {
    throw new VakthundError('NOT_FOUND', `"${location.name}" is no file and no folder`);
  }
  const stat = statSync(location.path, { throwIfNoEntry: false });
  if (stat === undefined) throw new VakthundError('NOT_FOUND', `"${location.path}" does not exist`);
  const limits = { ...defaultImageLimits, ...options.limits };
  const opening: Opening = {
    location,
    platform: options.platform === undefined ? machinePlatform() : parsePlatform(options.platform),
    isPlatformWanted: options.platform !== undefined,
    limits,
    spoolFolder: options.spoolFolder,
    signal: options.signal,
  };
  if (stat.isDirectory()) {
    const folder = new LayoutFolder(location.path);
    const isLayout = location.transport === undefined ? isOciLayout(folder) : location.transport === 'oci';
    if (!isLayout) return folderImage(location.path, reference);
    return read(folder, () => fromLayout(folder, 'oci-layout', opening, []), opening, reference);
  }
  const archive = await openTarArchive(location.path, limits, options.spoolFolder);
  return read(archive.file, () => fromArchive(archive, opening), opening, reference);
}

/** Whatever fails before the image is there must not leave files open. */
async function read(
  file: { close(): void },
  find: () => ImageSource | Promise<ImageSource>,
  { limits, spoolFolder, signal }: Opening,
  reference: string,
): Promise<OpenedImage> {
  let source: ImageSource;
  try {
    source = await find();
  } catch (error) {
    file.close();
    throw error;
  }
  return readLayers(source, reference, { limits, spoolFolder, signal, close: () => file.close() });
}

function fromArchive(archive: TarArchive, opening: Opening): ImageSource | Promise<ImageSource> {
  const { transport, path, image } = opening.location;
  const layout = layoutInArchive(path, archive);
  if (transport === 'oci-archive' || (transport === undefined && isOciLayout(layout))) {
    return fromLayout(layout, 'oci-archive', opening, archive.problems);
  }
  const images = transport === 'rootfs' ? undefined : listDockerArchive(archive, opening.limits);
  if (images !== undefined) return openDockerArchive(archive, images, image, path, opening.limits);
  if (transport === 'docker-archive') {
    throw new VakthundError('EVIDENCE_READ', `"${path}" is no archive of docker save`);
  }
  return rootfsFromTar(archive);
}

function rootfsFromTar({ tar, problems }: TarArchive): ImageSource {
  return {
    form: 'rootfs',
    tags: [],
    layers: [{ mediaType: '', section: tar, open: () => tar.chunks(), isForeign: false }],
    // The layer's own reader tells of the same damage.
    problems: problems.filter(({ code }) => code === 'decompress-failed' || code === 'limit-reached'),
  };
}

function fromLayout(
  files: LayoutFiles,
  form: 'oci-layout' | 'oci-archive',
  { location, platform, isPlatformWanted, limits }: Opening,
  problems: readonly Problem[],
): Promise<ImageSource> {
  const layout = new OciLayout(files, limits);
  const entry = chooseEntry(layout, location);
  const start = entry === undefined ? layout.index : layout.manifestOf(entry);
  if (start === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${files.name}" names the manifest ${entry?.digest} and has it not`);
  }
  const tags = entry === undefined ? [] : namesOf(entry);
  return imageFromStore(layout, start, { form, platform, isPlatformWanted, limits, tags, problems });
}

/** The entry that was asked for; the only one; or undefined when the layout's index itself is one of platforms. */
function chooseEntry(layout: OciLayout, { path, image }: PathLocation): Descriptor | undefined {
  const entries = image === undefined ? layout.entries.filter(isImage) : layout.named(image);
  const byDigest = layout.entries.filter(({ digest }) => digest === image);
  const fitting = byDigest.length > 0 ? byDigest : entries;
  const [first] = fitting;
  if (first !== undefined && new Set(fitting.map(({ digest }) => digest)).size === 1) return first;
  const names = new Set(entries.flatMap((entry) => namesOf(entry).slice(0, 1)));
  const isByPlatform = fitting.length > 1 && names.size <= 1 && fitting.every((entry) => entry.platform !== undefined);
  if (isByPlatform) return undefined;
  if (entries.length === 0 && image === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${path}" names no image`);
  }
  const message =
    image === undefined ? `"${path}" holds ${entries.length} images` : `"${path}" holds no image "${image}"`;
  throw new VakthundError(image === undefined ? 'USAGE' : 'NOT_FOUND', message, {
    hint: layout.entries
      .filter(isImage)
      .map((entry) => `oci:${path}:${namesOf(entry)[0] ?? entry.digest}`)
      .slice(0, 10)
      .join(', '),
  });
}

/** Signatures, attestations and bills of materials stand beside the images, under tags such as `sha256-….sig`. */
function isImage(entry: Descriptor): boolean {
  return entry.artifactType === undefined && !namesOf(entry).some((name) => /(?:^|:)sha256-[0-9a-f]{64}/.test(name));
}

/** A root filesystem in a folder: no layers, and no word about itself. */
function folderImage(path: string, reference: string): OpenedImage {
  const tree = new FolderTree(path, 'folder');
  return {
    form: 'rootfs',
    reference,
    tags: [],
    config: readConfig({}),
    configBytes: Buffer.alloc(0),
    layers: [],
    tree,
    layerTree: () => tree,
    hiddenFiles: () => [],
    drainProblems: () =>
      tree
        .drainProblems()
        .map(({ code, path: at, message }) => ({ code, at: { path: `${reference}!${at}` }, message })),
    close: () => undefined,
  };
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm', arm64: 'arm64' };

/** Linux on the processor of this machine, in the words of Go. */
function machinePlatform(): Platform {
  const name = arch();
  return { os: 'linux', architecture: architectures[name] ?? name };
}
