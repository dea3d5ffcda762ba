import { VakthundError } from '../../../base/errors.ts';
import { quote } from '../../../base/problem.ts';
import { sha256Of } from '../content-store.ts';
import type { ImageSource, LayerSource } from '../image-source.ts';
import { listOf, member, parseJson, textOf, textsOf, type Json } from '../json.ts';
import type { ImageLimits } from '../limits.ts';
import { familiarName } from '../reference.ts';
import { readSection, type TarArchive } from './tar-archive.ts';

const manifestName = 'manifest.json';

interface ArchivedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** What `docker save` wrote: a list of images in `manifest.json`. Undefined when the tar is none. */
export function listDockerArchive(archive: TarArchive, limits: ImageLimits): readonly ArchivedImage[] | undefined {
  const section = archive.member(manifestName);
  if (section === undefined || section.size > limits.metadataBytes) return undefined;
  let json: Json;
  try {
    json = parseJson(readSection(section, limits.metadataBytes, manifestName), manifestName);
  } catch {
    return undefined;
  }
  const images = listOf(json).map((image) => ({
    config: textOf(member(image, 'Config')) ?? '',
    tags: textsOf(member(image, 'RepoTags')),
    layers: textsOf(member(image, 'Layers')),
  }));
  return images.length > 0 && images.every(({ config }) => config !== '') ? images : undefined;
}

/** The image of an archive: by tag, by the place in the list (`@0`), or the only one. */
export function openDockerArchive(
  archive: TarArchive,
  images: readonly ArchivedImage[],
  wanted: string | undefined,
  path: string,
  limits: ImageLimits,
): ImageSource {
  const image = choose(images, wanted, path);
  const config = archive.member(image.config);
  if (config === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${path}" names the configuration ${quote(image.config)} and has it not`);
  }
  const bytes = readSection(config, limits.metadataBytes, 'configuration');
  return {
    form: 'docker-archive',
    tags: image.tags,
    config: { bytes, digest: sha256Of(bytes) },
    layers: image.layers.map((name): LayerSource => {
      const section = archive.member(name);
      if (section === undefined) {
        throw new VakthundError('EVIDENCE_READ', `"${path}" names the layer ${quote(name)} and has it not`);
      }
      return { mediaType: '', section, open: () => section.chunks(), isForeign: false };
    }),
    problems: archive.problems,
  };
}

function choose(images: readonly ArchivedImage[], wanted: string | undefined, path: string): ArchivedImage {
  if (wanted?.startsWith('@') === true) {
    const image = images[Number(wanted.slice(1))];
    if (image !== undefined) return image;
  }
  const name = wanted === undefined ? undefined : familiarName(wanted);
  const fitting = images.filter(({ tags }) => name === undefined || tags.some((tag) => familiarName(tag) === name));
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  const names = images.map(({ tags }, index) => tags[0] ?? `@${index}`);
  const message =
    wanted === undefined ? `"${path}" holds ${images.length} images` : `"${path}" holds no image ${quote(wanted)}`;
  throw new VakthundError(wanted === undefined ? 'USAGE' : 'NOT_FOUND', message, {
    hint: names
      .map((one) => `docker-archive:${path}:${one}`)
      .slice(0, 10)
      .join(', '),
  });
}
