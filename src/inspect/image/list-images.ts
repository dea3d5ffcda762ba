import { statSync } from 'node:fs';
import type { Descriptor } from './image.ts';
import { defaultImageLimits } from './limits.ts';
import { isImage, type OpenImageOptions } from './open-store.ts';
import { containerdRoot } from './readers/stores/containerd-metadata.ts';
import { listContainerdStore } from './readers/stores/containerd-store.ts';
import { containersRoot, listContainersStorage } from './readers/stores/containers-storage.ts';
import { dockerRoot, listDockerStore } from './readers/stores/docker-store.ts';
import type { StoredContainer, StoreListing } from './readers/stores/store-listing.ts';
import { findContainerd } from './readers/engine/containerd-service.ts';
import { findEngine, isSocket, listEngine } from './readers/engine/engine.ts';
import { listDockerArchive } from './readers/docker-archive.ts';
import { isOciLayout, layoutInArchive, LayoutFolder, OciLayout } from './readers/oci-layout.ts';
import { openTarArchive } from './readers/tar-archive.ts';

/**
 * What `openImage` takes for each image at a path: those of an archive or a layout one by one, and for a root filesystem in a tar
 * the path itself. Undefined for a folder that is no layout. Throws when the path cannot be read.
 */
export async function listImages(path: string, options: OpenImageOptions = {}): Promise<string[] | undefined> {
  const limits = { ...defaultImageLimits, ...options.limits };
  if (statSync(path).isDirectory()) {
    const folder = new LayoutFolder(path);
    try {
      return isOciLayout(folder) ? inLayout(new OciLayout(folder, limits), path) : undefined;
    } finally {
      folder.close();
    }
  }
  const archive = await openTarArchive(path, limits, options.spoolFolder);
  try {
    const layout = layoutInArchive(path, archive);
    if (isOciLayout(layout)) return inLayout(new OciLayout(layout, limits), path);
    return listDockerArchive(archive, limits)?.map((_, index) => `${path}:@${index}`) ?? [path];
  } finally {
    archive.file.close();
  }
}

/** One for each digest; where the index is one of platforms, the layout is one image. */
function inLayout(layout: OciLayout, path: string): string[] {
  const images: readonly Descriptor[] = layout.entries.filter((entry) => isImage(layout, entry));
  const isByPlatform = images.length > 1 && images.every(({ platform }) => platform !== undefined);
  return isByPlatform ? [path] : [...new Set(images.map(({ digest }) => `${path}:${digest}`))];
}

const engineStores: Readonly<Record<string, { readonly root: string; list(root: string): StoreListing }>> = {
  'docker-store': { root: dockerRoot, list: listDockerStore },
  'containers-storage': { root: containersRoot, list: listContainersStorage },
  'containerd-store': { root: containerdRoot, list: listContainerdStore },
};

const daemonPrefix = 'docker-daemon:';
const containerdPrefix = 'containerd:';

/** All images and containers of an engine, and where they are. */
export interface ListedStore {
  /** Its folder or socket. */
  readonly root: string;
  /** As `openImage` takes them. */
  readonly images: readonly string[];
  readonly containers: readonly StoredContainer[];
}

/**
 * What an engine has in its folder or tells on its socket: `docker-store:`, `docker-daemon:` and the like, or with another folder or socket
 * behind the colon. Undefined for what names no whole engine.
 */
export async function listStore(source: string, options: OpenImageOptions = {}): Promise<ListedStore | undefined> {
  if (source.startsWith(daemonPrefix)) return listDaemon(source.slice(daemonPrefix.length), options);
  if (source.startsWith(containerdPrefix)) return listContainerd(source.slice(containerdPrefix.length), options);
  const colon = source.indexOf(':');
  const transport = source.slice(0, colon);
  const store = Object.hasOwn(engineStores, transport) ? engineStores[transport] : undefined;
  const named = source.slice(colon + 1);
  const isFolder = named === '' || statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
  if (store === undefined || !isFolder) return undefined;
  const root = named === '' ? store.root : named;
  const { images, containers } = store.list(root);
  return { root, images: images.map((image) => `${transport}:${root}:${image}`), containers };
}

async function listDaemon(named: string, options: OpenImageOptions): Promise<ListedStore | undefined> {
  if (named !== '' && !isSocket(named)) return undefined;
  const engine = findEngine(named === '' ? undefined : named, options.engineSockets);
  const { images, containers } = await listEngine(engine, options.signal);
  const { socket } = engine;
  return { root: socket, images: images.map((image) => `${daemonPrefix}${socket}:${image}`), containers };
}

async function listContainerd(named: string, options: OpenImageOptions): Promise<ListedStore | undefined> {
  if (named !== '' && !isSocket(named)) return undefined;
  const service = findContainerd(named === '' ? undefined : named, options.containerdSockets);
  const { images, containers } = await service.list();
  const { socket } = service;
  return { root: socket, images: images.map((image) => `${containerdPrefix}${socket}:${image}`), containers };
}
