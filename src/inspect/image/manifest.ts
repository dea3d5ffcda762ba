import { VakthundError } from '../../base/errors.ts';
import { quote } from '../../base/problem.ts';
import { readPlatform } from './config.ts';
import { isDigest } from './content-store.ts';
import type { Descriptor, Platform } from './image.ts';
import { listOf, member, parseJson, recordOf, sizeOf, textOf, textsOf, type Json } from './json.ts';

/** A manifest or an index, whichever it is: OCI image-spec (manifest.md, image-index.md), Docker's schema 2 has the same members. */
export interface ReadManifest {
  /** Of an image; undefined for an index. */
  readonly config: Descriptor | undefined;
  readonly layers: readonly Descriptor[];
  /** Of an index; undefined for an image. */
  readonly manifests: readonly Descriptor[] | undefined;
  readonly artifactType: string | undefined;
  readonly subject: Descriptor | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Throws when it is no JSON, or neither of the two. Descriptors without a usable digest are left out. */
export function readManifest(bytes: Buffer): ReadManifest {
  const json = parseJson(bytes, 'manifest');
  const manifests = member(json, 'manifests');
  const config = readDescriptor(member(json, 'config'));
  if (!Array.isArray(manifests) && config === undefined) {
    const isOld = member(json, 'schemaVersion') === 1;
    const message = isOld
      ? 'manifests of Docker schema 1 are not read'
      : 'the manifest names neither configuration nor manifests';
    throw new VakthundError('EVIDENCE_READ', message);
  }
  return {
    config,
    layers: descriptorsOf(member(json, 'layers')),
    manifests: Array.isArray(manifests) ? descriptorsOf(manifests) : undefined,
    artifactType: textOf(member(json, 'artifactType')),
    subject: readDescriptor(member(json, 'subject')),
    annotations: recordOf(member(json, 'annotations')),
  };
}

function descriptorsOf(json: Json): Descriptor[] {
  return listOf(json)
    .map(readDescriptor)
    .filter((descriptor) => descriptor !== undefined);
}

/** Undefined when it has no digest that can be compared. */
function readDescriptor(json: Json): Descriptor | undefined {
  const digest = textOf(member(json, 'digest'));
  if (digest === undefined || !isDigest(digest)) return undefined;
  const artifactType = textOf(member(json, 'artifactType'));
  const platform = member(json, 'platform');
  return {
    mediaType: textOf(member(json, 'mediaType')) ?? '',
    digest,
    size: sizeOf(member(json, 'size')),
    annotations: recordOf(member(json, 'annotations')),
    urls: textsOf(member(json, 'urls')),
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(platform === undefined ? {} : { platform: readPlatform(platform) }),
  };
}

/** The media type of a manifest: what it says itself, else the one that it was delivered under. */
export function mediaTypeOf(bytes: Buffer, delivered: string): string {
  return textOf(member(parseJson(bytes, 'manifest'), 'mediaType')) ?? delivered;
}

/** Where media types say so: what a registry must not hand out again. */
export function isForeignType(mediaType: string): boolean {
  return /\.(?:foreign\.diff|layer\.nondistributable)\./.test(mediaType);
}

/** `OS/ARCHITECTURE[/VARIANT]`. Throws `USAGE` when it is none. */
export function parsePlatform(text: string): Platform {
  const [os = '', architecture = '', variant, ...more] = text.split('/');
  if (os === '' || architecture === '' || more.length > 0) {
    throw new VakthundError('USAGE', `${quote(text)} is no platform`, { hint: 'such as: --platform linux/arm64' });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** The manifest of an index that fits a platform: exactly, else without regard to the variant. */
export function choosePlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor | undefined {
  const same = manifests.filter(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
  return same.find(({ platform }) => platform?.variant === wanted.variant) ?? same[0];
}

/** Images that an index offers; attestations of BuildKit stand among them under a platform that is none. */
export function platformsOf(manifests: readonly Descriptor[]): string[] {
  return manifests.flatMap(({ platform }) =>
    platform === undefined || platform.os === 'unknown' ? [] : [formatPlatform(platform)],
  );
}
