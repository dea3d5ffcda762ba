import { walkTree, type FileTree, type TreeEntry } from '../../tree/tree.ts';

/** Where what is planted lies most often, looked at before the rest: a sweep that is stopped has seen them. */
const firstPlaces = [
  '/etc', '/dev/shm', '/var/tmp', '/tmp', '/run', '/var/spool', '/var/www', '/usr/local', '/usr/bin', '/usr/sbin', '/root', '/home', '/srv', '/opt',
] as const; // prettier-ignore
/** Folders that are remembered so that one that is mounted in two places is walked once; of more a second walk costs time only. */
const maxFolders = 2_000_000;

export interface OrderedWalk {
  /** Every entry of the tree, each once. */
  readonly entries: Iterable<TreeEntry>;
  /** Places that are not begun, in words; empty at the end. */
  left(): string;
}

/** Everything of a tree for which `enter` says yes, suspicious places first. A folder that is mounted in a second place is walked in the first only. */
export function walkInOrder(tree: FileTree, enter: (folder: TreeEntry) => boolean): OrderedWalk {
  const waiting: string[] = firstPlaces.filter((path) => tree.lstat(path)?.type === 'directory');
  const begun = new Set<string>();
  const known = new Set<string>();
  const isNew = (folder: TreeEntry): boolean => {
    const { device, inode, path } = folder;
    if (begun.has(path)) return false;
    if (device === undefined || inode === undefined) return true;
    const key = `${device}:${inode}`;
    if (known.has(key)) return false;
    if (known.size < maxFolders) known.add(key);
    return true;
  };
  const mayEnter = (folder: TreeEntry): boolean => enter(folder) && isNew(folder);
  function* entries(): Generator<TreeEntry> {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const folder = tree.lstat(path);
      if (folder === undefined || !mayEnter(folder)) continue;
      begun.add(folder.path);
      yield* walkTree(tree, folder.path, mayEnter);
    }
    isRest = true;
    yield* walkTree(tree, '/', mayEnter);
  }
  let isRest = false;
  return {
    entries: entries(),
    left: () => (isRest ? '' : [...waiting, 'all other folders'].join(', ')),
  };
}
