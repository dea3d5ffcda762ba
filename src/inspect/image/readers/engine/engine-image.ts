import { VakthundError } from '../../../../base/errors.ts';
import { quote } from '../../../../base/problem.ts';
import type { ImageSource } from '../../image-source.ts';
import { listOf, member, textOf, textsOf } from '../../json.ts';
import type { ImageLimits } from '../../limits.ts';
import { listDockerArchive, openDockerArchive } from '../docker-archive.ts';
import { spoolTarArchive, type TarArchive } from '../tar-archive.ts';
import { askEngine, type Engine } from './engine.ts';
import { readChanges, writtenTar } from './written-tar.ts';

export interface EngineOpening {
  readonly limits: ImageLimits;
  readonly spoolFolder: string | undefined;
  readonly signal: AbortSignal | undefined;
}

type ClosableSource = ImageSource & { close(): void };

/**
 * An image as the engine itself gives it out (Docker Engine API, `GET /images/NAME/get`: an archive of `docker save`), by name or id. It is kept in
 * the spool for as long as the image is open.
 */
export async function openEngineImage(engine: Engine, wanted: string, opening: EngineOpening): Promise<ClosableSource> {
  const image = await inspectImage(engine, wanted, opening.signal);
  const archive = await fetchArchive(engine, `/images/${image.id}/get`, opening);
  return closeOnFailure(archive, () => {
    const images = listDockerArchive(archive, opening.limits);
    if (images === undefined) throw new VakthundError('EVIDENCE_READ', `the engine gave no image for ${quote(wanted)}`);
    const source = openDockerArchive(archive, images, undefined, engine.socket, opening.limits);
    return { ...source, form: 'docker-daemon', tags: image.tags, close: () => archive.file.close() };
  });
}

/**
 * A container, running or not, by name or id: its image, and over it what the container has written: the files that the engine says
 * were changed (`GET /containers/NAME/changes`), out of its whole filesystem (`export`).
 */
export async function openEngineContainer(
  engine: Engine,
  wanted: string,
  opening: EngineOpening,
): Promise<ClosableSource> {
  const { signal } = opening;
  const path = `/containers/${encodeURIComponent(wanted)}`;
  const container = await askEngine(engine, `${path}/json`, signal);
  const imageId = textOf(member(container, 'Image'));
  if (imageId === undefined) throw await unknown(engine, 'container', wanted, signal);
  const changes = readChanges(await askEngine(engine, `${path}/changes`, signal));
  const image = await openEngineImage(engine, imageId, opening);
  return closeOnFailure({ file: image }, async () => {
    const exported = await fetchArchive(engine, `${path}/export`, opening);
    const written = writtenTar(exported.tar, changes);
    return {
      ...image,
      form: 'docker-daemon-container',
      tags: [(textOf(member(container, 'Name')) ?? wanted).replace(/^\//, '')],
      layers: [...image.layers, { mediaType: '', open: () => written.chunks(), isForeign: false, isRemade: true }],
      containerLayers: 1,
      problems: [...image.problems, ...exported.problems],
      close: () => {
        image.close();
        exported.file.close();
      },
    };
  });
}

/** Id and names of an image of the engine. Throws `NOT_FOUND`. */
export async function inspectImage(
  engine: Engine,
  wanted: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly id: string; readonly tags: readonly string[] }> {
  const path = wanted
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  const json = await askEngine(engine, `/images/${path}/json`, signal);
  const id = textOf(member(json, 'Id'));
  if (id === undefined || !/^(?:sha256:)?[0-9a-f]{64}$/.test(id)) throw await unknown(engine, 'image', wanted, signal);
  return { id, tags: textsOf(member(json, 'RepoTags')) };
}

async function unknown(
  engine: Engine,
  what: 'image' | 'container',
  wanted: string,
  signal: AbortSignal | undefined,
): Promise<VakthundError> {
  const [path, key] = what === 'image' ? ['/images/json', 'RepoTags'] : ['/containers/json?all=1', 'Names'];
  const names = listOf(await askEngine(engine, path, signal)).flatMap((one) => textsOf(member(one, key)));
  return new VakthundError('NOT_FOUND', `the engine at ${quote(engine.socket)} has no ${what} ${quote(wanted)}`, {
    hint: names
      .map((name) => name.replace(/^\//, ''))
      .slice(0, 10)
      .join(', '),
  });
}

async function fetchArchive(engine: Engine, path: string, opening: EngineOpening): Promise<TarArchive> {
  const { limits, spoolFolder, signal } = opening;
  return spoolTarArchive(`${engine.socket}${path}`, engine.client.stream(path, signal), limits, spoolFolder);
}

async function closeOnFailure<T>(held: { readonly file: { close(): void } }, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    held.file.close();
    throw error;
  }
}
