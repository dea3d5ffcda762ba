import type { Severity } from '../../events/finding.ts';
import { programsIn } from '../../match/commands/programs.ts';
import { contentSigns } from '../../match/commands/signs.ts';
import { readLines } from './locations.ts';
import { pathSigns } from '../../match/commands/paths.ts';
import { combined } from '../../match/commands/sign.ts';
import type { HostContext, PersistenceItem, Sign } from './technique.ts';
import { weakLink } from './writable.ts';

/** An item with everything that speaks for or against it. */
export interface Judgement {
  readonly item: PersistenceItem;
  /** Strongest first. */
  readonly signs: readonly Sign[];
  /** 0 to 1. */
  readonly score: number;
  readonly severity: Severity;
}

/** Lowest scores of the severities above info. */
const thresholds: readonly (readonly [number, Severity])[] = [
  [0.9, 'critical'],
  [0.7, 'high'],
  [0.45, 'medium'],
  [0.2, 'low'],
];

/** Targets of one item that are looked at. */
const maxTargets = 256;
const changedWeight = 0.35;
/** A configuration file that its owner changed is what it is there for. */
const changedConfigShare = 0.2;
/** A file that a package's script wrote is nearly as much the package's as one that it lists. */
const madeShare = 0.2;

/**
 * The one judge: what an item is worth, with reasons. Undefined for an unchanged file of a package. Signs are independent witnesses:
 * the score is the chance that at least one of them is right.
 */
export function judge(item: PersistenceItem, context: HostContext): Judgement | undefined {
  const signs: Sign[] = [];
  const standing = context.ownership.standing(item.path);
  if (item.isJudgedAnyway !== true) {
    if (standing.kind === 'packaged') return undefined;
    signs.push(...standingSigns(item, context));
  }
  signs.push(...(item.signs ?? []));
  if (item.runs !== undefined) signs.push(...contentSigns(item.runs));
  const known = new Set(signs.map(({ what, value }) => `${what}\0${value}`));
  for (const sign of [...targetSigns(item, context), ...writableSigns(item, context)]) {
    if (!known.has(`${sign.what}\0${sign.value}`)) signs.push(sign);
  }
  const score = combined(signs);
  const sorted = signs.sort((left, right) => right.weight - left.weight);
  return { item, signs: sorted, score, severity: severityAt(score) };
}

export function severityAt(score: number): Severity {
  return thresholds.find(([least]) => score >= least)?.[1] ?? 'info';
}

function standingSigns(
  { path, unowned, changed = changedWeight }: PersistenceItem,
  { ownership }: HostContext,
): Sign[] {
  const standing = ownership.standing(path);
  switch (standing.kind) {
    case 'packaged':
      return [];
    case 'changed': {
      const weight = standing.isConfig ? changed * changedConfigShare : changed;
      const what = standing.isConfig ? 'changed since its package put it there' : 'differs from its package';
      return [{ what, value: standing.package, weight }];
    }
    case 'made':
      return [{ what: 'written by the scripts of a package', value: standing.package, weight: unowned * madeShare }];
    case 'unowned':
      return unowned === 0 ? [] : [{ what: 'belongs to no package', value: path, weight: unowned }];
    case 'unknown':
      return unowned === 0
        ? []
        : [{ what: 'no package database tells where it comes from', value: path, weight: unowned / 2 }];
  }
}

/** What it runs or loads: where that stands, whom it belongs to, whether it is there. */
function targetSigns(item: PersistenceItem, context: HostContext): Sign[] {
  const signs: Sign[] = [];
  const linked = linkedTo(item, context);
  if (linked !== undefined) signs.push(...pathSigns(linked, 'is a link to what '));
  for (const path of targetsOf(item, context)) {
    signs.push(...pathSigns(path));
    const standing = context.ownership.standing(path);
    const entry = context.tree.stat(path);
    if (entry === undefined) continue;
    // Databases list what stands in a folder, hardly ever the folder.
    if (entry.type === 'directory') continue;
    if (standing.kind === 'unowned') signs.push({ what: 'runs what belongs to no package', value: path, weight: 0.1 });
    if (standing.kind === 'changed' && !standing.isConfig) {
      signs.push({ what: 'runs what differs from its package', value: path, weight: 0.4 });
    }
    if (standing.kind !== 'packaged') signs.push(...scriptSigns(entry.path, context));
    signs.push(...runningSigns(entry.path, context));
  }
  return signs;
}

/** Of a script that is started by something else only what hardly any honest one does counts, and a little less than on the spot. */
const leastOfScript = 0.65;
const shareOfScript = 0.9;
const scripts = new WeakMap<HostContext, Map<string, readonly Sign[]>>();

/** What the script says that an item starts; each script of a host is read once. */
function scriptSigns(path: string, context: HostContext): readonly Sign[] {
  const known = scripts.get(context) ?? new Map<string, readonly Sign[]>();
  scripts.set(context, known);
  let signs = known.get(path);
  if (signs === undefined) {
    signs = contentSigns(readLines(context.tree, path))
      .filter(({ weight }) => weight >= leastOfScript)
      .map(({ what, value, weight }) => ({
        what: `runs what ${what}`,
        value: `${path}: ${value}`,
        weight: weight * shareOfScript,
      }));
    known.set(path, signs);
  }
  return signs;
}

/** Where the item's file stands really, if it is a link to another place. */
function linkedTo({ path, process }: PersistenceItem, { tree }: HostContext): string | undefined {
  if (process !== undefined || tree.lstat(path)?.type !== 'symlink') return undefined;
  return tree.stat(path)?.path ?? tree.lstat(path)?.target;
}

function targetsOf({ path, runs, targets = [] }: PersistenceItem, context: HostContext): string[] {
  const named = runs === undefined ? [] : programsIn(runs).map((program) => program.path);
  const all = [...new Set([...targets, ...named])].filter((target) => target.startsWith('/'));
  if (all.length > maxTargets) {
    context.notChecked(`programs that ${path} starts`, `only the first ${maxTargets} of ${all.length} were judged`);
  }
  return all.slice(0, maxTargets);
}

/** The process that goes with an item, and where it is connected to. Programs of packages run everywhere and say nothing. */
function runningSigns(path: string, { live, ownership }: HostContext): Sign[] {
  const running = ownership.standing(path).kind === 'packaged' ? [] : (live?.processes() ?? []);
  const process = running.find(({ executable }) => executable === path);
  if (process === undefined) return [];
  const far = live?.held().find(({ process: { pid }, socket }) => pid === process.pid && socket.remotePort > 0)?.socket;
  return [
    { what: 'runs now', value: `process ${process.pid}`, weight: 0.1 },
    ...(far === undefined
      ? []
      : [{ what: 'is connected', value: `${far.remoteAddress}:${far.remotePort}`, weight: 0.2 }]),
  ];
}

/** Who else could change what an item runs as root: the file and each folder above it. */
function writableSigns(item: PersistenceItem, context: HostContext): Sign[] {
  const runsAs = item.user === undefined ? 0 : context.accounts.named(item.user)?.uid;
  if (runsAs !== 0 || item.isJudgedAnyway === true) return [];
  // Spools belong to their daemons, which keep others out by other means.
  const own = item.path.startsWith('/var/spool/') ? [] : [item.path];
  for (const path of [...own, ...targetsOf(item, context)]) {
    const weak = weakLink(path, context.tree, context.accounts);
    if (weak !== undefined) return [weak];
  }
  return [];
}
