import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf } from '../../../base/errors.ts';
import { systemPath } from './attributes.ts';

const chunk = Buffer.allocUnsafe(1 << 20);
/** Linux: reading does not touch the access time. For the owner of a file and root only. */
const noAtime = 0o1000000;
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** SHA-256 of the first `limit` bytes of a regular file in base64url; `!` and a message when it cannot be read. The path is bytes (latin1). */
export function hashFile(path: string, limit: number): string {
  let descriptor: number | undefined;
  try {
    descriptor = open(systemPath(path));
    // It may have become something else since it was listed.
    if (!fstatSync(descriptor).isFile()) return '!it is no regular file any more';
    return hashOpen(descriptor, limit);
  } catch (error) {
    return `!${messageOf(error)}`;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function open(path: string | Buffer): number {
  try {
    return openSync(path, flags | noAtime);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(path, flags);
  }
}

/** Most files fit into the buffer: they are hashed in one call. */
function hashOpen(descriptor: number, limit: number): string {
  let filled = 0;
  let left = limit;
  while (filled < chunk.length && left > 0) {
    const count = readSync(descriptor, chunk, filled, Math.min(chunk.length - filled, left), null);
    if (count === 0) return hash('sha256', chunk.subarray(0, filled), 'base64url');
    filled += count;
    left -= count;
  }
  const digest = createHash('sha256').update(chunk.subarray(0, filled));
  while (left > 0) {
    const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, left), null);
    if (count === 0) break;
    digest.update(chunk.subarray(0, count));
    left -= count;
  }
  return digest.digest('base64url');
}
