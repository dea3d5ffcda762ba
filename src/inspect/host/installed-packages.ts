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
const listsAtOnce = 200;

/**
 * Packages that distributions installed, from their databases only: no other file of the tree is looked at. A package of dpkg comes
 * several times, each time with another part of all files. What stands wrong in a database is left to `catalogTree`, which tells it.
 * `withoutDigests` leaves out the sums of dpkg's files.
 */
export function* installedPackages(
  tree: FileTree,
  ids: readonly DatabaseId[] = ['dpkg', 'apk', 'rpm'],
  { withoutDigests = false }: { readonly withoutDigests?: boolean } = {},
): Generator<Package> {
  const context = { tree, distribution: readDistribution(tree), withoutLicenses: true };
  for (const id of ids) {
    const cataloger: Cataloger = catalogers[id];
    const entries = databases[id]
      .flatMap((folder) => filesBelow(tree, folder))
      .filter((entry) => cataloger.wants(entry));
    const isSum = ({ path }: TreeEntry): boolean => path.endsWith('.md5sums');
    const lists = entries.filter((entry) => entry.path.startsWith(dpkgLists) && !(withoutDigests && isSum(entry)));
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
