import { arch } from 'node:os';
import { statSync } from 'node:fs';
import { messageOf, VakthundError } from '../../base/errors.ts';
import { quote, type Problem } from '../../base/problem.ts';
import type { ContentStore } from './content-store.ts';
import type { Descriptor, ImageForm, Manifest, Platform } from './image.ts';
import { defaultImageLimits, type ImageLimits } from './limits.ts';
import { locate, type ImageLocation, type Transport } from './location.ts';
import { parsePlatform, readManifest } from './manifest.ts';
import {
  isOciLayout,
  layoutInArchive,
  LayoutFolder,
  namesOf,
  OciLayout,
  type LayoutFiles,
} from './readers/oci-layout.ts';
import type { RegistryOptions } from './readers/registry/connection.ts';
import { placesOf } from './readers/registry/places.ts';
import { RegistryRepository } from './readers/registry/repository.ts';
import { openTarArchive } from './readers/tar-archive.ts';
import { parseReference } from './reference.ts';

export interface OpenImageOptions {
  /** `OS/ARCHITECTURE[/VARIANT]`; Linux on this machine's processor when undefined. */
  readonly platform?: string;
  readonly limits?: Partial<ImageLimits>;
  /** Where uncompressed layers go for as long as the image is open; the system's temporary folder when undefined. */
  readonly spoolFolder?: string;
  readonly signal?: AbortSignal;
  /** How registries are asked. */
  readonly registry?: RegistryOptions;
  /** Where engines listen, the first that is there is asked; root's of Docker and podman when undefined. */
  readonly engineSockets?: readonly string[];
  /** The same of containerd. */
  readonly containerdSockets?: readonly string[];
}

export type PathLocation = Extract<ImageLocation, { kind: 'path' }>;

/** What was typed, with all that is not said filled in. */
export interface Opening {
  readonly reference: string;
  readonly location: ImageLocation;
  readonly platform: Platform;
  readonly isPlatformWanted: boolean;
  readonly limits: ImageLimits;
  readonly spoolFolder: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly registry: RegistryOptions;
  readonly engineSockets: readonly string[] | undefined;
  readonly containerdSockets: readonly string[] | undefined;
}

/** An image in a store, before its manifest is followed. */
export interface StoredImage {
  readonly store: ContentStore;
  readonly form: ImageForm;
  /** What the name leads to: a manifest, or an index. */
  readonly start: Manifest;
  readonly tags: readonly string[];
  readonly problems: readonly Problem[];
  close(): void;
}

/** Throws `NOT_FOUND` for a path that is not there, `USAGE` for a platform that is none. */
export function prepareOpening(reference: string, options: OpenImageOptions): Opening {
  const location = locate(reference);
  const isStore = location.kind === 'path' && isEngineStore(location);
  if (location.kind === 'path' && !isStore && statSync(location.path, { throwIfNoEntry: false }) === undefined) {
    throw new VakthundError('NOT_FOUND', `"${location.path}" does not exist`);
  }
  const { platform, signal, spoolFolder, engineSockets, containerdSockets, registry = {} } = options;
  return {
    reference,
    location,
    platform: platform === undefined ? machinePlatform() : parsePlatform(platform),
    isPlatformWanted: platform !== undefined,
    limits: { ...defaultImageLimits, ...options.limits },
    spoolFolder,
    signal,
    engineSockets,
    containerdSockets,
    registry: signal === undefined ? registry : { signal, ...registry },
  };
}

/**
 * Opens the store that an image stands in, for those who need more of it than the image: its signatures and attestations. An OCI
 * layout or a registry; throws `USAGE` for forms that keep no manifests.
 */
export async function openContentStore(reference: string, options: OpenImageOptions = {}): Promise<StoredImage> {
  const opening = prepareOpening(reference, options);
  const { location } = opening;
  if (location.kind === 'registry') return openRegistry(location.name, opening);
  if (isEngineStore(location)) {
    throw new VakthundError('USAGE', 'engines keep no signatures', { hint: 'name the image as it is in its registry' });
  }
  if (statSync(location.path).isDirectory()) {
    const folder = new LayoutFolder(location.path);
    if (isOciLayout(folder)) return closeOnError(folder, () => openLayout(folder, 'oci-layout', opening, [], folder));
  } else {
    const { limits, spoolFolder } = opening;
    const archive = await openTarArchive(location.path, limits, spoolFolder);
    const files = layoutInArchive(location.path, archive);
    return closeOnError(archive.file, () => openLayout(files, 'oci-archive', opening, archive.problems, archive.file));
  }
  throw new VakthundError('USAGE', `"${location.path}" is no OCI layout: it keeps no manifests`);
}

