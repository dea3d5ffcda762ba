import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../../../base/errors.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { sha256Of } from '../../content-store.ts';
import type { ImageSource, LayerSource } from '../../image-source.ts';
import { listOf, member, textOf, textsOf, type Json } from '../../json.ts';
import { mediaTypeOf, readManifest } from '../../manifest.ts';
import { familiarName } from '../../reference.ts';
import type { StoreListing } from './store-listing.ts';
import { readStoreFile, readStoreJson, safeId, unpackedLayer, writtenLayer } from './store-files.ts';

export const containersRoot = '/var/lib/containers/storage';

const drivers = ['overlay', 'vfs'] as const;
/** Chains of layers end: this is more than any image has. */
const maxLayers = 4096;

/** An image in the storage of podman, buildah, skopeo and CRI-O (containers/storage), by name or the beginning of its id. */
export function openContainersStorage(root: string, wanted: string): ImageSource {
  const driver = driverOf(root);
  const images = listOf(readStoreJson(join(root, `${driver}-images/images.json`)));
  return sourceOf(root, driver, findImage(images, wanted), wanted);
}

/** A container of podman by name or the beginning of its id: its image, and over it what the container has written. */
export function openPodmanContainer(root: string, wanted: string): ImageSource {
  const driver = driverOf(root);
  if (driver !== 'overlay') {
    throw new VakthundError('EVIDENCE_READ', `containers of the storage driver ${driver} are not read`, {
      hint: 'podman export CONTAINER -o root.tar, and give root.tar',
    });
  }
  const container = findImage(listOf(readStoreJson(join(root, `${driver}-containers/containers.json`))), wanted);
  const images = listOf(readStoreJson(join(root, `${driver}-images/images.json`)));
  const problems: Problem[] = [];
  const image = findImage(images, textOf(member(container, 'image')) ?? '');
  const source = sourceOf(root, driver, image, wanted);
  const layer = safeId(textOf(member(container, 'layer')) ?? '');
  return {
    ...source,
    form: 'podman-container',
    tags: textsOf(member(container, 'names')),
    layers: [...source.layers, writtenLayer(join(root, `overlay/${layer}/diff`), problems)],
    containerLayers: 1,
    problems,
  };
}

/** All images and containers of podman, buildah, skopeo and CRI-O; which of them run stands elsewhere. */
export function listContainersStorage(root: string): StoreListing {
  const driver = driverOf(root);
  const images = listOf(readStoreJson(join(root, `${driver}-images/images.json`)));
  const path = join(root, `${driver}-containers/containers.json`);
  const containers = existsSync(path) ? listOf(readStoreJson(path)) : [];
  return {
    images: images.flatMap((image) => textOf(member(image, 'id')) ?? []).map((id) => `sha256:${safeId(id)}`),
    containers: containers.map((container) => ({
      name: textsOf(member(container, 'names'))[0] ?? textOf(member(container, 'id')) ?? '',
      image: `sha256:${textOf(member(container, 'image')) ?? ''}`,
      isRunning: undefined,
    })),
  };
}

function driverOf(root: string): (typeof drivers)[number] {
  const driver = drivers.find((one) => existsSync(join(root, `${one}-images/images.json`)));
  if (driver !== undefined) return driver;
  throw new VakthundError('NOT_FOUND', `there are no images of podman in "${root}"`, {
    hint: 'containers-storage:$HOME/.local/share/containers/storage:NAME reads those of a user',
  });
}

function sourceOf(root: string, driver: string, image: Json, wanted: string): ImageSource {
  const folder = join(root, `${driver}-images`, safeId(textOf(member(image, 'id')) ?? ''));
  const manifest = readStoreFile(join(folder, 'manifest'));
  const { config } = readManifest(manifest);
  if (config === undefined) throw new VakthundError('EVIDENCE_READ', `${quote(wanted)} is no image but an index`);
  const bytes = readStoreFile(join(folder, bigDataName(config.digest)));
  if (sha256Of(bytes) !== config.digest) {
    throw new VakthundError(
      'EVIDENCE_READ',
      `the configuration of ${quote(wanted)} is not the one that its manifest names`,
    );
  }
  return {
    form: 'podman-store',
    tags: textsOf(member(image, 'names')),
    manifest: { mediaType: mediaTypeOf(manifest, ''), digest: sha256Of(manifest), bytes: manifest },
    config: { bytes, digest: config.digest },
    layers: layersOf(root, driver, textOf(member(image, 'layer')) ?? ''),
    problems: [],
  };
}

/** An image or a container, which have names and ids alike. */
function findImage(images: readonly Json[], wanted: string): Json {
  const familiar = familiarName(wanted);
  const nameOf = (image: Json): string[] => textsOf(member(image, 'names'));
  const byName = images.find((image) => nameOf(image).some((name) => isSameName(name, wanted, familiar)));
  const prefix = wanted.replace('sha256:', '');
  const isId = /^[0-9a-f]{4,64}$/.test(prefix);
  const byId = images.filter((image) => isId && textOf(member(image, 'id'))?.startsWith(prefix) === true);
  const found = byName ?? (byId.length === 1 ? byId[0] : undefined);
  if (found !== undefined) return found;
  throw new VakthundError('NOT_FOUND', `the storage has no image ${quote(wanted)}`, {
    hint: images.flatMap(nameOf).slice(0, 10).join(', '),
  });
}

/** Images that were built here are called `localhost/NAME`, and people say `NAME`. */
function isSameName(name: string, wanted: string, familiar: string): boolean {
  return familiarName(name) === familiar || familiarName(name) === familiarName(`localhost/${wanted}`);
}

/** Names with other characters than letters, digits, dots and dashes stand in base 64 behind an equals sign. */
function bigDataName(key: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(key) ? key : `=${Buffer.from(key).toString('base64')}`;
}

function layersOf(root: string, driver: string, top: string): LayerSource[] {
  const records = new Map(
    listOf(readStoreJson(join(root, `${driver}-layers/layers.json`))).map((layer) => [
      textOf(member(layer, 'id')) ?? '',
      textOf(member(layer, 'parent')) ?? '',
    ]),
  );
  const layers: LayerSource[] = [];
  for (let id = top; id !== ''; id = records.get(id) ?? '') {
    if (layers.length >= maxLayers) throw new VakthundError('EVIDENCE_LIMIT', 'the chain of layers does not end');
    const name = safeId(id);
    const folder = driver === 'overlay' ? `overlay/${name}/diff` : `vfs/dir/${name}`;
    const split = join(root, `${driver}-layers/${name}.tar-split.gz`);
    layers.unshift(unpackedLayer(join(root, folder), split));
  }
  return layers;
}
