import { createHash, type Hash } from 'node:crypto';
import type { FileTree } from '../tree/tree.ts';

const chunkBytes = 1 << 20;
/** A file with holes may say that it has exabytes. */
const maxBytes = 2 ** 36;

/** Digests of a whole file in hexadecimal, read in pieces; undefined when it is none, cannot be read, or is larger than 64 GiB. */
export function digestsOf<Name extends string>(
  tree: FileTree,
  path: string,
  algorithms: readonly Name[],
): Record<Name, string> | undefined {
  const entry = tree.stat(path);
  if (entry?.type !== 'file' || entry.size > maxBytes) return undefined;
  const hashes = new Map<Name, Hash>(algorithms.map((name) => [name, createHash(name)]));
  for (let offset = 0; ;) {
    const chunk = tree.readAt(path, offset, chunkBytes);
    if (chunk === undefined) return undefined;
    if (chunk.length === 0) break;
    for (const hash of hashes.values()) hash.update(chunk);
    offset += chunk.length;
    if (offset > maxBytes) return undefined;
  }
  return Object.fromEntries([...hashes].map(([name, hash]) => [name, hash.digest('hex')])) as Record<Name, string>;
}
