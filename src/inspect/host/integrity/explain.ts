import { digestsOf } from '../digests.ts';
import type { FileTree } from '../../tree/tree.ts';
import { shownPath } from './attributes.ts';
import type { Change } from './compare.ts';
import type { PackageState } from './package-state.ts';
import type { Policy } from './policy.ts';

/** A package that is another than when the baseline was written, or was installed again, with the changes that it explains. */
export interface PackageUpdate {
  readonly name: string;
  /** Version; empty when it was not there. */
  readonly from: string;
  /** The same version where it was installed again; empty when it is gone. */
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
/** What alone changes when a file is replaced by itself. */
const changesWithReplacing = new Set(['mtime', 'ctime', 'inode', 'links']);
/** The new configuration of a package, which apk, dpkg and rpm lay beside one that was edited. */
const besideConfiguration = /\.(?:apk-new|dpkg-dist|rpmnew)$/;
/** Name under which changes are gathered that scripts of packages made, of whichever package. */
const scripts = '(install scripts)';
/** Where update-alternatives(1) keeps which program stands for a name. */
const alternatives = '/etc/alternatives/';

/**
 * Takes out what updates of packages explain: files whose content is what the database of a package says that came, moved or changed since,
 * files that left with the old version, configuration that a removed package left as it was, files that a package replaced by the same when it was installed again, what install scripts write, and
 * folders of nothing else.
 */
export function explainByPackages(changes: readonly Change[], context: ExplainContext): Explained {
  const { versionsBefore, now, policy } = context;
  const isUpdated = (name: string): boolean => versionsBefore.get(name) !== now.versions.get(name);
  const byPackage = new Map<string, string[]>();
  const explained = (name: string, { path }: Change): void => {
    byPackage.set(name, [...(byPackage.get(name) ?? []), shownPath(path)]);
  };
  const left: Change[] = [];
  for (const change of changes) {
    const name = packageBehind(change, isUpdated, context);
    if (name === undefined) left.push(change);
    else explained(name, change);
  }
  const haveScriptsRun = byPackage.size > 0 || [...now.versions.keys(), ...versionsBefore.keys()].some(isUpdated);
  if (!haveScriptsRun) return { updates: [], rest: changes };
  const folders: Change[] = [];
  const rest: Change[] = [];
  for (const change of left) {
    const isMade = isAlternative(change)
      ? leadsToPackage(change, context)
      : policy.generated.has(shownPath(change.path));
    if (isPlain(change) && isMade) explained(scripts, change);
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

/** The package that brought, took away, moved or replaced the file, and whose database has it as it is now. */
function packageBehind(
  change: Change,
  isUpdated: (name: string) => boolean,
  { tree, now }: ExplainContext,
): string | undefined {
  const { kind, before, after } = change;
  if (!followsContentOnly(change)) return undefined;
  const path = shownPath(change.path);
  const own = packagedPath(change);
  const owner = kind === 'removed' ? before?.owner : now.ownerOf(own);
  if (owner === undefined || owner === '' || !(isUpdated(owner) || isReplacedBySame(change))) return undefined;
  if (kind === 'renamed' && (before?.owner === undefined || !isUpdated(before.owner))) return undefined;
  if (kind === 'removed' || after?.type !== 'f') return owner;
  const digest = now.digestOf(own);
  if (digest === undefined) return undefined;
  return digestsOf(tree, path, [digest.algorithm])?.[digest.algorithm] === digest.hex ? owner : undefined;
}

/** Under which path the package lists a file. */
export function packagedPath({ kind, path }: Change): string {
  const shown = shownPath(path);
  return kind === 'added' ? shown.replace(besideConfiguration, '') : shown;
}

/** A link of update-alternatives(1): `/usr/bin/editor` to `/etc/alternatives/editor`, and that to a program. */
export function isAlternative({ path, before, after }: Change): boolean {
  const { type = '', target = '' } = after ?? before ?? {};
  return type === 'l' && (shownPath(path).startsWith(alternatives) || target.startsWith(alternatives));
}

/** Whether it ends at a file of a package, or at nothing: some images leave out the manual pages that links of theirs name. */
function leadsToPackage({ path, after }: Change, { tree, now }: ExplainContext): boolean {
  const end = after === undefined ? undefined : tree.stat(shownPath(path))?.path;
  return end === undefined || now.ownerOf(end) !== undefined;
}

function isPlain(change: Change): boolean {
  return change.kind !== 'renamed' && followsContentOnly(change);
}

function followsContentOnly({ attributes }: Change): boolean {
  return attributes.every(({ attribute }) => followsContent.has(attribute));
}

/** A new inode with what was there before: whoever only sets times keeps the inode. */
function isReplacedBySame({ kind, before, after, attributes }: Change): boolean {
  if (kind !== 'changed' || before === undefined || after === undefined) return false;
  const isOther = before.inode !== after.inode && before.type === after.type;
  return (
    isOther &&
    before.digest === after.digest &&
    attributes.every(({ attribute }) => changesWithReplacing.has(attribute))
  );
}

function isFolder(change: Change): boolean {
  return (change.after ?? change.before)?.type === 'd' && followsContentOnly(change);
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
