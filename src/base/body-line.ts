import type { Micros } from './time.ts';

/** One name of a file system, as a body file tells it. */
export interface BodyLine {
  /** Lower case; undefined where none was computed. */
  readonly md5: string | undefined;
  readonly name: string;
  /** What a symbolic link leads to, where it is told. */
  readonly target: string | undefined;
  readonly inode: number | undefined;
  /** Type of the file in one letter, as `ls` has it (`-` or `r` for a regular one). */
  readonly type: string;
  /** Nine letters: `rwxr-xr-x`. */
  readonly permissions: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Read, content changed, attributes changed, created; 0 where it is not known. */
  readonly accessed: Micros;
  readonly modified: Micros;
  readonly changed: Micros;
  readonly created: Micros;
}

/** Fields behind the name. */
const tailFields = 9;

/**
 * One line of a body file of The Sleuth Kit, form 3 (`MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`, seconds): names may
 * hold the separator. Undefined for a line that is none.
 */
export function parseBodyLine(line: string): BodyLine | undefined {
  const parts = line.split('|');
  if (parts.length < tailFields + 2) return undefined;
  const [inode = '', mode = '', uid, gid, size, accessed, modified, changed, created] = parts.slice(-tailFields);
  const text = /(?<type>[-rdlcbps])(?:\/[-rdlcbps])?(?<bits>[-rwxsStT]{9})$/.exec(mode)?.groups;
  if (text === undefined) return undefined;
  const type = text['type'] ?? '';
  const md5 = parts[0] ?? '';
  return {
    md5: /^[0-9a-f]{32}$/i.test(md5) ? md5.toLowerCase() : undefined,
    ...nameAndTarget(parts.slice(1, -tailFields).join('|'), type),
    inode: /^\d{1,15}$/.test(inode) ? Number(inode) : undefined,
    type,
    permissions: text['bits'] ?? '',
    uid: whole(uid),
    gid: whole(gid),
    size: whole(size),
    accessed: micros(accessed),
    modified: micros(modified),
    changed: micros(changed),
    created: micros(created),
  };
}

/** `/bin/sh -> dash`, as `ls` tells links. */
function nameAndTarget(text: string, type: string): Pick<BodyLine, 'name' | 'target'> {
  const at = type === 'l' ? text.indexOf(' -> ') : -1;
  return at < 0 ? { name: text, target: undefined } : { name: text.slice(0, at), target: text.slice(at + 4) };
}

function whole(text = ''): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

function micros(text = ''): Micros {
  // More digits would be no whole number of microseconds.
  return /^\d{1,10}(?:\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1_000_000) : 0;
}
