import { existsSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GuardedPath, GuardedRole } from '../../guarded.ts';
import type { Tampering } from './tampering.ts';

/** Files of guarded folders that are looked at. */
const maxFiles = 40_000;
/** Changes of one look that are named. */
const maxNamed = 5;

/** What a change of each kind of file is. */
const roles: Readonly<Record<GuardedRole, Pick<Tampering, 'rule' | 'title' | 'severity'>>> = {
  program: { rule: 'program-changed', title: 'Program of the watch changed', severity: 'medium' },
  rules: { rule: 'rules-changed', title: 'Rules or lists of the watch changed', severity: 'medium' },
  settings: { rule: 'settings-changed', title: 'Settings or secrets of the watch changed', severity: 'medium' },
  unit: { rule: 'unit-changed', title: 'Unit that starts the watch changed', severity: 'medium' },
  // Whoever accepts a baseline or suppresses a finding does this too; who else does it hides something.
  baseline: { rule: 'baseline-changed', title: 'Integrity baseline changed', severity: 'medium' },
  suppressions: { rule: 'suppressions-changed', title: 'What is to be kept silent about changed', severity: 'low' },
  store: { rule: 'store-replaced', title: 'Store of the watch replaced', severity: 'high' },
};

interface Seen {
  readonly stats: Stats;
  readonly role: GuardedRole;
}

/** Files and folders that nobody should change while a watch runs: program, settings, rules, units. The first look is what is right. */
export class GuardedPaths {
  readonly #guarded: readonly GuardedPath[];
  #seen: ReadonlyMap<string, Seen> | undefined;

  constructor(guarded: readonly GuardedPath[]) {
    this.#guarded = guarded;
  }

  /** What is guarded, for the next watch: it may be told to guard something else. */
  get roots(): readonly GuardedPath[] {
    return this.#guarded;
  }

  /** Folders in which something happens when anything of it changes, as of the last look: to which names, or `all`. */
  folders(): ReadonlyMap<string, ReadonlySet<string> | 'all'> {
    const folders = new Map<string, Set<string> | 'all'>();
    for (const { path } of this.#guarded) {
      const [folder, name] = comingIn(path);
      const names = folders.get(folder);
      if (names instanceof Set) names.add(name);
      else if (names === undefined) folders.set(folder, new Set([name]));
    }
    for (const [path, { stats }] of this.#seen ?? []) if (stats.isDirectory()) folders.set(path, 'all');
    return folders;
  }

  /** What was seen at the last look: for each path a text that differs when it does. */
  marks(): Record<string, string> {
    const marks = [...(this.#seen ?? [])].map(([path, seen]) => [path, markOf(seen)] as const);
    return Object.fromEntries(marks);
  }

  /** What changed since the last look, together for each kind of file: an upgrade changes hundreds. */
  *look(): Generator<Tampering> {
    const before = this.#seen;
    const now = this.#now();
    this.#seen = now;
    if (before === undefined) return;
    const changes = new Map<GuardedRole, Map<string, string>>();
    const add = (role: GuardedRole, path: string, how: string): void => {
      const ofRole = changes.get(role) ?? new Map<string, string>();
      changes.set(role, ofRole.set(path, how));
    };
    for (const [path, seen] of now) {
      const old = before.get(path);
      // A store comes when the case is opened first.
      if (old === undefined && seen.role === 'store') continue;
      const how = old === undefined ? 'was added' : difference(old, seen);
      if (how !== undefined) add(seen.role, path, how);
    }
    for (const [path, { role }] of before) if (!now.has(path)) add(role, path, 'was removed');
    for (const [role, paths] of changes) yield changed(role, [...paths], 'while the watch ran');
  }

  #now(): Map<string, Seen> {
    const now = new Map<string, Seen>();
    for (const { path, role } of this.#guarded) {
      for (const [file, stats] of filesIn(path)) {
        if (now.size >= maxFiles) return now;
        now.set(file, { stats, role });
      }
    }
    return now;
  }
}

/** Changes of files of one kind, as one thing that was done. `when`: `while the watch ran`. */
export function changed(
  role: GuardedRole,
  paths: readonly (readonly [path: string, how: string])[],
  when: string,
): Tampering {
  const named = paths.slice(0, maxNamed).map(([path, how]) => `${path} ${how}`);
  const more = paths.length > maxNamed ? ` and ${paths.length - maxNamed} more` : '';
  // Accepting adds a link, and changes none.
  const isAccepted = role === 'baseline' && paths.every(([, how]) => how === 'was added');
  return {
    ...roles[role],
    ...(isAccepted ? { severity: 'low' } : {}),
    message: `${named.join(', ')}${more}, ${when}`,
    path: paths[0]?.[0] ?? '',
  };
}

/**
 * A folder changes whenever something in it does: of it only the rights count. A store is written all the time: of it only which file it is. The
 * time of change counts, as whoever writes can set all others.
 */
function markOf({ stats, role }: Seen): string {
  const { mode, uid, ino, size, mtimeMs, ctimeMs } = stats;
  if (stats.isDirectory()) return [mode, uid].join(' ');
  return (role === 'store' ? [ino] : [mode, uid, ino, size, mtimeMs, ctimeMs]).join(' ');
}

function difference(old: Seen, now: Seen): string | undefined {
  if (markOf(old) === markOf(now)) return undefined;
  if (now.role === 'store') return 'is another file';
  if (old.stats.mode !== now.stats.mode || old.stats.uid !== now.stats.uid) {
    return 'got another owner or other permissions';
  }
  const isWritten = (['ino', 'size', 'mtimeMs'] as const).some((name) => old.stats[name] !== now.stats[name]);
  return isWritten ? 'was written' : 'had its times set, and may have been written';
}

/** The nearest folder that is there above a path, and the name in it by which the path would come. */
function comingIn(path: string): [folder: string, name: string] {
  let at = path;
  while (dirname(at) !== at && !existsSync(dirname(at))) at = dirname(at);
  return [dirname(at), basename(at)];
}

export function* filesIn(path: string): Generator<[string, Stats]> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  yield [path, stats];
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path)) yield* filesIn(join(path, name));
}