const engineTransports: ReadonlySet<Transport> = new Set([
  'docker-store',
  'docker-container',
  'containerd-store',
  'containerd-container',
  'containerd',
  'containers-storage',
  'podman-container',
  'docker-daemon',
  'docker-daemon-container',
]);

/** Engines and their own stores: what follows the word is a name, unless a folder or socket stands before it. */
export function isEngineStore({ transport }: PathLocation): boolean {
  return transport !== undefined && engineTransports.has(transport);
}

/** Whatever fails must not leave files open. */
export async function closeOnError<T>(file: { close(): void }, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The manifest that a name in a registry leads to, from the first of its mirrors that has it. Throws `NOT_FOUND` when there is none. */
export async function openRegistry(name: string, { limits, registry, signal }: Opening): Promise<StoredImage> {
  const reference = parseReference(name);
  const problems: Problem[] = [];
  const rules = (await registry.rules?.()) ?? [];
  for (const { reference: there, isInsecure, isMirror, manner } of placesOf(reference, rules)) {
    const asked = { ...registry, isInsecure, ...(manner === undefined ? {} : { manner }) };
    const store = new RegistryRepository(there, limits, asked);
    try {
      const start = await store.manifest(there.digest ?? there.tag ?? 'latest');
      if (start !== undefined) {
        return { store, form: 'registry', start, tags: [name], problems, close: () => undefined };
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!isMirror) throw error;
      const at = { path: `${there.registry}/${there.repository}` };
      problems.push({ code: 'unreadable', at, message: `the mirror was asked in vain: ${messageOf(error)}` });
    }
  }
  throw new VakthundError('NOT_FOUND', `${reference.registry} has no image ${quote(name)}`);
}

/** The entry of a layout that was asked for. */
export function openLayout(
  files: LayoutFiles,
  form: ImageForm,
  { location, limits }: Opening,
  problems: readonly Problem[],
  file: { close(): void },
): StoredImage {
  const store = new OciLayout(files, limits);
  const entry = chooseEntry(store, files.name, location.kind === 'path' ? location.image : undefined);
  const start = entry === undefined ? store.index : store.manifestOf(entry);
  if (start === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${files.name}" names the manifest ${entry?.digest} and has it not`);
  }
  // The full name says more than the tag beside it.
  const tags = entry === undefined ? [] : namesOf(entry).slice(0, 1);
  return { store, form, start, tags, problems, close: () => file.close() };
}

/** The entry that was asked for; the only one; or undefined when the layout's index itself is one of platforms. */
function chooseEntry(layout: OciLayout, path: string, image: string | undefined): Descriptor | undefined {
  const images = layout.entries.filter((entry) => isImage(layout, entry));
  const fitting = image === undefined ? images : layout.find(image);
  const [first] = fitting;
  if (first !== undefined && new Set(fitting.map(({ digest }) => digest)).size === 1) return first;
  const names = new Set(fitting.flatMap((entry) => namesOf(entry).slice(0, 1)));
  const isByPlatform = fitting.length > 1 && names.size <= 1 && fitting.every((entry) => entry.platform !== undefined);
  if (isByPlatform) return undefined;
  if (images.length === 0) throw new VakthundError('EVIDENCE_READ', `"${path}" names no image`);
  const message =
    image === undefined ? `"${path}" holds ${images.length} images` : `"${path}" holds no image ${quote(image)}`;
  const all = images.map((entry) => `oci:${path}:${namesOf(entry)[0] ?? entry.digest}`);
  throw new VakthundError(image === undefined ? 'USAGE' : 'NOT_FOUND', message, { hint: all.slice(0, 10).join(', ') });
}

/**
 * Signatures, attestations and bills of materials stand beside the images: under tags such as `sha256-….sig`, with an artifact type, with a
 * subject (which only their own manifest says), or marked by `cosign save`.
 */
export function isImage(layout: OciLayout, entry: Descriptor): boolean {
  const isMarked = entry.artifactType !== undefined || isSavedSignature(entry);
  if (isMarked || namesOf(entry).some((name) => /(?:^|:)sha256-[0-9a-f]{64}/.test(name))) return false;
  const manifest = layout.manifestOf(entry);
  return manifest === undefined || readManifest(manifest.bytes).subject === undefined;
}

/** `cosign save` writes one image with its signatures and attestations, and gives those no name. */
export function isSavedSignature({ annotations }: Descriptor): boolean {
  return /^dev\.cosignproject\.cosign\/(?:sigs|atts)$/.test(annotations['kind'] ?? '');
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm', arm64: 'arm64' };

/** Linux on the processor of this machine, in the words of Go. */
function machinePlatform(): Platform {
  const name = arch();
  return { os: 'linux', architecture: architectures[name] ?? name };
}
