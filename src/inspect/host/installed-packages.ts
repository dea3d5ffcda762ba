import type { Cataloger } from '../packages/cataloger.ts';
import { catalogers } from '../packages/catalogers/registry.generated.ts';
import { readDistribution } from '../packages/distribution.ts';
import type { Package } from '../packages/package.ts';
import { walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';

/** Catalogers of distributions, with the folders of their databases. */
const databases = {
  dpkg: ['/var/lib/dpkg'],
  apk: ['/lib/apk/db', '/usr/lib/apk/db'],
  rpm: ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'],
} as const;
type DatabaseId = keyof typeof databases;

const dpkgLists = '/var/lib/dpkg/info/';
/** Lists of dpkg that are read together: all at once would take as much memory as everything else. */
const listsAtOnce = 400;

/**
 * Packages that distributions installed, from their databases only: no other file of the tree is looked at. A package of dpkg comes
 * several times, each time with another part of all files. What stands wrong in a database is left to `catalogTree`, which tells it.
 */
export function* installedPackages(
  tree: FileTree,
  ids: readonly DatabaseId[] = ['dpkg', 'apk', 'rpm'],
): Generator<Package> {
  const context = { tree, distribution: readDistribution(tree) };
  for (const id of ids) {
    const cataloger: Cataloger = catalogers[id];
    const entries = databases[id]
      .flatMap((folder) => filesBelow(tree, folder))
      .filter((entry) => cataloger.wants(entry));
    const lists = entries.filter(({ path }) => path.startsWith(dpkgLists));
    const others = entries.filter(({ path }) => !path.startsWith(dpkgLists));
    if (others.length === 0) continue;
    for (let at = 0; at === 0 || at < lists.length; at += listsAtOnce) {
      yield* cataloger.catalog([...others, ...lists.slice(at, at + listsAtOnce)], context).packages;
    }
  }
}

function filesBelow(tree: FileTree, folder: string): TreeEntry[] {
  const real = tree.stat(folder);
  if (real?.type !== 'directory') return [];
  return [...walkTree(tree, folder)].filter(({ type }) => type === 'file' || type === 'symlink');
}
