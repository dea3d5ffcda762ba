import { statSync } from 'node:fs';
import { VakthundError } from '../../base/errors.ts';
import { quote } from '../../base/problem.ts';
import { FolderTree } from '../tree/folder-tree.ts';
import { readConfig } from './config.ts';
import type { OpenedImage } from './image.ts';
import type { ImageSource } from './image-source.ts';
import {
  closeOnError,
  isEngineStore,
  openLayout,
  openRegistry,
  prepareOpening,
  type OpenImageOptions,
  type Opening,
  type PathLocation,
  type StoredImage,
} from './open-store.ts';
import { listDockerArchive, openDockerArchive } from './readers/docker-archive.ts';
import { findEngine, isSocket, type Engine } from './readers/engine/engine.ts';
import { openContainerdImage } from './readers/engine/containerd-image.ts';
import { findContainerd } from './readers/engine/containerd-service.ts';
import { inspectImage, openEngineContainer, openEngineImage } from './readers/engine/engine-image.ts';
import { imageFromStore } from './readers/from-store.ts';
import { isOciLayout, layoutInArchive, LayoutFolder } from './readers/oci-layout.ts';
import { containerdRoot } from './readers/stores/containerd-metadata.ts';
import { openContainerdContainer, openContainerdStore } from './readers/stores/containerd-store.ts';
import { containersRoot, openContainersStorage, openPodmanContainer } from './readers/stores/containers-storage.ts';
import { dockerRoot, openDockerContainer, openDockerStore } from './readers/stores/docker-store.ts';
import { openTarArchive, type TarArchive } from './readers/tar-archive.ts';
import { readLayers } from './read-layers.ts';

/**
 * Opens an image for looking at it: an archive of `docker save`, an OCI layout in a folder or a tar, a root filesystem in a folder or a tar,
 * an image of a registry or of an engine. `reference` is what a person types (see `locate`). Throws when it cannot be opened at all; damage
 * inside it is a problem.
 */
export async function openImage(reference: string, options: OpenImageOptions = {}): Promise<OpenedImage> {
  const opening = prepareOpening(reference, options);
  const { location } = opening;
  if (location.kind === 'registry') return fromStore(await openRegistry(location.name, opening), opening);
  if (isEngineStore(location)) return fromEngine(location, opening);
  if (statSync(location.path).isDirectory()) {
    const folder = new LayoutFolder(location.path);
    const isLayout = location.transport === undefined ? isOciLayout(folder) : location.transport === 'oci';
    if (!isLayout) {
      folder.close();
      return folderImage(location.path, reference);
    }
    const image = await closeOnError(folder, () => openLayout(folder, 'oci-layout', opening, [], folder));
    return fromStore(image, opening);
  }
  const archive = await openTarArchive(location.path, opening.limits, opening.spoolFolder);
  return closeOnError(archive.file, () => fromArchive(archive, location, opening));
}

/** The id that a registry or an engine gives for an image, before a layer is read; undefined for other places. */
export async function identifyImage(reference: string, options: OpenImageOptions = {}): Promise<string | undefined> {
  const opening = prepareOpening(reference, options);
  const { location } = opening;
  if (location.kind === 'path') {
    if (location.transport === 'containerd') return (await fromContainerd(location, opening)).config?.digest;
    if (location.transport !== 'docker-daemon') return undefined;
    const { engine, name } = daemonOf(location, opening);
    return (await inspectImage(engine, name, opening.signal)).id;
  }
  return (await imageFromStore(await openRegistry(location.name, opening), opening)).config?.digest;
}

