import { statSync } from 'node:fs';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { Descriptor, Manifest } from './image.ts';
import { defaultImageLimits } from './limits.ts';
import { locate } from './location.ts';
import { readManifest } from './manifest.ts';
import { isOciLayout, LayoutFolder, layoutInArchive, namesOf, OciLayout } from './readers/oci-layout.ts';
import { openTarArchive } from './readers/tar-archive.ts';
import type { SignedSubject } from './signature-scheme.ts';
import type { SignedThing } from './verify.ts';
import { findAttachments } from './verify-attachments.ts';
import { readDirectoryImage } from './verify-directory.ts';

export interface SignedImage {
  /** The manifest or index that was asked for with what stands beside it; after an index, the manifests of its platforms. */
  readonly things: readonly [SignedThing, ...SignedThing[]];
  readonly problems: readonly Problem[];
}

/** Manifests of one index whose own signatures are looked for. */
const maxPlatforms = 64;

/**
 * What of an image is signed, and what stands beside it; layers are not read. `reference` is what a person types (see `locate`): an OCI
 * layout in a folder or a tar, or a folder in the layout of `skopeo copy … dir:`. Throws when it cannot be opened.
 */
export async function openSignedImage(reference: string): Promise<SignedImage> {
  const location = locate(reference);
  if (location.kind === 'registry') {
    throw new VakthundError('NOT_FOUND', `"${location.name}" is no file and no folder`);
  }
  const { path, image } = location;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new VakthundError('NOT_FOUND', `"${path}" does not exist`);
  if (!stat.isDirectory()) {
    const archive = await openTarArchive(path, defaultImageLimits, undefined);
    try {
      const files = layoutInArchive(path, archive);
      if (!isOciLayout(files)) throw keepsNoSignatures(path);
      return await fromStore(new OciLayout(files, defaultImageLimits), path, image);
    } finally {
      archive.file.close();
    }
  }
  const folder = new LayoutFolder(path);
  try {
    if (isOciLayout(folder)) return await fromStore(new OciLayout(folder, defaultImageLimits), path, image);
  } finally {
    folder.close();
  }
  const directory = readDirectoryImage(path);
  if (directory === undefined) throw keepsNoSignatures(path);
  const { subject, attachments, problems } = directory;
  return { things: [{ subject, attachments }], problems };
}

function keepsNoSignatures(path: string): VakthundError {
  return new VakthundError('EVIDENCE_READ', `"${path}" keeps neither the manifest that was signed nor signatures`, {
    hint: 'copy the image with its signatures into an OCI layout: cosign save, oras copy -r, or skopeo copy … dir:FOLDER',
  });
}

async function fromStore(layout: OciLayout, path: string, image: string | undefined): Promise<SignedImage> {
  const start = startOf(layout, path, image);
  const first = await findAttachments(layout, start.digest, layout.entries.filter(isSavedSignature));
  const problems: Problem[] = [...first.problems];
  const parts: SignedThing[] = [];
  for (const digest of platformsIn(start)) {
    const manifest = await layout.manifest(digest);
    const found = await findAttachments(layout, digest);
    problems.push(...found.problems);
    parts.push({ subject: manifest === undefined ? { digest } : subjectOf(manifest), attachments: found.attachments });
  }
  return { things: [{ subject: subjectOf(start), attachments: first.attachments }, ...parts], problems };
}

function subjectOf({ digest, bytes, mediaType }: Manifest): SignedSubject {
  return { digest, bytes, ...(mediaType === '' ? {} : { mediaType }) };
}

/** The manifest that was asked for by name or digest, or the only one that is no signature of another. */
function startOf(layout: OciLayout, path: string, image: string | undefined): Manifest {
  const asked =
    image === undefined ? [] : [...layout.entries.filter(({ digest }) => digest === image), ...layout.find(image)];
  const entries = image === undefined ? layout.entries.filter((entry) => isImage(layout, entry)) : asked;
  const digests = new Set(entries.map(({ digest }) => digest));
  const [entry] = entries;
  if (entry === undefined || digests.size !== 1) {
    const what = image === undefined ? `${digests.size} images` : `no single image "${image}"`;
    throw new VakthundError(digests.size > 1 ? 'USAGE' : 'NOT_FOUND', `"${path}" holds ${what}`, {
      hint: layout.entries
        .filter((one) => isImage(layout, one))
        .map((one) => `oci:${path}:${namesOf(one)[0] ?? one.digest}`)
        .slice(0, 10)
        .join(', '),
    });
  }
  const manifest = layout.manifestOf(entry);
  if (manifest === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${path}" names ${entry.digest} and has it not`);
  }
  return manifest;
}

function isImage(layout: OciLayout, entry: Descriptor): boolean {
  if (isSavedSignature(entry) || namesOf(entry).some((name) => /(?:^|:)sha256-[0-9a-f]{64}/.test(name))) return false;
  const manifest = layout.manifestOf(entry);
  return manifest === undefined || readManifest(manifest.bytes).subject === undefined;
}

/** `cosign save` marks signatures and attestations of its one image so, and gives them no name. */
function isSavedSignature({ annotations }: Descriptor): boolean {
  return /^dev\.cosignproject\.cosign\/(?:sigs|atts)$/.test(annotations['kind'] ?? '');
}

/** Digests of the images that an index leads to; attestations of BuildKit stand among them under a platform that is none. */
function platformsIn({ bytes }: Manifest): string[] {
  const manifests = (readManifest(bytes).manifests ?? []).filter(({ platform }) => platform?.os !== 'unknown');
  if (manifests.length > maxPlatforms) {
    throw new VakthundError('EVIDENCE_LIMIT', `the index leads to more than ${maxPlatforms} images`);
  }
  return [...new Set(manifests.map(({ digest }) => digest))];
}
