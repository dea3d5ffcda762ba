import type { StoredEntry } from '../../tree/stored-tree.ts';
import { childOf, parentOf } from '../../tree/tree.ts';
import { resolveInTree } from '../../tree/resolve.ts';

/** Folders that are links into `/usr` on the systems of today (merged /usr). */
const mergedFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Where Alpine keeps its database as long as its `/lib` is a folder. */
const unmergedDatabase = '/lib/apk/db/installed';

/**
 * The links `/bin`, `/lib` and so on into `/usr` that a collection without links left out; without them every file that its package
 * database names under the other path would belong to nobody. None where what stands on both sides differs: there they are folders.
 */
export function usualLinks(entries: ReadonlyMap<string, StoredEntry>): StoredEntry[] {
  if (entries.has(unmergedDatabase)) return [];
  const isUsed = new Set<string>();
  const isOther = new Set<string>();
  for (const [path, { entry, content }] of entries) {
    const folder = mergedFolders.find((name) => path === name || path.startsWith(`${name}/`));
    if (folder === undefined) {
      const below = mergedFolders.find((name) => path.startsWith(`/usr${name}/`));
      if (below !== undefined) isUsed.add(below);
      continue;
    }
    isUsed.add(folder);
    const twin = entries.get(`/usr${path}`);
    if (path === folder && entry.type !== 'directory') isOther.add(folder);
    if (twin !== undefined && twin.content?.length !== content?.length) isOther.add(folder);
  }
  return mergedFolders
    .filter((folder) => isUsed.has(folder) && !isOther.has(folder))
    .map((folder) => ({ entry: linkEntry(folder, `usr${folder}`) }));
}

function linkEntry(path: string, target: string): StoredEntry['entry'] {
  return { path, type: 'symlink', size: 0, mode: 0o777, uid: 0, gid: 0, mtime: 0, target };
}

/**
 * The same names under the paths at which a tree finds them: a collector that was asked for `/lib/systemd` writes its files there,
 * even where `/lib` is a link. What it says of one file at two places becomes one entry.
 */
export function settled(entries: ReadonlyMap<string, StoredEntry>): Map<string, StoredEntry> {
  const links = [...entries].filter(([, { entry }]) => entry.type === 'symlink').map(([path]) => path);
  if (links.length === 0) return new Map(entries);
  const isLink = new Set(links);
  const folders = new Map<string, string>();
  const look = (path: string): StoredEntry['entry'] =>
    entries.get(path)?.entry ?? { path, type: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, mtime: 0 };
  const settledFolder = (path: string): string => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const passesLink = path !== '/' && (isLink.has(path) || settledFolder(parentOf(path)) !== parentOf(path));
    const real = passesLink ? (resolveInTree(path, true, look)?.path ?? path) : path;
    folders.set(path, real);
    return real;
  };
  const result = new Map<string, StoredEntry>();
  for (const [path, stored] of entries) {
    const folder = parentOf(path);
    const real = settledFolder(folder);
    const at = real === folder ? path : childOf(real, path.slice(path.lastIndexOf('/') + 1));
    const known = result.get(at);
    const moved = at === path ? stored : { ...stored, entry: { ...stored.entry, path: at } };
    // What stands at its own place is the better witness; the other one may have the content.
    if (known === undefined) result.set(at, moved);
    else result.set(at, at === path ? { ...known, ...moved } : { ...moved, ...known });
  }
  return result;
}
