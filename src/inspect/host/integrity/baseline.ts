import type { KeyObject } from 'node:crypto';
import { ProblemList, type Problem } from '../../../base/problem.ts';
import type { Inspection } from '../../claim.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import { shownPath, type FileState } from './attributes.ts';
import { claimsOf, integrityDetectors, maxClaims } from './claims.ts';
import { compareStates, type Change } from './compare.ts';
import { encodeStates, lineOf, StateTable } from './database.ts';
import { explainByPackages, isAlternative, packagedPath, type Explained, type PackageUpdate } from './explain.ts';
import { appendLink, readHistory, type History, type Link } from './history.ts';
import { readPackageState, type PackageState } from './package-state.ts';
import { readPolicy, type Policy } from './policy.ts';
import { StateLines } from './state-lines.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';
import { decodeTexts, encodeTexts, TextCollector, type Texts } from './texts.ts';
import { openXattrReader } from './xattrs.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (files: number) => void;
}

/** Where a history stands, and what signs it. */
export interface SigningStore {
  readonly folder: string;
  readonly key: KeyObject;
}

export interface Created {
  readonly link: Link;
  readonly problems: readonly Problem[];
}

/** Looks at everything that the policy watches and writes it down as the next link of a history. */
export async function createBaseline(
  root: string,
  policy: Policy,
  store: SigningStore,
  options: RunOptions = {},
): Promise<Created> {
  const problems = new ProblemList();
  const tree = new FolderTree(root);
  const xattrs = await openXattrReader();
  const collector = new TextCollector(policy, tree);
  const lines = new StateLines();
  const onState = (state: FileState): void => {
    lines.add(lineOf(state));
    collector.add(state);
  };
  await takeSnapshot({ root, policy, xattrs, onState, ...options }, problems);
  const packages = readPackageState(tree);
  const versions = Object.fromEntries(packages.versions);
  const about = { subject: root, policy: policy.text, packages: versions, changes: {} };
  const link = await writeLink(lines, collector.texts, about, packages, store);
  return { link, problems: problems.drain() };
}

export interface Checked {
  readonly inspection: Inspection;
  /** All changes, those that packages explain too. */
  readonly changes: readonly Change[];
  readonly updates: readonly PackageUpdate[];
  readonly history: History;
  /** What was there, and what of that is there now: to be accepted. */
  readonly before: StateTable;
  readonly snapshot: Snapshot;
  readonly policy: Policy;
}

/** Holds what is there now against the last link of a history; with `isFull`, files are read even where nothing says that they changed. */
export async function checkBaseline(
  store: { readonly folder: string; readonly key?: string; readonly head?: string },
  options: RunOptions & { readonly isFull?: boolean; readonly root?: string } = {},
): Promise<Checked> {
  const history = readHistory(store.folder, store);
  const { last } = history;
  const root = options.root ?? last.subject;
  const policy = readPolicy(last.policy, 'of the baseline');
  const before = new StateTable(history.database);
  const problems = new ProblemList();
  const tree = new FolderTree(root);
  const xattrs = await openXattrReader();
  const snapshot = await takeSnapshot({ ...options, root, policy, before, xattrs }, problems);
  const changes = compareStates(before, snapshot, policy);
  const { updates, rest } = changes.length === 0 ? { updates: [], rest: [] } : explain(changes, last, policy, tree);
  if (rest.length > maxClaims) {
    const message = `${rest.length} changes; only the first ${maxClaims} became findings`;
    problems.add({ code: 'limit-reached', at: {}, message });
  }
  const claims = claimsOf(rest, decodeTexts(history.texts), tree);
  const inspection: Inspection = {
    subject: root,
    claims,
    problems: problems.drain(),
    notChecked: notChecked(policy, xattrs !== undefined),
    by: 'host baseline',
    ran: integrityDetectors,
  };
  return { inspection, changes, updates, history, before, snapshot, policy };
}

function explain(changes: readonly Change[], last: Link, policy: Policy, tree: FolderTree): Explained {
  const paths = new Set(changes.flatMap((change) => [shownPath(change.path), packagedPath(change)]));
  const ends = changes.filter(isAlternative).flatMap(({ path }) => tree.stat(shownPath(path))?.path ?? []);
  const now = readPackageState(tree, new Set([...paths, ...ends]));
  const versionsBefore = new Map(Object.entries(last.packages));
  return explainByPackages(changes, { tree, policy, versionsBefore, now });
}

/** Writes what is there now as the next link; with `paths`, only changes at or below them. */
export async function acceptChanges(
  { history, before, snapshot, changes, policy }: Checked,
  paths: readonly string[],
  store: SigningStore,
): Promise<{ readonly link: Link; readonly accepted: readonly Change[] }> {
  const isWanted = (path: string): boolean =>
    paths.length === 0 || paths.some((one) => one === '/' || path === one || path.startsWith(`${one}/`));
  const accepted = changes.filter(
    ({ path, from }) => isWanted(shownPath(path)) || (from !== undefined && isWanted(shownPath(from))),
  );
  const { last } = history;
  const tree = new FolderTree(last.subject);
  const states = new Map(before.lines());
  const collector = new TextCollector(policy, tree, decodeTexts(history.texts));
  for (const [path, state] of snapshot.states) states.set(path, lineOf(state));
  restore(states, changes, new Set(accepted));
  for (const { after } of accepted) if (after !== undefined) collector.add(after);
  const packages = readPackageState(tree);
  const counts: Record<string, number> = {};
  for (const { kind } of accepted) counts[kind] = (counts[kind] ?? 0) + 1;
  // What is left for later is still to be explained by the packages that changed since.
  const isAll = accepted.length === changes.length;
  const versions = isAll ? Object.fromEntries(packages.versions) : last.packages;
  const about = { subject: last.subject, policy: last.policy, packages: versions, changes: counts };
  const lines = new StateLines();
  for (const line of states.values()) lines.add(line);
  return { link: await writeLink(lines, collector.texts, about, packages, store), accepted };
}

/** Puts back what the baseline says of files whose changes are not accepted. */
function restore(states: Map<string, string>, changes: readonly Change[], accepted: ReadonlySet<Change>): void {
  for (const change of changes) {
    if (accepted.has(change)) continue;
    if (change.before === undefined || change.from !== undefined) states.delete(change.path);
    if (change.before !== undefined) states.set(change.before.path, lineOf(change.before));
  }
}

async function writeLink(
  lines: StateLines,
  texts: Texts,
  about: Pick<Link, 'subject' | 'policy' | 'packages' | 'changes'>,
  packages: PackageState,
  store: SigningStore,
): Promise<Link> {
  const digests = texts.size === 0 ? new Set<string>() : lines.digests();
  const contents = {
    database: await encodeStates(lines, (path) => packages.ownerOf(shownPath(path))),
    files: lines.size,
    texts: encodeTexts(new Map([...texts].filter(([digest]) => digests.has(digest)))),
  };
  return appendLink(store.folder, { created: new Date().toISOString(), ...about }, contents, store.key);
}

function notChecked(policy: Policy, hasXattrs: boolean): { what: string; why: string }[] {
  const wantsXattrs = [...policy.rules.values()].some(({ attributes }) => attributes.has('xattrs'));
  return wantsXattrs && !hasXattrs
    ? [{ what: 'extended attributes', why: 'libc cannot be called on this machine' }]
    : [];
}
