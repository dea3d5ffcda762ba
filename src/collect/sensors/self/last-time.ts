import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { GuardedPath } from '../../guarded.ts';
import { changed } from './guarded-paths.ts';
import type { Tampering } from './tampering.ts';

/** What the watch before this one left about itself. */
export interface LastTime {
  /** When it was last known to run, in ms since 1970. */
  readonly atMs: number;
  /** It was stopped, and not killed. */
  readonly hasEnded: boolean;
  readonly guarded: Guarded;
}

/** What a watch guards. */
export interface Guarded {
  /** Of Vakthund. */
  readonly version: string;
  /** What it was told to guard. */
  readonly roots: readonly GuardedPath[];
  /** As `GuardedPaths.marks` gives them. */
  readonly marks: Readonly<Record<string, string>>;
}

/** A clock may differ by so much from what was written a moment ago. */
const clockSlackMs = 5000;

const [alive, guarded] = ['.alive.json', '.guarded.json'];

/** From the two files that begin with this path. Undefined when there was none, or what it left cannot be read. */
export function readLastTime(path: string): LastTime | undefined {
  const last = read(path + alive) as Partial<LastTime> | undefined;
  const left = read(path + guarded);
  if (last === undefined || left === undefined || !Number.isSafeInteger(last.atMs)) return undefined;
  return { atMs: last.atMs ?? 0, hasEnded: last.hasEnded === true, guarded: guardedOf(left) };
}

/** Older versions left marks alone: with no roots to hold them against, nothing is told. */
function guardedOf(left: Partial<Guarded>): Guarded {
  const { version = '', roots, marks = {} } = left;
  return { version, roots: Array.isArray(roots) ? (roots as readonly GuardedPath[]) : [], marks };
}

function read(path: string): object | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Small, as it is written again and again. */
export function writeAlive(path: string, last: Omit<LastTime, 'guarded'>): void {
  write(path + alive, last);
}

export function writeGuarded(path: string, left: Guarded): void {
  write(path + guarded, left);
}

/** Written beside it and put in its place: one who is killed meanwhile leaves the one before. */
function write(path: string, content: object): void {
  writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Which files stand there, and how they were written last: a text that differs when somebody else writes or removes one. */
export function markOfState(path: string): string {
  const marks = [alive, guarded].map((name) => {
    const stats = statSync(path + name, { throwIfNoEntry: false });
    return stats === undefined ? '' : [stats.ino, stats.size, stats.mtimeMs].join(' ');
  });
  return marks.join('/');
}

/** Somebody took away or wrote what a watch leaves about itself: what was done while none ran cannot be told by it. */
export function stateLost(path: string, when: string): Tampering {
  const message = `${path}.alive.json or ${path}.guarded.json, which the watch leaves for the next one, was removed or written by somebody else ${when}`;
  return { rule: 'state-lost', title: 'State of the watch removed or changed', severity: 'high', message, path };
}

/** What of it is to be told when a watch begins. `now` is what is guarded now. */
export function* sinceLastTime(last: LastTime, nowMs: number, now: Guarded): Generator<Tampering> {
  const [from, to] = [last.atMs, nowMs].map((ms) => new Date(ms).toISOString());
  if (nowMs < last.atMs - clockSlackMs) {
    const message = `it is ${to}, and the watch before this one ran until ${from}: the clock was set back`;
    yield { rule: 'clock-set', title: 'Clock set while nobody watched', severity: 'medium', message };
  }
  if (!last.hasEnded) {
    const message = `the watch before this one was not stopped, it was killed or the machine went down: what happened from ${from} to ${to} was seen only as far as logs tell`;
    yield { rule: 'watch-killed', title: 'Watch killed', severity: 'medium', message };
  }
  yield* changedSince(last.guarded, now, `while no watch ran (${from} to ${to})`);
}

/** Files that both watches guard: one that is told to guard something else finds nothing changed by that. */
function* changedSince(before: Guarded, now: Guarded, when: string): Generator<Tampering> {
  const known = new Set(before.roots.map(({ path }) => path));
  const roots = now.roots.filter(({ path }) => known.has(path));
  const differing = [...new Set([...Object.keys(before.marks), ...Object.keys(now.marks)])]
    .filter((path) => before.marks[path] !== now.marks[path])
    .sort();
  const byRole = Map.groupBy(differing, (path) => roleOf(path, roots));
  for (const [role, paths] of byRole) {
    if (role === undefined) continue;
    const changes = paths.map((path) => [path, howOf(before.marks[path], now.marks[path])] as const);
    const isUpgrade = before.version !== now.version && (role === 'program' || role === 'rules');
    const told = changed(role, changes, when);
    const message = `${told.message}, with version ${now.version} after ${before.version}`;
    yield isUpgrade ? { ...told, severity: 'low', message } : told;
  }
}

function howOf(before: string | undefined, now: string | undefined): string {
  if (before === undefined) return 'was added';
  return now === undefined ? 'was removed' : 'was changed';
}

/** By the root that is nearest: a folder of rules may lie in the program's. */
function roleOf(path: string, roots: readonly GuardedPath[]): GuardedPath['role'] | undefined {
  return roots
    .filter((root) => path === root.path || path.startsWith(`${root.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0]?.role;
}
