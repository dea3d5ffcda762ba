import { digestsOf } from '../digests.ts';
import type { FileTree } from '../../tree/tree.ts';
import { shownPath } from './attributes.ts';
import type { Change } from './compare.ts';
import type { PackageState } from './package-state.ts';
import type { Policy } from './policy.ts';

/** A package that is another than when the baseline was written, with the changes that it explains. */
export interface PackageUpdate {
  readonly name: string;
  /** Empty when it was not there. */
  readonly from: string;
  /** Empty when it is gone. */
  readonly to: string;
  readonly paths: readonly string[];
}

export interface Explained {
  readonly updates: readonly PackageUpdate[];
  /** What no package explains. */
  readonly rest: readonly Change[];
}

export interface ExplainContext {
  readonly tree: FileTree;
  readonly policy: Policy;
  readonly versionsBefore: ReadonlyMap<string, string>;
  readonly now: PackageState;
}

/** Attributes that an update changes along with the content. Others (owner, mode, xattrs) packages' databases do not vouch for. */
const followsContent = new Set(['content', 'size', 'mtime', 'ctime', 'inode', 'links', 'target']);
/** Name under which changes are gathered that scripts of packages made, of whichever package. */
const scripts = '(install scripts)';

/**
 * Takes out what updates of packages explain: files whose content is what the database of a package says that came or changed since,
 * files that left with the old version, what install scripts write, and folders of nothing else.
 */
export function explainByPackages(changes: readonly Change[], context: ExplainContext): Explained {
  const { versionsBefore, now } = context;
  const isUpdated = (name: string): boolean => versionsBefore.get(name) !== now.versions.get(name);
  if (![...now.versions.keys(), ...versionsBefore.keys()].some(isUpdated)) return { updates: [], rest: changes };
  const byPackage = new Map<string, string[]>();
  const explained = (name: string, { path }: Change): void => {
    byPackage.set(name, [...(byPackage.get(name) ?? []), shownPath(path)]);
  };
  const folders: Change[] = [];
  const rest: Change[] = [];
  for (const change of changes) {
    const name = explainedBy(change, isUpdated, context);
    if (name !== undefined) explained(name, change);
    else if (isFolder(change)) folders.push(change);
    else rest.push(change);
  }
  const inside = namesAbove([...byPackage.values()].flat());
  const unexplained = namesAbove(rest.map(({ path }) => shownPath(path)));
  for (const change of folders) {
    const path = shownPath(change.path);
    if (inside.has(path) && !unexplained.has(path)) explained(scripts, change);
    else rest.push(change);
  }
  const updates = [...byPackage].map(([name, paths]) => ({
    name,
    from: versionsBefore.get(name) ?? '',
    to: now.versions.get(name) ?? '',
    paths: paths.sort(),
  }));
  return { updates: updates.sort((a, b) => (a.name < b.name ? -1 : 1)), rest };
}

function explainedBy(
  change: Change,
  isUpdated: (name: string) => boolean,
  { tree, policy, now }: ExplainContext,
): string | undefined {
  const { kind, before, after, attributes } = change;
  if (kind === 'renamed' || attributes.some(({ attribute }) => !followsContent.has(attribute))) return undefined;
  const path = shownPath(change.path);
  const byScript = policy.generated.has(path) ? scripts : undefined;
  const owner = kind === 'removed' ? before?.owner : now.ownerOf(path);
  if (owner === undefined || owner === '' || !isUpdated(owner)) return byScript;
  if (kind === 'removed' || after?.type !== 'f') return owner;
  const digest = now.digestOf(path);
  if (digest === undefined) return byScript;
  return digestsOf(tree, path, [digest.algorithm])?.[digest.algorithm] === digest.hex ? owner : undefined;
}

function isFolder({ before, after, attributes }: Change): boolean {
  return (after ?? before)?.type === 'd' && attributes.every(({ attribute }) => followsContent.has(attribute));
}

/** Every folder that one of the paths lies below. */
function namesAbove(paths: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const name = path.slice(0, at);
      if (names.has(name)) break;
      names.add(name);
    }
  }
  return names;
}
