import { createHash } from 'node:crypto';
import type { FileTree } from '../../tree/tree.ts';

/** Bytes hashed at a time. */
const partBytes = 2 ** 24;
/** A larger file is not hashed: no package delivers one, and a sparse one would take for ever. */
const maxBytes = 2 ** 32;

/**
 * Digest of a file's content, hexadecimal; undefined for what cannot be read. Of a link apk keeps the digest of its text, and dpkg none: where
 * one stands in the place of a file, what it leads to is hashed.
 */
export function digestOf(tree: FileTree, path: string, algorithm: string): string | undefined {
  const named = tree.lstat(path);
  if (named?.type === 'symlink' && algorithm !== 'md5') {
    return createHash(algorithm)
      .update(named.target ?? '')
      .digest('hex');
  }
  const entry = named?.type === 'symlink' ? tree.stat(path) : named;
  if (entry?.type !== 'file' || entry.size > maxBytes) return undefined;
  if (tree.digest !== undefined) return tree.digest(path, algorithm);
  const hash = createHash(algorithm);
  if (entry.size <= partBytes) {
    const bytes = tree.read(path, partBytes);
    return bytes === undefined ? undefined : hash.update(bytes).digest('hex');
  }
  for (let at = 0; at < entry.size; at += partBytes) {
    const part = tree.readAt(path, at, partBytes);
    if (part === undefined || part.length === 0) return undefined;
    hash.update(part);
  }
  return hash.digest('hex');
}
