import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { Tampering } from './guard.ts';

/** What the watch before this one left about itself. */
export interface LastTime {
  /** When it was last known to run, in ms since 1970. */
  readonly atMs: number;
  /** It was stopped, and not killed. */
  readonly hasEnded: boolean;
  /** What it guarded, as `GuardedPaths.marks` gives it. */
  readonly guarded: Readonly<Record<string, string>>;
}

/** Paths that are named of those that changed. */
const maxNamed = 5;
/** A clock may differ by so much from what was written a moment ago. */
const clockSlackMs = 5000;

const [alive, guarded] = ['.alive.json', '.guarded.json'];

/** From the two files that begin with this path. Undefined when there was none, or what it left cannot be read. */
export function readLastTime(path: string): LastTime | undefined {
  const last = read(path + alive) as Partial<LastTime> | undefined;
  const marks = read(path + guarded);
  if (last === undefined || marks === undefined || !Number.isSafeInteger(last.atMs)) return undefined;
  return { atMs: last.atMs ?? 0, hasEnded: last.hasEnded === true, guarded: marks as LastTime['guarded'] };
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

export function writeGuarded(path: string, marks: LastTime['guarded']): void {
  write(path + guarded, marks);
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
export function* sinceLastTime(
  last: LastTime,
  nowMs: number,
  now: Readonly<Record<string, string>>,
): Generator<Tampering> {
  const [from, to] = [last.atMs, nowMs].map((ms) => new Date(ms).toISOString());
  if (nowMs < last.atMs - clockSlackMs) {
    const message = `it is ${to}, and the watch before this one ran until ${from}: the clock was set back`;
    yield { rule: 'clock-set', title: 'Clock set while nobody watched', severity: 'medium', message };
  }
  if (!last.hasEnded) {
    const message = `the watch before this one was not stopped, it was killed or the machine went down: what happened from ${from} to ${to} was seen only as far as logs tell`;
    yield { rule: 'watch-killed', title: 'Watch killed', severity: 'medium', message };
  }
  const changed = [...new Set([...Object.keys(last.guarded), ...Object.keys(now)])]
    .filter((path) => last.guarded[path] !== now[path])
    .sort();
  if (changed.length === 0) return;
  const more = changed.length > maxNamed ? ` and ${changed.length - maxNamed} more` : '';
  const message = `changed while no watch ran (${from} to ${to}): ${changed.slice(0, maxNamed).join(', ')}${more}`;
  const title = 'Program, rules, settings or unit of the watch changed';
  yield { rule: 'files-changed', title, severity: 'medium', message, path: changed[0] ?? '' };
}
