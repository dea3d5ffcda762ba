import { messageOf } from '../../base/errors.ts';
import { ProblemList, type Problem } from '../../base/problem.ts';
import { walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';
import type { Cataloger } from './cataloger.ts';
import { catalogers } from './catalogers/registry.generated.ts';
import { readDistribution } from './distribution.ts';
import { markOwned } from './ownership.ts';
import { maxPackages, type Distribution, type Package } from './package.ts';

/** Everything that the catalogers found in a tree. */
export interface Catalog {
  readonly distribution: Distribution | undefined;
  /** By type, name, version, and place. */
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
  /** Ids of the catalogers that ran to their end. */
  readonly ran: readonly string[];
}

/** Names in a tree that are looked at; ten times the files of a large host. */
const maxEntries = 20_000_000;

/** Of this machine: file systems of the kernel, and the layers of containers, which are not installed on it. */
const foreignFolders: ReadonlySet<string> = new Set([
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
]);

/** Finds the packages of a tree: one walk, in which each cataloger says what it wants, and then each reads its own. */
export function catalogTree(tree: FileTree): Catalog {
  const problems = new ProblemList();
  const known = Object.values(catalogers) as readonly Cataloger[];
  const distribution = readDistribution(tree);
  const wanted = collectWanted(tree, known, problems);
  const packages: Package[] = [];
  const ran: string[] = [];
  for (const [index, cataloger] of known.entries()) {
    const entries = wanted[index] ?? [];
    const room = maxPackages - packages.length;
    try {
      const found = cataloger.catalog(entries, { tree, distribution });
      for (const one of found.packages.slice(0, room)) packages.push(one);
      if (found.packages.length > room) problems.add(tooMany(cataloger.id, found.packages.length - room));
      for (const problem of found.problems) problems.add(problem);
      ran.push(cataloger.id);
    } catch (error) {
      problems.add({
        code: 'detector-failed',
        at: {},
        message: `packages of ${cataloger.id} are missing: ${messageOf(error)}`,
      });
    }
  }
  for (const { code, path, message } of tree.drainProblems()) problems.add({ code, at: { path }, message });
  const sorted = markOwned(tree, packages, distribution).toSorted(inOrder);
  return { distribution, packages: sorted, problems: problems.drain(), ran };
}

function tooMany(id: string, left: number): Problem {
  const message = `more than ${maxPackages} packages: ${left} of ${id} were left out`;
  return { code: 'limit-reached', at: {}, message };
}

function collectWanted(tree: FileTree, known: readonly Cataloger[], problems: ProblemList): TreeEntry[][] {
  const wanted: TreeEntry[][] = known.map(() => []);
  // Whoever gives `/` as a folder means this machine too.
  const isLive = tree.kind === 'live' || tree.name === '/';
  const enter = ({ path }: TreeEntry): boolean => !isLive || !foreignFolders.has(path);
  let count = 0;
  for (const entry of walkTree(tree, '/', enter)) {
    if (++count > maxEntries) {
      problems.add({ code: 'limit-reached', at: { path: entry.path }, message: `more than ${maxEntries} names` });
      break;
    }
    if (entry.type !== 'file' && entry.type !== 'symlink') continue;
    for (let index = 0; index < known.length; index++) {
      if (known[index]?.wants(entry) === true) wanted[index]?.push(entry);
    }
  }
  return wanted;
}

function inOrder(a: Package, b: Package): number {
  return (
    compare(a.type, b.type) ||
    compare(a.name, b.name) ||
    compare(a.version, b.version) ||
    compare(a.locations[0] ?? '', b.locations[0] ?? '')
  );
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
