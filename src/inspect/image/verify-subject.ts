import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { ContentStore } from './content-store.ts';
import type { Manifest } from './image.ts';
import { locate } from './location.ts';
import { readManifest } from './manifest.ts';
import { isSavedSignature, openContentStore, type OpenImageOptions, type StoredImage } from './open-store.ts';
import { OciLayout } from './readers/oci-layout.ts';
import { parseReference } from './reference.ts';
import type { SignedSubject } from './signature-scheme.ts';
import { findAttachments } from './verify-attachments.ts';
import { readDirectoryImage } from './verify-directory.ts';
import type { SignedThing } from './verify.ts';

export interface SignedImage {
  /** The manifest or index that was asked for with what stands beside it; after an index, the manifests of its platforms. */
  readonly things: readonly [SignedThing, ...SignedThing[]];
  readonly problems: readonly Problem[];
}

/** Manifests of one index whose own signatures are looked for. */
const maxPlatforms = 64;

/**
 * What of an image is signed, and what stands beside it; layers are not read. `reference` is what a person types (see `locate`): an OCI
 * layout, a name in a registry, or a folder in the layout of `skopeo copy … dir:`. Throws when it cannot be opened, and for forms
 * that keep no manifests.
 */
export async function openSignedImage(reference: string, options: OpenImageOptions = {}): Promise<SignedImage> {
  const location = locate(reference);
  if (location.kind === 'path' && isPlainFolder(location.path)) {
    const directory = readDirectoryImage(location.path);
    if (directory === undefined) throw keepsNoSignatures(location.path);
    const { subject, attachments, problems } = directory;
    return { things: [{ subject, attachments }], problems };
  }
  const origin = location.kind === 'registry' ? originOf(location.name) : {};
  const image = await openContentStore(reference, options);
  try {
    return await signedImageIn(image, origin);
  } finally {
    image.close();
  }
}

function isPlainFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && !existsSync(join(path, 'oci-layout'));
}

function keepsNoSignatures(path: string): VakthundError {
  return new VakthundError('EVIDENCE_READ', `"${path}" keeps neither the manifest that was signed nor signatures`, {
    hint: 'copy the image with its signatures into an OCI layout: cosign save, oras copy -r, or skopeo copy … dir:FOLDER',
  });
}

type Origin = Pick<SignedSubject, 'repository' | 'tag'>;

/** Where an image of a registry is from; a digest was signed under no tag in particular. */
function originOf(name: string): Origin {
  const { registry, repository, tag, digest } = parseReference(name);
  const asked = tag ?? (digest === undefined ? 'latest' : undefined);
  return { repository: `${registry}/${repository}`, ...(asked === undefined ? {} : { tag: asked }) };
}

async function signedImageIn({ store, start, problems }: StoredImage, origin: Origin): Promise<SignedImage> {
  const saved = store instanceof OciLayout ? store.entries.filter(isSavedSignature) : [];
  const first = await findAttachments(store, start.digest, saved);
  const all: Problem[] = [...problems, ...first.problems];
  const parts: SignedThing[] = [];
  for (const digest of platformsIn(start)) {
    const found = await partOf(store, digest, origin.repository);
    all.push(...found.problems);
    parts.push(found);
  }
  return { things: [{ subject: subjectOf(start, origin), attachments: first.attachments }, ...parts], problems: all };
}

/** One image of an index; it has no tag of its own. */
async function partOf(
  store: ContentStore,
  digest: string,
  repository: string | undefined,
): Promise<SignedThing & { readonly problems: readonly Problem[] }> {
  const manifest = await store.manifest(digest);
  const origin = repository === undefined ? {} : { repository };
  const { attachments, problems } = await findAttachments(store, digest);
  return {
    subject: manifest === undefined ? { digest, ...origin } : subjectOf(manifest, origin),
    attachments,
    problems,
  };
}

function subjectOf({ digest, bytes, mediaType }: Manifest, origin: Origin): SignedSubject {
  return { digest, bytes, ...(mediaType === '' ? {} : { mediaType }), ...origin };
}

/** Digests of the images that an index leads to; attestations of BuildKit stand among them under a platform that is none. */
function platformsIn({ bytes }: Manifest): string[] {
  const manifests = (readManifest(bytes).manifests ?? []).filter(({ platform }) => platform?.os !== 'unknown');
  if (manifests.length > maxPlatforms) {
    throw new VakthundError('EVIDENCE_LIMIT', `the index leads to more than ${maxPlatforms} images`);
  }
  return [...new Set(manifests.map(({ digest }) => digest))];
}
