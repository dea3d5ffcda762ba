import type { FileList, OwnedFile } from '../../packages/package.ts';
import type { FileTree } from '../../tree/tree.ts';
import { installedPackages } from '../installed-packages.ts';
import { leftPackages } from './left-configuration.ts';

/** Distribution packages, those of which only configuration is left too, and which of them owns a path. */
export interface PackageState {
  /** Version by name. */
  readonly versions: ReadonlyMap<string, string>;
  ownerOf(path: string): string | undefined;
  /** What the database says of the content of a path; of paths that were asked for only. */
  digestOf(path: string): OwnedFile['digest'];
}

/**
 * Reads the databases of distribution packages, and nothing else of the tree. With `wanted`, owners of these paths only. What
 * stands wrong in a database is the packages' matter and no problem here.
 */
export function readPackageState(tree: FileTree, wanted?: ReadonlySet<string>): PackageState {
  const aliases = topLevelLinks(tree);
  const versions = new Map<string, string>();
  const owners = new Map<string, string>();
  const digests = new Map<string, OwnedFile['digest']>();
  const add = (name: string, version: string, files: FileList): void => {
    versions.set(name, version);
    for (const { path: listed, digest } of files) {
      const path = unaliased(listed, aliases);
      if (wanted?.has(path) === false) continue;
      // Parts of the text of a list would keep the whole of it in memory.
      owners.set(flat(path), name);
      if (wanted !== undefined && digest !== undefined) digests.set(path, digest);
    }
  };
  const options = { withoutDigests: wanted === undefined };
  for (const { name, version, files } of leftPackages(tree)) add(name, version, files);
  for (const { name, version, files } of installedPackages(tree, undefined, options)) add(name, version, files);
  return { versions, ownerOf: (path) => owners.get(path), digestOf: (path) => digests.get(path) };
}

function flat(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
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
