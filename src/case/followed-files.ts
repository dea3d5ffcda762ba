import { closeSync, openSync, readSync, statSync, type BigIntStats } from 'node:fs';
import type { Leaf } from '../collect/open/leaf.ts';
import type { ReadSoFar } from './fingerprint.ts';

interface Known {
  readonly inode: bigint;
  readonly size: bigint;
  readonly mtime: bigint;
  /** Of a plain file: what has been read, and its last bytes. */
  readonly read?: { readonly soFar: ReadSoFar; readonly tail: Buffer };
}

const tailBytes = 256;
/** Files remembered; beyond it the longest unchanged ones are looked at anew. */
const maxFiles = 10_000;

/**
 * What is known of files that are looked at again and again: one that has not changed is not opened, and of one that has grown only
 * the growth is read. A file that was written anew, cut or replaced is looked at from its start.
 */
export class FollowedFiles {
  readonly #files = new Map<string, Known>();

  /** Whether the file is as it was when `remember` was called. */
  isUnchanged(path: string): boolean {
    const known = this.#files.get(path);
    const stats = statOf(path);
    return (
      known !== undefined &&
      stats !== undefined &&
      known.inode === stats.ino &&
      known.size === stats.size &&
      known.mtime === stats.mtimeNs
    );
  }

  /** What has been read of a plain file that has only grown since. */
  readBefore(leaf: Leaf): ReadSoFar | undefined {
    const known = this.#files.get(leaf.filePath);
    const stats = statOf(leaf.filePath);
    if (known?.read === undefined || stats === undefined || !isPlain(leaf)) return undefined;
    const { soFar, tail } = known.read;
    if (known.inode !== stats.ino || stats.size < BigInt(soFar.size)) return undefined;
    return tailOf(leaf.filePath, soFar.size).equals(tail) ? soFar : undefined;
  }

  /** `stats` are of before the reading: what came in between is then seen as a change. */
  remember(path: string, stats: BigIntStats | undefined, leaf: Leaf | undefined, soFar: ReadSoFar | undefined): void {
    if (stats === undefined) return;
    const read =
      leaf !== undefined && soFar !== undefined && isPlain(leaf)
        ? { read: { soFar, tail: tailOf(path, soFar.size) } }
        : {};
    this.#files.delete(path);
    this.#files.set(path, { inode: stats.ino, size: stats.size, mtime: stats.mtimeNs, ...read });
    if (this.#files.size > maxFiles) this.#files.delete(this.#files.keys().next().value ?? '');
  }
}

function isPlain(leaf: Leaf): boolean {
  return leaf.compression === 'none' && leaf.diskPath === leaf.filePath;
}

export function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** The bytes that end at `size`. */
function tailOf(path: string, size: number): Buffer {
  const length = Math.min(size, tailBytes);
  const buffer = Buffer.alloc(length);
  const descriptor = openSync(path, 'r');
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, size - length));
  } finally {
    closeSync(descriptor);
  }
}
