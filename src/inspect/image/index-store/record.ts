import type { Distribution, Package } from '../../packages/package.ts';
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
  /** What its packages are matched under. */
  readonly distribution: Distribution | undefined;
  /** The user of its processes, as the configuration has it; empty is root. */
  readonly user: string;
  readonly packages: readonly IndexedPackage[];
  readonly indexedAt: string;
  /** How many problems there were when it was read: its list of packages may lack some. */
  readonly problems: number;
  /** What came out when its signatures were last judged; undefined when nobody asked. */
  readonly signature: IndexedSignature | undefined;
}

export interface IndexedSignature {
  /** `unreadable`: the form that it was read in keeps no signatures, or its registry did not give them. */
  readonly state: 'valid' | 'invalid' | 'missing' | 'unreadable';
  /** Who signed, or why nobody can say. */
  readonly detail: string;
  readonly judgedAt: string;
  /** Digest of what was trusted: another policy asks again. */
  readonly trust: string;
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
  /** What else matching needs. */
  readonly more?: MatchedBy;
}

export type MatchedBy = Partial<
  Pick<Package, 'source' | 'details' | 'foundBy' | 'ownedBy' | 'isDevelopment' | 'isProject'>
>;

/** An image that a manifest names, or that a container was made of. */
export interface ImageUse {
  /** As it is written there. */
  readonly reference: string;
  readonly path: string;
  readonly line: number;
  /** `service web`, `Deployment shop`, `FROM`, `container web`. */
  readonly what: string;
  /** Of a container in an engine's folder, which is `path`; `unknown` where that does not tell. Absent for what a manifest names. */
  readonly running?: 'yes' | 'no' | 'unknown';
}

/** One line of the index. Packages are rows of values, so that a line is not mostly names of members. */
export function imageToLine(image: IndexedImage): string {
  const packages = image.packages.map(({ name, version, type, purl, path, layer, more }) => {
    const row = [name, version, type, purl, path, layer ?? null];
    return more === undefined ? row : [...row, more];
  });
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
  const running = runningStates.find((state) => state === member(use, 'running'));
  return {
    use: {
      reference,
      path: textOf(member(use, 'path')) ?? '',
      line: sizeOf(member(use, 'line')),
      what: textOf(member(use, 'what')) ?? '',
      ...(running === undefined ? {} : { running }),
    },
  };
}

const runningStates = ['yes', 'no', 'unknown'] as const;

/** Where a use stands, for people: `compose.yaml:3 service web`, `/var/lib/docker container web, running`. */
export function describeUse({ path, line, what, running }: ImageUse): string {
  if (running === undefined) return `${path}:${line} ${what}`;
  const state = { yes: ', running', no: ', stopped', unknown: '' }[running];
  return `${path} ${what}${state}`;
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
    distribution: readDistribution(member(json, 'distribution')),
    user: textOf(member(json, 'user')) ?? '',
    packages: listOf(member(json, 'packages')).map(readPackage),
    indexedAt: textOf(member(json, 'indexedAt')) ?? '',
    problems: sizeOf(member(json, 'problems')),
    signature: readSignature(member(json, 'signature')),
  };
}

function readDistribution(json: Json): Distribution | undefined {
  const id = textOf(member(json, 'id'));
  if (id === undefined) return undefined;
  const exactRelease = textOf(member(json, 'exactRelease'));
  const repositoryRelease = textOf(member(json, 'repositoryRelease'));
  return {
    id,
    idLike: textsOf(member(json, 'idLike')),
    versionId: textOf(member(json, 'versionId')),
    codename: textOf(member(json, 'codename')),
    prettyName: textOf(member(json, 'prettyName')) ?? id,
    ...(exactRelease === undefined ? {} : { exactRelease }),
    ...(repositoryRelease === undefined ? {} : { repositoryRelease }),
  };
}

const signatureStates: readonly string[] = ['valid', 'invalid', 'missing', 'unreadable'];

function readSignature(json: Json): IndexedSignature | undefined {
  const state = textOf(member(json, 'state'));
  if (state === undefined || !signatureStates.includes(state)) return undefined;
  return {
    state: state as IndexedSignature['state'],
    detail: textOf(member(json, 'detail')) ?? '',
    judgedAt: textOf(member(json, 'judgedAt')) ?? '',
    trust: textOf(member(json, 'trust')) ?? '',
  };
}

function readPackage(row: Json): IndexedPackage {
  const [name, version, type, purl, path, layer, more] = listOf(row);
  return {
    name: textOf(name) ?? '',
    version: textOf(version) ?? '',
    type: textOf(type) ?? '',
    purl: textOf(purl) ?? '',
    path: textOf(path) ?? '',
    layer: typeof layer === 'number' ? layer : undefined,
    // Written by this program: the file is its owner's own.
    ...(typeof more === 'object' && more !== null ? { more: more as MatchedBy } : {}),
  };
}
