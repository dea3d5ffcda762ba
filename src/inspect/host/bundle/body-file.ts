import { parseBodyLine } from '../../../base/body-line.ts';
import type { StoredEntry } from '../../tree/stored-tree.ts';
import { normalPath, type TreeEntry } from '../../tree/tree.ts';

const types: Readonly<Record<string, TreeEntry['type']>> = {
  '-': 'file',
  r: 'file',
  d: 'directory',
  l: 'symlink',
  c: 'character',
  b: 'block',
  p: 'fifo',
  s: 'socket',
};

/** Linux follows no longer one; what is longer would be folders inside each other without end. */
const maxNameLength = 4096;

/** What a line of a body file says of a name of the tree. Undefined for a line that is none, or tells no absolute path. */
export function bodyEntryOf(line: string): StoredEntry | undefined {
  const told = parseBodyLine(line);
  if (told?.name.startsWith('/') !== true || told.name.length > maxNameLength) return undefined;
  const type = types[told.type] ?? 'file';
  const entry: TreeEntry = {
    path: normalPath(told.name),
    type,
    size: type === 'file' ? told.size : 0,
    mode: permissions(told.permissions),
    uid: told.uid,
    gid: told.gid,
    mtime: told.modified,
    ctime: told.changed,
    atime: told.accessed,
    ...(told.created > 0 ? { btime: told.created } : {}),
    ...(told.inode === undefined ? {} : { inode: told.inode }),
    ...(told.target === undefined ? {} : { target: told.target }),
  };
  return told.md5 === undefined ? { entry } : { entry, digests: { md5: told.md5 } };
}

/** `rwsr-xr-t` as bits. */
function permissions(text: string): number {
  let mode = 0;
  for (let index = 0; index < 9; index++) {
    const letter = text[index] ?? '-';
    const isRun = index % 3 === 2;
    if (letter !== '-' && letter !== 'S' && letter !== 'T') mode |= 1 << (8 - index);
    if (isRun && /[sStT]/.test(letter)) mode |= 0o4000 >> Math.floor(index / 3);
  }
  return mode;
}
