import type { Micros } from '../../base/time.ts';

export type TreeEntryType = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

/** One name in a tree, as `lstat` tells it. */
export interface TreeEntry {
  /** Absolute inside the tree, without `.`, `..`, doubled or trailing slashes: `/etc/passwd`. Bytes that are no UTF-8 become U+FFFD. */
  readonly path: string;
  readonly type: TreeEntryType;
  /** Bytes of a file; 0 for the rest. */
  readonly size: number;
  /** Bytes that the list of a folder takes, where the tree knows it (a mounted file system does). */
  readonly listBytes?: number;
  /** Permission bits with set-id and sticky ones: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Micros;
  /** Where the tree keeps them (a mounted file system does, a layer does not). */
  readonly ctime?: Micros;
  readonly btime?: Micros;
  readonly atime?: Micros;
  /** Number of the file system that it lies on. */
  readonly device?: number;
  readonly inode?: number;
  readonly links?: number;
  /** What a symbolic link says, untouched. */
  readonly target?: string;
  /** Of an image: which layer it came from, 0 is the lowest. */
  readonly layer?: number;
}

/**
 * A file system that is looked at and never changed: this machine, a mounted root, the layers of an image put together. Calls do
 * not wait (a layer is spooled before), so that whoever inspects can be written plainly. Everything in it is hostile: links are
 * followed inside the tree only, as a chroot would, and never further than `maxLinks`.
 */
export interface FileTree {
  /** `live`: this machine. `folder`: a root that stands in a folder. `image`: layers. */
  readonly kind: 'live' | 'folder' | 'image';
  /** What a person calls it: `/`, the folder, the reference of the image. */
  readonly name: string;
  /** The entry itself: the last link of a path is not followed, the ones before are. Undefined when nothing is there or it cannot be seen. */
  lstat(path: string): TreeEntry | undefined;
  /** What stands at the end of all links; undefined for a dangling, circular or too long chain. */
  stat(path: string): TreeEntry | undefined;
  /** What a folder holds, in the order of names; empty for what is no folder or cannot be read. */
  list(path: string): readonly TreeEntry[];
  /** The same one by one, where the tree can do with less memory than the whole list takes: a folder may hold millions. */
  each?(path: string): Iterable<TreeEntry>;
  /** The first `maxBytes` of a regular file, links followed. Undefined when there is none or it cannot be read (`problems` says why). */
  read(path: string, maxBytes?: number): Buffer | undefined;
  /** `length` bytes from `offset` on; fewer at the end. For formats that are read in places (databases, programs). */
  readAt(path: string, offset: number, length: number): Buffer | undefined;
  /** Digest of a regular file's content, links followed; hexadecimal. Quicker than reading it, where the tree can. */
  digest?(path: string, algorithm: string): string | undefined;
  /** Values of extended attributes by name; empty where the tree cannot tell. */
  xattrs?(path: string): ReadonlyMap<string, Buffer>;
  /** Flags of chattr(1) of the entry itself; undefined where its file system does not tell them. */
  flags?(path: string): { readonly isImmutable: boolean; readonly isAppendOnly: boolean } | undefined;
  /** What could not be read so far; empties the list. */
  drainProblems(): TreeProblem[];
}

export interface TreeProblem {
  readonly code: 'unreadable' | 'limit-reached' | 'unsafe-path' | 'decompress-failed' | 'bad-record' | 'truncated';
  readonly path: string;
  readonly message: string;
}

/** Links followed for one path, as Linux does. */
export const maxLinks = 40;
/** Bytes that `read` gives when nothing is said. */
export const maxReadBytes = 2 ** 26;

/** A path in the form of `TreeEntry.path`: made absolute, `..` ends at the root. */
export function normalPath(path: string): string {
  // Most are in it already: a walk asks for every name in a tree.
  const mayMove = path.includes('/.') && /\/\.{1,2}(?:\/|$)/.test(path);
  if (path.startsWith('/') && !path.endsWith('/') && !path.includes('//') && !mayMove) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The folder of a normal path; the root is its own. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}

/** The last name of a normal path; empty for the root. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `name` inside the folder `path`. */
export function childOf(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}

/**
 * Every entry below a folder, folders before what they hold; links are given and not followed. A folder for which `enter` says no is given
 * and not entered.
 */
export function* walkTree(
  tree: FileTree,
  path = '/',
  enter: (folder: TreeEntry) => boolean = () => true,
): Generator<TreeEntry> {
  const open = (folder: string): Iterator<TreeEntry> => (tree.each?.(folder) ?? tree.list(folder))[Symbol.iterator]();
  const stack = [open(path)];
  for (let entries = stack.at(-1); entries !== undefined; entries = stack.at(-1)) {
    const next = entries.next();
    if (next.done === true) {
      stack.pop();
      continue;
    }
    yield next.value;
    if (next.value.type === 'directory' && enter(next.value)) stack.push(open(next.value.path));
  }
}
