/** What of a file can be watched. */
export const attributes = [
  'type',
  'mode',
  'owner',
  'group',
  'size',
  'mtime',
  'ctime',
  'inode',
  'links',
  'target',
  'device',
  'xattrs',
  'content',
] as const;
export type Attribute = (typeof attributes)[number];

/** One file as it was seen. Paths and link targets are bytes, one character each (latin1), so that every name is kept as it is. */
export interface FileState {
  /** From the root that is watched, with a slash in front. */
  readonly path: string;
  /** `f` file, `d` folder, `l` link, `c` and `b` devices, `p` pipe, `s` socket. */
  readonly type: string;
  /** Permission bits with set-id and sticky ones. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** µs since 1970. */
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: number;
  readonly links: number;
  /** Of a link what it says, of a device its number; else empty. */
  readonly target: string;
  /** SHA-256 over names and values of the extended attributes, base64url; empty for none, or where they are not watched. */
  xattrs: string;
  /** SHA-256 of the content, base64url; empty when it is not watched or could not be read. */
  digest: string;
  /** Distribution package that owns it, when it was known; else empty. */
  owner: string;
}

/** A path as people see it: bytes that are no UTF-8 become U+FFFD. */
export function shownPath(path: string): string {
  return isAscii(path) ? path : Buffer.from(path, 'latin1').toString('utf8');
}

/** The same for calls of the system. */
export function systemPath(path: string): string | Buffer {
  return isAscii(path) ? path : Buffer.from(path, 'latin1');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
