import { nameOf, parentOf, type FileTree, type TreeEntry } from '../tree/tree.ts';

const databases = [
  'var/lib/dpkg/status',
  'lib/apk/db/installed',
  'usr/lib/apk/db/installed',
  'var/lib/rpm',
  'usr/lib/sysimage/rpm',
];

/**
 * Roots of other systems in a tree: unpacked images, chroots, what debootstrap makes. Their files belong to their own packages, so they are
 * left out here and named in the verdict. One is known by its accounts together with a package database.
 */
export class NestedRoots {
  readonly found: string[] = [];
  readonly #tree: FileTree;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Whether a folder of the walk is such a root, or stands in the one that was found last (a walk goes on in it until it leaves it). */
  holds(path: string): boolean {
    const last = this.found.at(-1);
    return last !== undefined && (path === last || path.startsWith(`${last}/`));
  }

  /** The same for an entry; a root is recognised when its `bin` or `etc` comes by, among the first of its names. */
  isInside(entry: TreeEntry): boolean {
    const { path, type } = entry;
    if (this.holds(path)) return true;
    if (type !== 'directory' && type !== 'symlink') return false;
    const name = nameOf(path);
    const root = parentOf(path);
    if ((name !== 'bin' && name !== 'etc') || root === '/' || !isSystemRoot(this.#tree, root)) return false;
    this.found.push(root);
    return true;
  }
}

/** Whether the folder holds a system of its own: accounts and a package database. */
export function isSystemRoot(tree: FileTree, path: string): boolean {
  if (tree.lstat(`${path}/etc/passwd`) === undefined) return false;
  return databases.some((database) => tree.lstat(`${path}/${database}`) !== undefined);
}
