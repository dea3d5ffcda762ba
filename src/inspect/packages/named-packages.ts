import type { FileTree, TreeEntry } from '../tree/tree.ts';
import type { Catalogued } from './cataloger.ts';
import { Findings } from './findings.ts';
import { maxNameLength, type Package, type PackageType } from './package.ts';
import { purlOf } from './purl.ts';

/** A package that a lock file or manifest names. */
export type NamedPackage = Pick<Package, 'name' | 'version'> & {
  readonly [Key in 'licenses' | 'isDevelopment' | 'isProject' | 'details' | 'architecture']?: Package[Key] | undefined;
} & {
  /** Qualifiers of its package URL. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>> | undefined;
};

/** Reads the packages that one file names. Throws when the file is broken as a whole. */
export type NameReader = (text: string, context: NameContext) => Iterable<NamedPackage>;

export interface NameContext {
  readonly entry: TreeEntry;
  readonly tree: FileTree;
  /** Tells of a part of the file that names nothing. */
  readonly problem: (message: string, line?: number) => void;
}

interface NameCatalogOptions {
  readonly id: string;
  readonly type: PackageType;
  readonly entries: readonly TreeEntry[];
  readonly tree: FileTree;
  readonly readerOf: (entry: TreeEntry) => NameReader | undefined;
}

/** Catalogs files that name packages: each package once for each file, wanted in production when any mention is. */
export function catalogNames({ id, type, entries, tree, readerOf }: NameCatalogOptions): Catalogued {
  const findings = new Findings();
  for (const entry of entries) {
    const read = readerOf(entry);
    const text = read === undefined || entry.type !== 'file' ? undefined : findings.text(tree, entry);
    if (read === undefined || text === undefined) continue;
    const problem = (message: string, line?: number): void => findings.problem(entry.path, 'bad-record', message, line);
    const named = findings.parsed(entry.path, () => [...read(text, { entry, tree, problem })]) ?? [];
    for (const one of withoutDoubles(named, problem)) {
      const { qualifiers, ...facts } = one;
      const purl = purlOf(type, one.name, one.version, qualifiers === undefined ? {} : { qualifiers });
      findings.add({ ...facts, type, purl, locations: [entry.path], layer: entry.layer, foundBy: id });
    }
  }
  return findings.done();
}

function withoutDoubles(named: readonly NamedPackage[], problem: (message: string) => void): Iterable<NamedPackage> {
  const known = new Map<string, NamedPackage>();
  for (const one of named) {
    if (one.name === '' || one.name.length > maxNameLength || one.version.length > maxNameLength) {
      problem('a package has no name, or one that is too long');
      continue;
    }
    const key = JSON.stringify([one.name, one.version, one.qualifiers]);
    const before = known.get(key);
    if (before === undefined || (before.isDevelopment === true && one.isDevelopment !== true)) known.set(key, one);
  }
  return known.values();
}

/** Readers by the last name of a path. */
export function readerByName(
  readers: Readonly<Record<string, NameReader>>,
): Pick<NameCatalogOptions, 'readerOf'> & { readonly wants: (entry: TreeEntry) => boolean } {
  // Every name in a tree is asked for: comparing ends takes half the time of cutting the name out.
  const known = Object.entries(readers).map(([name, read]) => [`/${name}`, read] as const);
  const readerOf = ({ path }: TreeEntry): NameReader | undefined => {
    for (const [end, read] of known) if (path.endsWith(end)) return read;
    return undefined;
  };
  return { readerOf, wants: (entry) => readerOf(entry) !== undefined };
}
