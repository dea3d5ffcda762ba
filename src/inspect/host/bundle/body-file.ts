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
/** Fields behind the name. */
const tailFields = 9;

/**
 * One line of a body file of The Sleuth Kit, form 3 (`MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`, seconds): names may hold
 * the separator. Undefined for a line that is none.
 */
export function bodyEntryOf(line: string): StoredEntry | undefined {
  const parts = line.split('|');
  if (parts.length < tailFields + 2) return undefined;
  const [inode = '', mode = '', uid, gid, size, atime, mtime, ctime, btime] = parts.slice(-tailFields);
  const text = /(?<type>[-rdlcbps])(?:\/[-rdlcbps])?(?<bits>[-rwxsStT]{9})$/.exec(mode)?.groups;
  const [name, target] = splitLink(parts.slice(1, -tailFields).join('|'), text?.['type']);
  if (text === undefined || !name.startsWith('/')) return undefined;
  const type = types[text['type'] ?? ''] ?? 'file';
  const entry: TreeEntry = {
    path: normalPath(name),
    type,
    size: type === 'file' ? whole(size) : 0,
    mode: permissions(text['bits'] ?? ''),
    uid: whole(uid),
    gid: whole(gid),
    mtime: micros(mtime),
    ctime: micros(ctime),
    atime: micros(atime),
    ...(micros(btime) > 0 ? { btime: micros(btime) } : {}),
    ...(/^\d{1,15}$/.test(inode) ? { inode: Number(inode) } : {}),
    ...(target === undefined ? {} : { target }),
  };
  const md5 = parts[0] ?? '';
  return /^[0-9a-f]{32}$/i.test(md5) ? { entry, digests: { md5: md5.toLowerCase() } } : { entry };
}

/** `/bin/sh -> dash`, as `ls` tells links. */
function splitLink(name: string, type: string | undefined): [string, string?] {
  const at = type === 'l' ? name.indexOf(' -> ') : -1;
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at + 4)];
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

function whole(text = ''): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

function micros(text = ''): number {
  return /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1_000_000) : 0;
}
