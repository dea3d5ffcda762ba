import type { OwnedFile, Package } from '../../packages/package.ts';
import { nameOf, parentOf, type FileTree } from '../../tree/tree.ts';
import type { Micros } from '../../../base/time.ts';
import { digestOf } from './digest.ts';

/** How a file stands to the packages that are installed. */
export type Standing =
  /** As the package has it, as far as its database can tell. */
  | { readonly kind: 'packaged'; readonly package: string }
  /** Owned, but other than it was delivered. */
  | { readonly kind: 'changed'; readonly package: string; readonly isConfig: boolean }
  /** Owned by none, but written by the scripts or tools of one when it was installed. */
  | { readonly kind: 'made'; readonly package: string }
  | { readonly kind: 'unowned' }
  /** There is no package database in this tree. */
  | { readonly kind: 'unknown' };

export interface Owner {
  readonly package: string;
  readonly file: OwnedFile;
  readonly installedAt: Micros | undefined;
}

/** Which package owns which file of a tree, and whether it is still as delivered. Files are read when they are asked for, each once. */
export class Ownership {
  /** False for a tree without a database that lists files: nothing can be called unowned there. */
  readonly isKnown: boolean;
  /** When packages were installed, in order. */
  readonly installTimes: readonly Micros[];
  readonly #tree: FileTree;
  readonly #owners = new Map<string, Owner>();
  readonly #byDigest = new Map<string, Owner>();
  readonly #algorithms = new Set<string>();
  readonly #made: ReadonlyMap<string, string>;
  readonly #standings = new Map<string, Standing>();
  readonly #aliases: ReadonlyMap<string, string>;

  /** `made`: files that scripts of packages wrote, with the package; see `filesMadeByPackages`. */
  constructor(tree: FileTree, packages: readonly Package[], made: ReadonlyMap<string, string>) {
    this.#tree = tree;
    this.#aliases = topLevelLinks(tree);
    for (const { name, files, installedAt } of packages) {
      for (const file of files) {
        const owner = { package: name, file, installedAt };
        this.#owners.set(this.#unaliased(file.path), owner);
        if (file.digest === undefined) continue;
        this.#byDigest.set(file.digest.hex, owner);
        this.#algorithms.add(file.digest.algorithm);
      }
    }
    this.#made = made;
    this.isKnown = this.#owners.size > 0;
    this.installTimes = packages.flatMap(({ installedAt }) => installedAt ?? []).sort((left, right) => left - right);
  }

  /** Every owned file under its path in this tree (merged /usr resolved). */
  owned(): Iterable<[string, Owner]> {
    return this.#owners.entries();
  }

  ownerOf(path: string): Owner | undefined {
    return this.#owners.get(this.#unaliased(path)) ?? this.#owners.get(this.#tree.lstat(path)?.path ?? '');
  }

  /** A file of a package with the same content, wherever it stands. */
  twinOf(path: string): Owner | undefined {
    for (const algorithm of this.#algorithms) {
      const hex = digestOf(this.#tree, path, algorithm);
      const owner = hex === undefined ? undefined : this.#byDigest.get(hex);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  standing(path: string): Standing {
    const known = this.#standings.get(path);
    if (known !== undefined) return known;
    const standing = this.#judge(path, true);
    this.#standings.set(path, standing);
    return standing;
  }

  #judge(path: string, follow: boolean): Standing {
    const owner = this.ownerOf(path);
    if (owner !== undefined) return this.#compare(path, owner);
    if (!this.isKnown) return { kind: 'unknown' };
    const entry = this.#tree.lstat(path);
    const real = entry?.path ?? path;
    const maker = this.#made.get(path) ?? this.#made.get(real) ?? this.#compiledFrom(real);
    // A link to something that a package put there runs nothing new; one to nothing says nothing.
    const end = follow && entry?.type === 'symlink' ? this.#tree.stat(path) : undefined;
    const there = end === undefined || end.path === real ? undefined : this.#judge(end.path, false);
    // Which of its files an alternative names is the administrator's choice.
    if (maker !== undefined && there?.kind !== 'packaged') return { kind: 'made', package: maker };
    return there ?? { kind: 'unowned' };
  }

  #compare(path: string, { package: name, file }: Owner): Standing {
    const { digest } = file;
    if (digest === undefined) return { kind: 'packaged', package: name };
    const hex = digestOf(this.#tree, path, digest.algorithm);
    if (hex === undefined || hex === digest.hex) return { kind: 'packaged', package: name };
    return { kind: 'changed', package: name, isConfig: file.isConfig === true };
  }

  /** `__pycache__/x.cpython-311.pyc` is written from `x.py` when a package is set up. */
  #compiledFrom(path: string): string | undefined {
    const folder = parentOf(path);
    if (nameOf(folder) !== '__pycache__' || !path.endsWith('.pyc')) return undefined;
    const module = nameOf(path).split('.')[0] ?? '';
    return this.#owners.get(`${parentOf(folder)}/${module}.py`)?.package;
  }

  #unaliased(path: string): string {
    const end = path.indexOf('/', 1);
    const top = end < 0 ? path : path.slice(0, end);
    const target = this.#aliases.get(top);
    return target === undefined || end < 0 ? path : target + path.slice(end);
  }
}

/** `/bin` → `/usr/bin` and its like: databases still name files under the old path. */
function topLevelLinks(tree: FileTree): Map<string, string> {
  const links = new Map<string, string>();
  for (const entry of tree.list('/')) {
    if (entry.type !== 'symlink') continue;
    const end = tree.stat(entry.path);
    if (end?.type === 'directory') links.set(entry.path, end.path);
  }
  return links;
}
