import { createHash } from 'node:crypto';
import { VakthundError } from '../../base/errors.ts';
import { formatBytes } from '../../base/bytes.ts';
import type { Descriptor, Manifest } from './image.ts';
import type { DiskSection } from './spool.ts';

/** Where the blobs of images are kept by their digests: an OCI layout, or a repository of a registry. */
export interface ContentStore {
  /** The manifest or index that a tag or a digest names; undefined when there is none. Throws when its digest is not the one asked for. */
  manifest(reference: string): Promise<Manifest | undefined>;
  /** A blob from its start, as it is stored: whoever reads it must compare the digest. Throws when it is not there. */
  blob(descriptor: Descriptor): Iterable<Buffer> | AsyncIterable<Buffer>;
  /** The blob where it stands on disk, if it does. */
  section?(digest: string): DiskSection | undefined;
  /** What names this manifest as its subject: signatures, attestations, bills of materials (OCI distribution-spec, listing referrers). */
  referrers(digest: string): Promise<readonly Descriptor[]>;
  /** Tags that are known. */
  tags(): Promise<readonly string[]>;
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** Only SHA-256 names are followed: everything else that the specification registers is not in use. */
export function isDigest(text: string): boolean {
  return digestForm.test(text);
}

export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A small blob whole, with its digest and size compared. Throws when it is not what the descriptor says, or has more bytes. */
export async function readBlob(store: ContentStore, descriptor: Descriptor, maxBytes: number): Promise<Buffer> {
  const bytes = await collect(store.blob(descriptor), maxBytes, descriptor.digest);
  const digest = sha256Of(bytes);
  if (digest !== descriptor.digest) {
    throw new VakthundError('EVIDENCE_READ', `the blob ${descriptor.digest} has the digest ${digest}`);
  }
  return bytes;
}

/** All bytes of a stream. Throws `EVIDENCE_LIMIT` when there are more than `maxBytes`. */
export async function collect(
  source: Iterable<Buffer> | AsyncIterable<Buffer>,
  maxBytes: number,
  what: string,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of source) {
    size += part.length;
    if (size > maxBytes) {
      throw new VakthundError('EVIDENCE_LIMIT', `${what} has more than ${formatBytes(maxBytes)}`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
