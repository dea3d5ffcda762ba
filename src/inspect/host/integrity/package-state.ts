import type { Cataloger } from '../../packages/cataloger.ts';
import { catalogers } from '../../packages/catalogers/registry.generated.ts';
import { readDistribution } from '../../packages/distribution.ts';
import type { OwnedFile } from '../../packages/package.ts';
import { walkTree, type FileTree, type TreeEntry } from '../../tree/tree.ts';

/** Distribution packages, and which of them owns a path. */
export interface PackageState {
  /** Version by name. */
  readonly versions: ReadonlyMap<string, string>;
  ownerOf(path: string): string | undefined;
  /** What the database says of the content of a path; of paths that were asked for only. */
  digestOf(path: string): OwnedFile['digest'];
}

/** Catalogers of distributions, with the folders of their databases. */
const databases: Readonly<Record<string, readonly string[]>> = {
  dpkg: ['/var/lib/dpkg'],
  apk: ['/lib/apk/db', '/usr/lib/apk/db'],
  rpm: ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'],
};
/** Lists of dpkg that are read together: all at once would take as much memory as everything else. */
const listsAtOnce = 400;

/**
 * Reads the databases of distribution packages, and nothing else of the tree. With `wanted`, owners of these paths only. What
 * stands wrong in a database is the packages' matter and no problem here.
 */
export function readPackageState(tree: FileTree, wanted?: ReadonlySet<string>): PackageState {
  const distribution = readDistribution(tree);
  const aliases = topLevelLinks(tree);
  const versions = new Map<string, string>();
  const owners = new Map<string, string>();
  const digests = new Map<string, OwnedFile['digest']>();
  for (const [cataloger, entries] of portions(tree)) {
    for (const { name, version, files } of cataloger.catalog(entries, { tree, distribution }).packages) {
      versions.set(name, version);
      for (const { path: listed, digest } of files) {
        const path = unaliased(listed, aliases);
        if (wanted?.has(path) === false) continue;
        owners.set(path, name);
        if (wanted !== undefined && digest !== undefined) digests.set(path, digest);
      }
    }
  }
  return { versions, ownerOf: (path) => owners.get(path), digestOf: (path) => digests.get(path) };
}

/** Catalogers with the files that they read; those of dpkg are read a part of the lists at a time. */
function* portions(tree: FileTree): Generator<[Cataloger, readonly TreeEntry[]]> {
  for (const [id, folders] of Object.entries(databases)) {
    const cataloger = (catalogers as Readonly<Record<string, Cataloger | undefined>>)[id];
    if (cataloger === undefined) continue;
    const entries = folders.flatMap((folder) => filesBelow(tree, folder)).filter((entry) => cataloger.wants(entry));
    const lists = entries.filter(({ path }) => path.startsWith('/var/lib/dpkg/info/'));
    const others = entries.filter((entry) => !lists.includes(entry));
    if (lists.length === 0 && others.length > 0) yield [cataloger, others];
    for (let at = 0; at < lists.length; at += listsAtOnce) {
      yield [cataloger, [...others, ...lists.slice(at, at + listsAtOnce)]];
    }
  }
}

function filesBelow(tree: FileTree, folder: string): TreeEntry[] {
  const real = tree.stat(folder);
  if (real?.type !== 'directory') return [];
  return [...walkTree(tree, folder)].filter(({ type }) => type === 'file' || type === 'symlink');
}

/** `/bin` → `/usr/bin`: databases name files under the old path. */
function topLevelLinks(tree: FileTree): ReadonlyMap<string, string> {
  const links = tree.list('/').filter(({ type }) => type === 'symlink');
  return new Map(
    links.flatMap(({ path }): [string, string][] => {
      const end = tree.stat(path);
      return end?.type === 'directory' ? [[path, end.path]] : [];
    }),
  );
}

function unaliased(path: string, aliases: ReadonlyMap<string, string>): string {
  const end = path.indexOf('/', 1);
  const target = end < 0 ? undefined : aliases.get(path.slice(0, end));
  return target === undefined ? path : target + path.slice(end);
}
