import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { VakthundError } from '../../../base/errors.ts';
import type { FileContent } from '../../../match/files/sign.ts';

/** Bytes of one file that are held in memory and looked at. */
const maxHeldBytes = 2 ** 26;

export interface HashedFile {
  readonly content: FileContent;
  /** Of the whole file. */
  readonly sha256: string;
}

/** Reads a regular file: its beginning, and the hash of all of it. */
export async function readHashedFile(path: string, signal: AbortSignal): Promise<HashedFile> {
  const parts: Buffer[] = [];
  const hash = createHash('sha256');
  let [size, held] = [0, 0];
  try {
    // A pipe or a device may have no end.
    if (!(await stat(path)).isFile()) throw new VakthundError('EVIDENCE_READ', `"${path}" is no regular file`);
    const stream: AsyncIterable<Buffer> = createReadStream(path, { signal });
    for await (const part of stream) {
      hash.update(part);
      size += part.length;
      const kept = part.subarray(0, maxHeldBytes - held);
      if (kept.length > 0) parts.push(kept);
      held += kept.length;
    }
  } catch (error) {
    if (signal.aborted || error instanceof VakthundError) throw error;
    throw new VakthundError('EVIDENCE_READ', `"${path}" cannot be read`, { cause: error });
  }
  return { content: { name: path, bytes: Buffer.concat(parts), size }, sha256: hash.digest('hex') };
}
