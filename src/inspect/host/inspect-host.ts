import { messageOf } from '../../base/errors.ts';
import { ProblemList } from '../../base/problem.ts';
import { severityRank } from '../../events/finding.ts';
import type { Claim, Inspection } from '../claim.ts';
import type { Cataloger } from '../packages/cataloger.ts';
import { catalogers } from '../packages/catalogers/registry.generated.ts';
import { readDistribution } from '../packages/distribution.ts';
import type { Package } from '../packages/package.ts';
import { walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';
import { Accounts } from './accounts.ts';
import { claimOf } from './claims.ts';
import type { ForeignMounts } from './foreign-mounts.ts';
import { judge, type Judgement } from './judge.ts';
import { filesMadeByPackages } from './ownership/made.ts';
import { NestedRoots } from './nested-roots.ts';
import { Ownership } from './ownership/ownership.ts';
import { persistence } from './persistence/registry.generated.ts';
import { hostNameOf } from './host-name.ts';
import { takeCutTexts } from './locations.ts';
import type { LiveHost } from './proc/live-host.ts';
import type { HostContext, PersistenceTechnique } from './technique.ts';

export interface InspectHostOptions {
  /** Processes of the host; without it only files are looked at. */
  readonly live?: LiveHost;
  /** Ids of techniques to run; all when left out. */
  readonly only?: readonly string[];
  /** Name of the host, where the tree does not tell it. */
  readonly hostName?: string;
  /** What is mounted in the tree and does not belong to it. */
  readonly foreign?: ForeignMounts;
  readonly signal?: AbortSignal;
  /** Told of every item that no package accounts for, also of those that are worth no claim. */
  readonly onItem?: (technique: string, judgement: Judgement) => void;
  /** `done` of `total` steps; `what` is what is done now. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** Names that are looked at; ten times those of a large host. */
const maxEntries = 20_000_000;
/** Claims of one technique. */
const maxClaims = 2000;

/** File systems of the kernel, what containers have (they are looked at as what they are), and network mounts' usual place. */
const foreignFolders: ReadonlySet<string> = new Set([
  '/proc',
  '/sys',
  '/dev/pts',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/kubelet/pods',
  '/var/lib/lxc',
  '/var/lib/lxd',
  '/run/containerd',
  '/run/docker',
  '/snap',
  '/lost+found',
]);

/** Where they keep their databases. */
const databaseFolders = [
  '/var/lib/dpkg',
  '/lib/apk/db',
  '/usr/lib/apk/db',
  '/var/lib/rpm',
  '/usr/lib/sysimage/rpm',
  '/usr/share/rpm',
];

/** Catalogers of package managers that own files of the system. */
const ownerCatalogers: readonly Cataloger[] = (Object.values(catalogers) as readonly Cataloger[]).filter(({ id }) =>
  ['dpkg', 'apk', 'rpm'].includes(id),
);

/** Looks for everything that is planted in a tree: one walk, then each technique, then the one judge. */
export function inspectHost(tree: FileTree, options: InspectHostOptions = {}): Inspection {
  const { live, only, signal, onProgress } = options;
  const problems = new ProblemList();
  const notChecked: { readonly what: string; readonly why: string }[] = [];
  const all = Object.values(persistence) as readonly PersistenceTechnique[];
  const techniques = all.filter(({ id }) => only === undefined || only.includes(id));
  const runnable = techniques.filter(({ needs }) => needs === undefined || live !== undefined);
  if (runnable.length < techniques.length && tree.kind !== 'image') {
    notChecked.push({ what: 'processes and connections', why: 'nothing runs in what was looked at' });
  }
  for (const { path, type } of options.foreign?.told ?? []) {
    notChecked.push({
      what: path,
      why: `another file system (${type}) is mounted there: name it with --root to look at it`,
    });
  }
  const walk = walkOnce(tree, runnable, problems, options);
  for (const path of walk.nested) {
    notChecked.push({ what: path, why: 'the root of another system stands there: name it with --root to look at it' });
  }
  const ownership = new Ownership(tree, readPackages(tree, walk.databases, problems), filesMadeByPackages(tree));
  const context: HostContext = {
    tree,
    ownership,
    accounts: new Accounts(tree),
    hostName: hostNameOf(tree) ?? options.hostName,
    live,
    notChecked: (what, why) => notChecked.push({ what, why }),
  };
  if (!ownership.isKnown) {
    notChecked.push({ what: 'who owns files', why: 'no package database with lists of files was found' });
  }
  const claims: Claim[] = [];
  const ran: string[] = [];
  for (const [index, technique] of runnable.entries()) {
    signal?.throwIfAborted();
    onProgress?.(technique.title, walkShare + index, walkShare + runnable.length);
    try {
      claims.push(...claimsOf(technique, context, walk.wanted.get(technique.id) ?? [], options.onItem));
      ran.push(`persistence/${technique.id}`);
    } catch (error) {
      const message = `the technique ${technique.id} stopped: ${messageOf(error)}`;
      problems.add({ code: 'detector-failed', at: {}, message });
    }
  }
  for (const path of takeCutTexts(tree)) {
    problems.add({
      code: 'limit-reached',
      at: { path },
      message: 'more than 1 MB; what stands behind it was not judged',
    });
  }
  for (const { code, path, message } of tree.drainProblems()) problems.add({ code, at: { path }, message });
  dropFallbacks(claims, all);
  claims.sort((left, right) => right.score - left.score || (left.path < right.path ? -1 : 1));
  return { subject: tree.name, by: 'host inspect', claims, problems: problems.drain(), notChecked, ran };
}

/** The walk counts as that many techniques in the progress. */
const walkShare = 30;

interface Walk {
  readonly wanted: ReadonlyMap<string, readonly TreeEntry[]>;
  readonly databases: ReadonlyMap<string, readonly TreeEntry[]>;
  readonly nested: readonly string[];
}

function walkOnce(
  tree: FileTree,
  techniques: readonly PersistenceTechnique[],
  problems: ProblemList,
  { foreign, signal, onProgress }: InspectHostOptions,
): Walk {
  const wanted = new Map<string, TreeEntry[]>();
  const databases = new Map<string, TreeEntry[]>(ownerCatalogers.map(({ id }) => [id, []]));
  const wanting = techniques.filter((technique) => technique.wants !== undefined);
  for (const { id } of wanting) wanted.set(id, []);
  const nested = new NestedRoots(tree);
  let count = 0;
  const enter = ({ path }: TreeEntry): boolean =>
    !foreignFolders.has(path) && foreign?.folders.has(path) !== true && !nested.holds(path);
  // Without a technique that looks at every name only the databases of packages are needed.
  const starts = wanting.length > 0 ? ['/'] : databaseFolders;
  for (const entry of walkAll(tree, starts, enter)) {
    if (++count > maxEntries) {
      problems.add({ code: 'limit-reached', at: { path: entry.path }, message: `more than ${maxEntries} names` });
      break;
    }
    if (count % 20_000 === 0) {
      signal?.throwIfAborted();
      onProgress?.(entry.path, Math.min(walkShare - 1, count / 20_000), walkShare + techniques.length);
    }
    if (nested.isInside(entry)) continue;
    for (const technique of wanting) if (technique.wants?.(entry) === true) wanted.get(technique.id)?.push(entry);
    if (entry.type !== 'file' && entry.type !== 'symlink') continue;
    for (const cataloger of ownerCatalogers) if (cataloger.wants(entry)) databases.get(cataloger.id)?.push(entry);
  }
  return { wanted, databases, nested: nested.found };
}

function* walkAll(
  tree: FileTree,
  starts: readonly string[],
  enter: (folder: TreeEntry) => boolean,
): Generator<TreeEntry> {
  for (const start of starts) yield* walkTree(tree, start, enter);
}

function readPackages(tree: FileTree, databases: Walk['databases'], problems: ProblemList): Package[] {
  const distribution = readDistribution(tree);
  return ownerCatalogers.flatMap((cataloger) => {
    const found = cataloger.catalog(databases.get(cataloger.id) ?? [], { tree, distribution, withoutLicenses: true });
    for (const problem of found.problems) problems.add(problem);
    return found.packages;
  });
}

/** Takes away what a fallback tells of a file that something else tells as strongly. */
function dropFallbacks(claims: Claim[], techniques: readonly PersistenceTechnique[]): void {
  const fallbacks = new Set(techniques.filter((one) => one.isFallback === true).map(({ id }) => `persistence/${id}`));
  const best = new Map<string, number>();
  for (const { detector, path, severity } of claims) {
    if (!fallbacks.has(detector)) best.set(path, Math.max(best.get(path) ?? 0, severityRank(severity)));
  }
  const kept = claims.filter(
    ({ detector, path, severity }) => !fallbacks.has(detector) || (best.get(path) ?? -1) < severityRank(severity),
  );
  claims.splice(0, claims.length, ...kept);
}

/** Of items that say the same about one file only the strongest is told. */
function claimsOf(
  technique: PersistenceTechnique,
  context: HostContext,
  wanted: readonly TreeEntry[],
  onItem: InspectHostOptions['onItem'],
): Claim[] {
  const claims = new Map<string, Claim>();
  let isCut = false;
  for (const item of technique.find(context, wanted)) {
    const judgement = judge(item, context);
    if (judgement !== undefined) onItem?.(technique.id, judgement);
    if (judgement === undefined || severityRank(judgement.severity) === 0) continue;
    const claim = claimOf(technique, judgement, context);
    const key = [claim.detector, claim.path, ...(claim.about ?? [])].join('\0');
    const known = claims.get(key);
    if (known === undefined || known.score < claim.score) claims.set(key, claim);
    if (claims.size >= 2 * maxClaims) isCut = keepWorst(claims);
  }
  if (keepWorst(claims) || isCut) {
    context.notChecked(technique.title, `more than ${maxClaims} were found; only the worst are told`);
  }
  return [...claims.values()];
}

/** Many harmless ones must not push a bad one out. True when some had to go. */
function keepWorst(claims: Map<string, Claim>): boolean {
  if (claims.size <= maxClaims) return false;
  const ranked = [...claims].toSorted(([, left], [, right]) => right.score - left.score);
  for (const [key] of ranked.slice(maxClaims)) claims.delete(key);
  return true;
}
