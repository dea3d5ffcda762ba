import type { FileTree, TreeEntry } from '../../tree/tree.ts';
import { ZipFile, type ByteSource } from './zip-file.ts';

/** Archives up to this size are read at once, which is much faster than in places. */
const maxWholeBytes = 2 ** 26;

/** Bytes of a file of a tree. */
function treeSource(tree: FileTree, { path, size }: TreeEntry): ByteSource {
  if (size > maxWholeBytes) {
    return { size, read: (offset, length) => tree.readAt(path, offset, length) ?? Buffer.alloc(0) };
  }
  return bufferSource(tree.read(path, size) ?? Buffer.alloc(0));
}

export function bufferSource(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** A ZIP archive that is a file of a tree; or why it is none. */
export function openTreeZip(tree: FileTree, entry: TreeEntry): ZipFile | string {
  return ZipFile.open(treeSource(tree, entry));
}
