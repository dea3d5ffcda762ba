import { createHash } from 'node:crypto';
import { catalogTree } from '../../../packages/catalog.ts';
import type { OwnedFile, Package } from '../../../packages/package.ts';
import { walkTree, type FileTree, type TreeEntry } from '../../../tree/tree.ts';

/** What the databases of a distribution say about the files of a root: the integrity check of an image. */
export interface Ownership {
  /** Files that a package brought, and that hold something else now. */
  readonly changed: readonly { readonly path: string; readonly package: string; readonly layer: number | undefined }[];
  /** Programs in the folders of the distribution that no package brought. */
  readonly unowned: readonly TreeEntry[];
}

const systemTypes = new Set(['apk', 'deb', 'rpm']);
/** Folders that belong to the distribution; `/usr/local` and `/opt` belong to whoever builds. */
const systemFolders = ['/bin', '/sbin', '/lib', '/lib64', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec'];
/** Bytes hashed in one image, of one file, and differences kept. */
const maxBytes = 2 ** 31;
const maxFileBytes = 2 ** 28;
const maxKept = 1000;

/** Undefined when no database lists the files of its packages: then nobody can say. */
export function readOwnership(tree: FileTree): Ownership | undefined {
  const packages = catalogTree(tree).packages.filter(({ type }) => systemTypes.has(type));
  if (!packages.some(({ files }) => files.length > 0)) return undefined;
  const owned = new Set<string>();
  for (const { files } of packages) for (const { path } of files) owned.add(realPath(tree, path));
  return { changed: changedFiles(tree, packages), unowned: unownedPrograms(tree, owned) };
}

/** `/bin/ls` is `/usr/bin/ls` where `/bin` is a link: databases know only one of the names. */
function realPath(tree: FileTree, path: string): string {
  const top = /^\/(?:s?bin|lib(?:64|32)?)(?=\/)/.exec(path)?.[0];
  if (top === undefined) return path;
  const target = tree.lstat(top)?.target;
  return target === undefined ? path : `/${target.replace(/^\/+/, '')}${path.slice(top.length)}`;
}

function changedFiles(tree: FileTree, packages: readonly Package[]): Ownership['changed'] {
  const changed: { path: string; package: string; layer: number | undefined }[] = [];
  let left = maxBytes;
  for (const { name, version, files } of packages) {
    for (const file of files) {
      if (file.digest === undefined || file.isConfig === true || isSettings(file.path)) continue;
      const entry = tree.lstat(file.path) ?? tree.lstat(realPath(tree, file.path));
      if (entry?.type !== 'file' || entry.size > maxFileBytes) continue;
      left -= entry.size;
      if (left < 0 || changed.length >= maxKept) return changed;
      if (isOther(tree, entry, file)) {
        changed.push({ path: entry.path, package: `${name} ${version}`, layer: entry.layer });
      }
    }
  }
  return changed;
}

/** What is meant to be changed, and what is made anew on the spot. */
function isSettings(path: string): boolean {
  return /^\/(?:etc|var)\/|\.py[co]$/.test(path);
}

/** Read in parts: libraries have a hundred megabytes. */
const partBytes = 2 ** 22;

function isOther(tree: FileTree, { path, size }: TreeEntry, { digest }: OwnedFile): boolean {
  if (digest === undefined) return false;
  const hash = createHash(digest.algorithm);
  for (let at = 0; at < size; at += partBytes) {
    const part = tree.readAt(path, at, partBytes);
    if (part === undefined) return false;
    hash.update(part);
  }
  return hash.digest('hex') !== digest.hex.toLowerCase();
}

function unownedPrograms(tree: FileTree, owned: ReadonlySet<string>): TreeEntry[] {
  const found: TreeEntry[] = [];
  for (const folder of systemFolders) {
    if (tree.lstat(folder)?.type !== 'directory') continue;
    for (const entry of walkTree(tree, folder)) {
      if (entry.type !== 'file' || (entry.mode & 0o111) === 0 || owned.has(entry.path)) continue;
      if (found.length >= maxKept) return found;
      if (tree.readAt(entry.path, 0, 4)?.toString('latin1') === '\u007fELF') found.push(entry);
    }
  }
  return found;
}
