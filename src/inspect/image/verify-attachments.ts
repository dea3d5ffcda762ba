import { VakthundError, messageOf } from '../../base/errors.ts';
import type { Problem, ProblemCode } from '../../base/problem.ts';
import { readBlob, type ContentStore } from './content-store.ts';
import type { Descriptor, Manifest } from './image.ts';
import { readManifest } from './manifest.ts';
import { maxEnvelopeBytes, type Attachment } from './signature-scheme.ts';

export interface FoundAttachments {
  readonly attachments: readonly Attachment[];
  readonly problems: readonly Problem[];
}

/** Blobs beside one image that are read; an image that was signed by each build for years has some dozens. */
const maxAttachments = 256;
/** Suffixes of cosign's tags `sha256-DIGEST.SUFFIX`. */
const tagSuffixes = ['sig', 'att'] as const;

/**
 * Everything that may be a signature of a manifest: layers of its referrers (and of the tag that stands in for them), and of cosign's
 * tags, and of `others`, which are known to belong to it. A blob that is missing, changed or too large is a problem; the others are read.
 */
export async function findAttachments(
  store: ContentStore,
  digest: string,
  others: readonly Descriptor[] = [],
): Promise<FoundAttachments> {
  const problems: Problem[] = [];
  const attachments: Attachment[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      problems.push({ code: codeOf(error), at: { path: what }, message: messageOf(error) });
    }
  };
  const addLayers = async (from: string, manifest: Manifest | undefined, referrer?: Descriptor): Promise<void> => {
    if (manifest === undefined) return;
    const { layers, config, artifactType } = readManifest(manifest.bytes);
    const type = artifactType ?? referrer?.artifactType ?? config?.mediaType;
    for (const layer of layers) {
      if (attachments.length >= maxAttachments) {
        throw new VakthundError('EVIDENCE_LIMIT', `more than ${maxAttachments} blobs stand beside ${digest}`);
      }
      await attempt(layer.digest, async () => {
        const bytes = await readBlob(store, layer, maxEnvelopeBytes);
        const at = `${layer.digest} of ${from}`;
        const { mediaType, annotations } = layer;
        attachments.push({ at, mediaType, annotations, bytes, ...(type === undefined ? {} : { artifactType: type }) });
      });
    }
  };
  await attempt(digest, async () => {
    const referrers = (await store.referrers(digest)).filter((referrer) => !isDescription(referrer));
    if (referrers.length > maxAttachments) {
      const message = `of ${referrers.length} referrers, ${maxAttachments} are read`;
      problems.push({ code: 'limit-reached', at: { path: digest }, message });
    }
    for (const referrer of referrers.slice(0, maxAttachments)) {
      await attempt(referrer.digest, async () =>
        addLayers(`the referrer ${referrer.digest}`, await store.manifest(referrer.digest), referrer),
      );
    }
  });
  for (const other of others) {
    await attempt(other.digest, async () =>
      addLayers(`the manifest ${other.digest}`, await store.manifest(other.digest), other),
    );
  }
  for (const suffix of tagSuffixes) {
    const tag = `${digest.replace(':', '-')}.${suffix}`;
    await attempt(tag, async () => addLayers(`the tag ${tag}`, await store.manifest(tag)));
  }
  return { attachments, problems };
}

/** Bills of materials by themselves are no signatures, and may be large. */
function isDescription({ artifactType = '' }: Descriptor): boolean {
  return /^application\/(?:spdx|vnd\.cyclonedx)/.test(artifactType);
}

function codeOf(error: unknown): ProblemCode {
  return error instanceof VakthundError && error.code === 'EVIDENCE_LIMIT' ? 'limit-reached' : 'unreadable';
}
