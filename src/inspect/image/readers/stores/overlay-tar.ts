import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../../base/problem.ts';
import { FolderTree } from '../../../tree/folder-tree.ts';
import { nameOf, parentOf, walkTree, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { blockBytes } from '../../tar/header.ts';
import { headerOf, paddingOf } from '../../tar/write-member.ts';

const chunkBytes = 2 ** 20;
const opaqueMarks = ['trusted.overlay.opaque', 'user.overlay.opaque'];

/**
 * What a container has written, as the tar of one more layer: the upper folder of an overlay mount, where a character device 0:0 hides a
 * name and an extended attribute empties a folder (Linux, filesystems/overlayfs). Reading it changes nothing; a file that changes meanwhile is
 * cut or filled up with zeros.
 */
export function* overlayTar(
  folder: string,
  tell: (problem: Problem) => void,
  tree: FileTree = new FolderTree(folder, 'folder'),
): Generator<Buffer> {
  for (const entry of walkTree(tree)) {
    const name = entry.path.slice(1);
    if (entry.type === 'character' && isWhiteout(join(folder, entry.path))) {
      yield* memberOf(tree, join(parentOf(entry.path), `.wh.${nameOf(entry.path)}`).slice(1), emptyFile(entry));
      continue;
    }
    yield* memberOf(tree, entry.type === 'directory' ? `${name}/` : name, entry);
    const isOpaque =
      entry.type === 'directory' && opaqueMarks.some((mark) => isSet(tree.xattrs?.(entry.path).get(mark)));
    if (isOpaque) yield* memberOf(tree, `${name}/.wh..wh..opq`, emptyFile(entry));
  }
  for (const { code, path, message } of tree.drainProblems()) tell({ code, at: { path: join(folder, path) }, message });
  yield Buffer.alloc(2 * blockBytes);
}

function isSet(mark: Buffer | undefined): boolean {
  return mark?.toString('latin1') === 'y';
}

function isWhiteout(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.rdev === 0;
}

function emptyFile(entry: TreeEntry): TreeEntry {
  return { ...entry, type: 'file', size: 0 };
}

function* memberOf(tree: FileTree, name: string, entry: TreeEntry): Generator<Buffer> {
  const header = headerOf(name, entry);
  if (header === undefined) return;
  yield header;
  for (let at = 0; at < entry.size; at += chunkBytes) {
    const length = Math.min(chunkBytes, entry.size - at);
    const part = tree.readAt(entry.path, at, length) ?? Buffer.alloc(0);
    yield part.length === length ? part : Buffer.concat([part, Buffer.alloc(length - part.length)]);
  }
  yield paddingOf(entry.size);
}
