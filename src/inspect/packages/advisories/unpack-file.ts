import { formatBytes } from '../../../base/bytes.ts';
import { decompressed } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { FeedFile } from './format.ts';

/** Bytes of one file of advisories, uncompressed. The largest published one (Debian's tracker) has about 70 MB. */
export const maxFileBytes = 512 << 20;
export const maxFiles = 2_000_000;
/** Memory that is taken on the word of an archive. */
export const maxClaimedBytes = 16 << 20;

export type Opened = FeedFile | { readonly problem: Problem };

export function tooLarge(path: string, size: number): Opened {
  return problem(path, 'limit-reached', `it has ${formatBytes(size)} and was not read`);
}

/** Content of a file that may be compressed, told from its first bytes; `size` is what it takes there. */
export async function unpack(
  path: string,
  content: Iterable<Buffer> | AsyncIterable<Buffer>,
  size: number,
): Promise<Opened> {
  // Most are not compressed: then this is all the memory that it takes.
  let bytes = Buffer.allocUnsafe(Math.min(size, maxFileBytes));
  let length = 0;
  try {
    for await (const chunk of decompressed(content)) {
      const end = length + chunk.length;
      if (end > maxFileBytes) return tooLarge(path, end);
      if (end > bytes.length) bytes = grown(bytes, length, end);
      chunk.copy(bytes, length);
      length = end;
    }
  } catch (error) {
    return problem(path, 'decompress-failed', messageOf(error));
  }
  return { path, bytes: bytes.subarray(0, length) };
}

function grown(bytes: Buffer, length: number, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, bytes.length * 2), maxFileBytes));
  bytes.copy(larger, 0, 0, length);
  return larger;
}

export function problem(path: string, code: Problem['code'], message: string): Opened {
  return { problem: { code, at: { path }, message } };
}
