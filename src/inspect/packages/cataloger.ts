import type { Problem } from '../../base/problem.ts';
import type { FileTree, TreeEntry } from '../tree/tree.ts';
import type { Distribution, Package } from './package.ts';

export interface CatalogContext {
  readonly tree: FileTree;
  readonly distribution: Distribution | undefined;
  /** Licences are not wanted: files that tell nothing else need not be read. */
  readonly withoutLicenses?: boolean;
}

export interface Catalogued {
  readonly packages: readonly Package[];
  /** `at.path` is the path in the tree. */
  readonly problems: readonly Problem[];
}

/** Reads the packages of one ecosystem out of a tree: installed ones from databases and metadata, wanted ones from lock files. */
export interface Cataloger<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it reads, which versions, and what it leaves out: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  /** Cheap look at each regular file and link of the tree, by path, mode and size. Must not read. */
  wants(entry: TreeEntry): boolean;
  /** All wanted entries of the tree, in the order of the walk. Bad input is a problem; the rest is read. */
  catalog(entries: readonly TreeEntry[], context: CatalogContext): Catalogued;
}

/** Checks a cataloger definition while keeping its literal id. */
export function defineCataloger<const Id extends string>(cataloger: Cataloger<Id>): Cataloger<Id> {
  return cataloger;
}
