import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Severity } from '../../../events/finding.ts';

/** Something that was done to this program. */
export interface Tampering {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path?: string;
}

/** Files of a guarded folder that are looked at. */
const maxFiles = 20_000;

type Seen = ReadonlyMap<string, Stats>;

/** Files and folders that nobody should change while a watch runs: settings, rules, units. The first look is what is right. */
export class GuardedPaths {
  readonly #paths: readonly string[];
  #seen: Seen | undefined;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** Folders in which something happens when anything of it changes, as of the last look: to which names, or `all`. */
  folders(): ReadonlyMap<string, ReadonlySet<string> | 'all'> {
    const folders = new Map<string, Set<string> | 'all'>();
    for (const path of this.#paths) {
      const names = folders.get(dirname(path));
      if (names instanceof Set) names.add(basename(path));
      else folders.set(dirname(path), new Set([basename(path)]));
    }
    for (const [path, stats] of this.#seen ?? []) if (stats.isDirectory()) folders.set(path, 'all');
    return folders;
  }

  /** What was seen at the last look: for each path a text that differs when it does. */
  marks(): Record<string, string> {
    const marks = [...(this.#seen ?? [])].map(([path, stats]) => [path, markOf(stats)] as const);
    return Object.fromEntries(marks);
  }

  /** What changed since the last look. */
  *look(): Generator<Tampering> {
    const before = this.#seen;
    const now = new Map(this.#paths.flatMap((path) => [...filesIn(path)]).slice(0, maxFiles));
    this.#seen = now;
    if (before === undefined) return;
    for (const [path, stats] of now) {
      const old = before.get(path);
      const how = old === undefined ? 'was added' : difference(old, stats);
      if (how !== undefined) yield changed(path, how);
    }
    for (const path of before.keys()) if (!now.has(path)) yield changed(path, 'was removed');
  }
}

/** A folder changes whenever something in it does: of it only the rights count. */
function markOf(stats: Stats): string {
  const { mode, uid, ino, size, mtimeMs } = stats;
  return (stats.isDirectory() ? [mode, uid] : [mode, uid, ino, size, mtimeMs]).join(' ');
}

function difference(old: Stats, now: Stats): string | undefined {
  if (old.mode !== now.mode || old.uid !== now.uid) return 'got another owner or other permissions';
  if (now.isDirectory()) return undefined;
  const isSame = old.ino === now.ino && old.size === now.size && old.mtimeMs === now.mtimeMs;
  return isSame ? undefined : 'was written';
}

function changed(path: string, how: string): Tampering {
  const message = `${path} ${how} while the watch ran`;
  return {
    rule: 'files-changed',
    title: 'Program, rules, settings or unit of the watch changed',
    severity: 'medium',
    message,
    path,
  };
}

function* filesIn(path: string): Generator<[string, Stats]> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  yield [path, stats];
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path)) yield* filesIn(join(path, name));
}

/**
 * Files that this program only ever appends to, oldest first in the order of their names: a record that is gone was removed by somebody, unless it
 * was among the oldest, which go when the bound is reached. The newest, which is written to, never does.
 */
export class AppendedFiles {
  readonly #folder: string;
  #sizes = new Map<string, number>();
  #newest = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  *look(): Generator<Tampering> {
    const now = new Map<string, number>();
    const [oldest, newest] = [new Map<string, string>(), new Set<string>()];
    for (const sensor of foldersIn(this.#folder)) {
      const files = [...filesIn(join(this.#folder, sensor))].filter(([, stats]) => stats.isFile());
      for (const [path, { size }] of files) now.set(path, size);
      const paths = files.map(([path]) => path).sort();
      oldest.set(sensor, paths[0] ?? '');
      newest.add(paths.at(-1) ?? '');
    }
    for (const [path, size] of this.#sizes) {
      const left = now.get(path);
      // What stands after one that is still there is not among the oldest.
      const first = oldest.get(relative(this.#folder, path).split('/', 1)[0] ?? '') ?? '';
      const isLost = left === undefined ? this.#newest.has(path) || (first !== '' && path > first) : left < size;
      if (isLost) yield lost(path, left === undefined ? 'removed' : 'cut');
    }
    this.#sizes = now;
    this.#newest = newest;
  }
}

/** Whether sensors recorded something below the folder before that time, in ms since 1970. */
export function hasRecordsBefore(folder: string, ms: number): boolean {
  const isOld = ([, stats]: readonly [string, Stats]): boolean => stats.isFile() && stats.birthtimeMs < ms;
  return foldersIn(folder).some((sensor) => [...filesIn(join(folder, sensor))].some(isOld));
}

function lost(path: string, how: string): Tampering {
  const message = `${path}, which only grows, was ${how}`;
  return { rule: 'records-removed', title: 'Records of the watch removed', severity: 'high', message, path };
}

/** Of sensors; the queue of deliveries is cut by this program itself, and captures go once they are read. */
const others = new Set(['queue', 'packets']);
function foldersIn(folder: string): string[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map(({ name }) => name);
}

/** What of the kernel's audit is looked at. */
export interface AuditGuardState {
  readonly isEnabled: boolean;
  readonly rules: number;
  /** Of auditd; 0 when nobody takes the records that are written to its log. */
  readonly daemonPid: number;
}

/** The audit that feeds the watch: switched off, its daemon gone, or fewer rules than there were. */
export class GuardedAudit {
  #before: AuditGuardState | undefined;

  *look(now: AuditGuardState): Generator<Tampering> {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return;
    if (before.isEnabled && !now.isEnabled) {
      yield {
        rule: 'audit-off',
        title: 'Audit switched off',
        severity: 'high',
        message: 'the audit of the kernel was switched off while the watch ran',
      };
    }
    if (before.daemonPid !== 0 && now.daemonPid === 0) {
      const message = `auditd (process ${before.daemonPid}) is gone: its log does not grow any more`;
      yield { rule: 'auditd-gone', title: 'Audit daemon stopped', severity: 'medium', message };
    }
    if (now.rules < before.rules) {
      const message = `of ${before.rules} audit rules ${before.rules - now.rules} were removed while the watch ran`;
      const severity = now.rules === 0 ? 'high' : 'medium';
      yield { rule: 'audit-rules-removed', title: 'Audit rules removed', severity, message };
    }
  }
}
