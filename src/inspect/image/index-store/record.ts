import { listOf, member, sizeOf, textOf, textsOf, type Json } from '../json.ts';

/** An image of the index: what it is, where it was found, and what is in it. */
export interface IndexedImage {
  /** Digest of the configuration; of a root filesystem that of its tar. What two ways to store one image have in common. */
  readonly id: string;
  /** Digest of the manifest, where it was found with one. */
  readonly digest: string | undefined;
  /** Names that lead to it now, in full: `registry.example/team/app:1.4`. */
  readonly names: readonly string[];
  /** What was typed or found to read it: a name in a registry, an archive. */
  readonly places: readonly string[];
  readonly platform: string;
  /** ISO 8601; undefined when the image does not say. */
  readonly created: string | undefined;
  /** Digests of the uncompressed layers, lowest first. */
  readonly layers: readonly string[];
  /** `Alpine Linux v3.11`. */
  readonly distribution: string | undefined;
  readonly packages: readonly IndexedPackage[];
  readonly indexedAt: string;
  /** How many problems there were when it was read: its list of packages may lack some. */
  readonly problems: number;
}

export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly purl: string;
  /** First file that proves it. */
  readonly path: string;
  /** Layer of that file. */
  readonly layer: number | undefined;
}

/** An image that a manifest names. */
export interface ImageUse {
  /** As it is written there. */
  readonly reference: string;
  readonly path: string;
  readonly line: number;
  /** `service web`, `Deployment shop`, `FROM`. */
  readonly what: string;
}

/** One line of the index. Packages are rows of values, so that a line is not mostly names of members. */
export function imageToLine(image: IndexedImage): string {
  const packages = image.packages.map(({ name, version, type, purl, path, layer }) => [
    name,
    version,
    type,
    purl,
    path,
    layer ?? null,
  ]);
  return JSON.stringify({ image: { ...image, packages } });
}

export function useToLine(use: ImageUse): string {
  return JSON.stringify({ use });
}

/** What a line holds; undefined for one that is neither an image nor a use. */
export function readLine(line: Json): { readonly image: IndexedImage } | { readonly use: ImageUse } | undefined {
  const image = member(line, 'image');
  const id = textOf(member(image, 'id'));
  if (id !== undefined) return { image: readImage(id, image) };
  const use = member(line, 'use');
  const reference = textOf(member(use, 'reference'));
  if (reference === undefined) return undefined;
  return {
    use: {
      reference,
      path: textOf(member(use, 'path')) ?? '',
      line: sizeOf(member(use, 'line')),
      what: textOf(member(use, 'what')) ?? '',
    },
  };
}

function readImage(id: string, json: Json): IndexedImage {
  return {
    id,
    digest: textOf(member(json, 'digest')),
    names: textsOf(member(json, 'names')),
    places: textsOf(member(json, 'places')),
    platform: textOf(member(json, 'platform')) ?? '',
    created: textOf(member(json, 'created')),
    layers: textsOf(member(json, 'layers')),
    distribution: textOf(member(json, 'distribution')),
    packages: listOf(member(json, 'packages')).map(readPackage),
    indexedAt: textOf(member(json, 'indexedAt')) ?? '',
    problems: sizeOf(member(json, 'problems')),
  };
}

function readPackage(row: Json): IndexedPackage {
  const [name, version, type, purl, path, layer] = listOf(row);
  return {
    name: textOf(name) ?? '',
    version: textOf(version) ?? '',
    type: textOf(type) ?? '',
    purl: textOf(purl) ?? '',
    path: textOf(path) ?? '',
    layer: typeof layer === 'number' ? layer : undefined,
  };
}