/** An image or container in the folder of an engine, the usual one unless another is named: `docker-store:FOLDER:NAME`. */
async function fromEngine(location: PathLocation, opening: Opening): Promise<OpenedImage> {
  const { transport, path, image } = location;
  if (isDaemon(location)) {
    const { engine, name } = daemonOf(location, opening);
    const open = transport === 'docker-daemon' ? openEngineImage : openEngineContainer;
    const source = await open(engine, name, opening);
    return readSource(source, opening, source);
  }
  if (transport === 'containerd') {
    return readSource(await fromContainerd(location, opening), opening, { close: () => undefined });
  }
  const engine: StoreReader = storeReaders[transport ?? ''] ?? { root: dockerRoot, open: openDockerStore };
  const [root, name] = image === undefined ? [engine.root, path] : [path, image];
  const source = await engine.open(root, name, opening);
  return readSource(source, opening, { close: () => source.close?.() });
}

function fromContainerd(location: PathLocation, opening: Opening): Promise<ImageSource> {
  const [socket, name] = socketAndName(location);
  return openContainerdImage(findContainerd(socket, opening.containerdSockets), name, opening);
}

function isDaemon({ transport }: PathLocation): boolean {
  return transport === 'docker-daemon' || transport === 'docker-daemon-container';
}

/** `docker-daemon:NAME`, or with the socket before it: `docker-daemon:/run/docker.sock:NAME`. */
function daemonOf(location: PathLocation, { engineSockets }: Opening): { engine: Engine; name: string } {
  const [socket, name] = socketAndName(location);
  return { engine: findEngine(socket, engineSockets), name };
}

/** Undefined for the socket where none is named. Throws `USAGE` where nothing stands behind it. */
function socketAndName({ path, image }: PathLocation): [socket: string | undefined, name: string] {
  if (!isSocket(path)) return [undefined, image === undefined ? path : `${path}:${image}`];
  if (image !== undefined && image !== '') return [path, image];
  throw new VakthundError('USAGE', `${quote(path)} is a socket: the name of what is wanted goes behind it`);
}

interface StoreReader {
  /** Its usual folder. */
  readonly root: string;
  open(root: string, wanted: string, opening: Opening): EngineSource | Promise<EngineSource>;
}

type EngineSource = ImageSource & { close?(): void };

const storeReaders: Readonly<Record<string, StoreReader>> = {
  'docker-store': { root: dockerRoot, open: openDockerStore },
  'docker-container': { root: dockerRoot, open: openDockerContainer },
  'containerd-store': { root: containerdRoot, open: openContainerdStore },
  'containerd-container': { root: containerdRoot, open: openContainerdContainer },
  'containers-storage': { root: containersRoot, open: openContainersStorage },
  'podman-container': { root: containersRoot, open: openPodmanContainer },
};

/** Follows the manifest of an image and reads its layers. */
async function fromStore(image: StoredImage, opening: Opening): Promise<OpenedImage> {
  const source = await closeOnError(image, () => imageFromStore(image, opening));
  return readSource(source, opening, image);
}

async function fromArchive(archive: TarArchive, location: PathLocation, opening: Opening): Promise<OpenedImage> {
  const { transport, path, image } = location;
  if (archive.isEmpty) throw new VakthundError('EVIDENCE_READ', `"${path}" is no tar: no image is in it`);
  const layout = layoutInArchive(path, archive);
  if (transport === 'oci-archive' || (transport === undefined && isOciLayout(layout))) {
    return fromStore(openLayout(layout, 'oci-archive', opening, archive.problems, archive.file), opening);
  }
  const images = transport === 'rootfs' ? undefined : listDockerArchive(archive, opening.limits);
  if (images === undefined && transport === 'docker-archive') {
    throw new VakthundError('EVIDENCE_READ', `"${path}" is no archive of docker save`);
  }
  const source =
    images === undefined ? rootfsFromTar(archive) : openDockerArchive(archive, images, image, path, opening.limits);
  return readSource(source, opening, archive.file);
}

function readSource(source: ImageSource, opening: Opening, file: { close(): void }): Promise<OpenedImage> {
  const { reference, limits, spoolFolder, signal } = opening;
  return readLayers(source, reference, { limits, spoolFolder, signal, close: () => file.close() });
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
