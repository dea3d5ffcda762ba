import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../../base/errors.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { readConfig } from '../../config.ts';
import { sha256Of } from '../../content-store.ts';
import type { ImageSource, LayerSource } from '../../image-source.ts';
import { member, namesOf, parseJson, textOf, type Json } from '../../json.ts';
import { familiarName } from '../../reference.ts';
import type { StoreListing } from './store-listing.ts';
import { readStoreFile, readStoreJson, safeId, unpackedLayer, writtenLayer } from './store-files.ts';

export const dockerRoot = '/var/lib/docker';

/** Where a storage driver has what a layer holds, below the root. */
const layerFolders: Readonly<Record<string, (id: string) => string>> = {
  overlay2: (id) => `overlay2/${id}/diff`,
  'fuse-overlayfs': (id) => `fuse-overlayfs/${id}/diff`,
  vfs: (id) => `vfs/dir/${id}`,
  btrfs: (id) => `btrfs/subvolumes/${id}`,
};

/**
 * An image in the folder of a Docker engine (graph driver; moby's `image/store.go`, `layer/filestore.go`), by name, `NAME@sha256:…` or the beginning
 * of its id. The engine is not asked, and need not run.
 */
export function openDockerStore(root: string, wanted: string): ImageSource {
  const driver = driverOf(root);
  const names = nameTable(readStoreJson(join(root, 'image', driver, 'repositories.json')));
  return imageById(root, driver, names, findId(join(root, 'image', driver), names, wanted));
}

/** A container of a Docker engine by name or the beginning of its id: its image, and over it what the container has written. */
export function openDockerContainer(root: string, wanted: string): ImageSource {
  const driver = driverOf(root);
  const { id, name, image } = findContainer(root, wanted);
  if (driver === 'vfs' || driver === 'btrfs') {
    throw new VakthundError('EVIDENCE_READ', `containers of the storage driver ${driver} are not read`, {
      hint: 'docker export CONTAINER -o root.tar, and give root.tar',
    });
  }
  const mount = join(root, 'image', driver, 'layerdb/mounts', id, 'mount-id');
  const folder = layerFolders[driver]?.(safeId(readStoreFile(mount).toString('utf8').trim())) ?? '';
  const problems: Problem[] = [];
  const source = imageById(root, driver, new Map(), safeId(image));
  return {
    ...source,
    form: 'docker-container',
    tags: [name],
    layers: [...source.layers, writtenLayer(join(root, folder), problems)],
    containerLayers: 1,
    problems,
  };
}

/** All images and containers of a Docker engine; images without a name too. */
export function listDockerStore(root: string): StoreListing {
  const images = readdirSync(join(root, 'image', driverOf(root), 'imagedb/content/sha256')).sort();
  return {
    images: images.map((id) => `sha256:${safeId(id)}`),
    containers: containersOf(root).map(({ name, image, isRunning }) => ({ name, image: `sha256:${image}`, isRunning })),
  };
}

interface DockerContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly isRunning: boolean;
}

function containersOf(root: string): DockerContainer[] {
  const folder = join(root, 'containers');
  return (existsSync(folder) ? readdirSync(folder) : []).sort().map((id) => {
    const json = readStoreJson(join(folder, safeId(id), 'config.v2.json'));
    const name = (textOf(member(json, 'Name')) ?? '').replace(/^\//, '');
    const image = (textOf(member(json, 'Image')) ?? '').replace('sha256:', '');
    return { id, name, image, isRunning: member(member(json, 'State'), 'Running') === true };
  });
}

function findContainer(root: string, wanted: string): DockerContainer {
  const known = containersOf(root);
  const byName = known.find(({ name }) => name === wanted);
  const byId = known.filter(({ id }) => wanted.length >= 4 && id.startsWith(wanted));
  const found = byName ?? (byId.length === 1 ? byId[0] : undefined);
  if (found !== undefined) return found;
  throw new VakthundError('NOT_FOUND', `the engine has no container ${quote(wanted)}`, {
    hint: known
      .map(({ name }) => name)
      .slice(0, 10)
      .join(', '),
  });
}

function imageById(root: string, driver: string, names: ReadonlyMap<string, string>, id: string): ImageSource {
  const database = join(root, 'image', driver);
  const bytes = readStoreFile(join(database, 'imagedb/content/sha256', id));
  return {
    form: 'docker-store',
    tags: [...names].filter(([, one]) => one === id).map(([name]) => name),
    config: { bytes, digest: sha256Of(bytes) },
    layers: layersOf(root, driver, readConfig(parseJson(bytes, 'configuration')).diffIds),
    problems: [],
  };
}

function driverOf(root: string): string {
  const found = Object.keys(layerFolders).find((driver) =>
    existsSync(join(root, 'image', driver, 'repositories.json')),
  );
  if (found !== undefined) return found;
  throw new VakthundError('NOT_FOUND', `there are no images of Docker in "${root}"`, {
    hint: `docker-store:/mnt${dockerRoot}:NAME reads another folder; reading it needs root`,
  });
}

/** `{ Repositories: { app: { 'app:1': 'sha256:…' } } }` as full names to ids. */
function nameTable(json: Json): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  const repositories = member(json, 'Repositories');
  for (const repository of namesOf(repositories)) {
    const entries = member(repositories, repository);
    for (const name of namesOf(entries)) {
      const id = textOf(member(entries, name));
      if (id !== undefined) table.set(name, id.replace('sha256:', ''));
    }
  }
  return table;
}

function findId(database: string, names: ReadonlyMap<string, string>, wanted: string): string {
  const familiar = familiarName(wanted);
  for (const [name, id] of names) if (name === wanted || familiarName(name) === familiar) return safeId(id);
  const prefix = wanted.replace('sha256:', '');
  const ids = /^[0-9a-f]{4,64}$/.test(prefix)
    ? readdirSync(join(database, 'imagedb/content/sha256')).filter((id) => id.startsWith(prefix))
    : [];
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return safeId(only);
  throw new VakthundError('NOT_FOUND', `the store has no image ${quote(wanted)}`, {
    hint: [...names.keys()].slice(0, 10).join(', '),
  });
}

/** A layer is found by its chain: the digest over all digests up to its own (OCI image-spec, layer ChainID). */
function layersOf(root: string, driver: string, diffIds: readonly string[]): LayerSource[] {
  let chain = '';
  return diffIds.map((diffId) => {
    chain = chain === '' ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`;
    const layer = join(root, 'image', driver, 'layerdb/sha256', safeId(chain.replace('sha256:', '')));
    const cache = safeId(readStoreFile(join(layer, 'cache-id')).toString('utf8').trim());
    const folder = layerFolders[driver]?.(cache) ?? cache;
    return unpackedLayer(join(root, folder), join(layer, 'tar-split.json.gz'));
  });
}
