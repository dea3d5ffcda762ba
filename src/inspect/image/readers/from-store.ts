import { VakthundError } from '../../../base/errors.ts';
import { quote, type Problem } from '../../../base/problem.ts';
import { readBlob, type ContentStore } from '../content-store.ts';
import type { Descriptor, ImageForm, Manifest, Platform } from '../image.ts';
import type { ImageSource, LayerSource } from '../image-source.ts';
import type { ImageLimits } from '../limits.ts';
import { choosePlatform, formatPlatform, isForeignType, platformsOf, readManifest } from '../manifest.ts';

/** An index may name indexes; nobody nests them deeper. */
const maxDepth = 4;

export interface PlatformChoice {
  readonly platform: Platform;
  /** The platform was asked for: any other is then no answer. */
  readonly isPlatformWanted: boolean;
}

/** Where an image was found, and what it was called there. */
export interface StoreStart {
  readonly store: ContentStore;
  readonly form: ImageForm;
  readonly start: Manifest;
  readonly tags: readonly string[];
  readonly problems: readonly Problem[];
}

/** Follows a manifest, through an index to the one of the platform, to configuration and layers. */
export async function imageFromStore(
  { store, form, start, tags, problems }: StoreStart,
  { limits, ...choice }: PlatformChoice & { readonly limits: ImageLimits },
): Promise<ImageSource> {
  const { manifest, index } = await followIndex(store, start, choice);
  const { config, layers } = readManifest(manifest.bytes);
  if (config === undefined) throw new VakthundError('EVIDENCE_READ', `${manifest.digest} is no manifest of an image`);
  const bytes = await readBlob(store, config, limits.metadataBytes);
  return {
    form,
    tags,
    manifest,
    ...(index === undefined ? {} : { index }),
    config: { bytes, digest: config.digest },
    layers: layers.map((layer) => layerSource(store, layer)),
    problems,
  };
}

async function followIndex(
  store: ContentStore,
  start: Manifest,
  choice: PlatformChoice,
): Promise<{ manifest: Manifest; index: Manifest | undefined }> {
  let manifest = start;
  let index: Manifest | undefined;
  for (let depth = 0; depth < maxDepth; depth++) {
    const { manifests } = readManifest(manifest.bytes);
    if (manifests === undefined) return { manifest, index };
    const chosen = chooseManifest(manifests, choice);
    const next = await store.manifest(chosen.digest);
    if (next === undefined) {
      throw new VakthundError('EVIDENCE_READ', `the manifest ${quote(chosen.digest)} is named and not there`);
    }
    index ??= manifest;
    manifest = next;
  }
  throw new VakthundError('EVIDENCE_LIMIT', 'indexes are nested too deep');
}

function chooseManifest(manifests: readonly Descriptor[], { platform, isPlatformWanted }: PlatformChoice): Descriptor {
  const images = manifests.filter((one) => one.platform?.os !== 'unknown' && one.artifactType === undefined);
  const fitting = choosePlatform(images, platform);
  if (fitting !== undefined) return fitting;
  const [only, ...others] = images;
  if (only !== undefined && others.length === 0 && (!isPlatformWanted || only.platform === undefined)) return only;
  const message = `the index has no image for ${formatPlatform(platform)}`;
  throw new VakthundError('NOT_FOUND', message, {
    hint: platformsOf(manifests)
      .map((one) => `--platform ${one}`)
      .slice(0, 10)
      .join(', '),
  });
}

function layerSource(store: ContentStore, descriptor: Descriptor): LayerSource {
  const { mediaType, digest, size, urls } = descriptor;
  const section = store.section?.(digest);
  const isForeign = section === undefined && isForeignType(mediaType) && urls.length > 0;
  return {
    mediaType,
    digest,
    size,
    ...(section === undefined ? {} : { section }),
    open: () => store.blob(descriptor),
    isForeign,
  };
}
