import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { messageOf } from '../../../base/errors.ts';
import type { ProblemList } from '../../../base/problem.ts';
import { shownPath, systemPath, type FileState } from './attributes.ts';
import type { Policy, PolicyRule } from './policy.ts';

/** Files that are watched: ten times those of a large host. */
const maxFiles = 5_000_000;

export interface Watched {
  readonly state: FileState;
  readonly rule: PolicyRule;
}

/** Every file that the policy watches below a root, without its content. Links are not followed; what cannot be read is a problem. */
export function* walkWatched(root: string, policy: Policy, problems: ProblemList): Generator<Watched> {
  const base = root === '/' ? '' : Buffer.from(root).toString('latin1');
  const stack: { path: string; rule: PolicyRule }[] = [];
  let count = 0;
  for (const path of policy.roots) {
    const rule = policy.rules.get(path);
    if (rule !== undefined) stack.push({ path: path === '/' ? '' : Buffer.from(path).toString('latin1'), rule });
  }
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, rule } = next;
    if (policy.excluded.has(path)) continue;
    const state = stateOf(base, path, problems);
    if (state === undefined) continue;
    if (++count > maxFiles) {
      problems.add({ code: 'limit-reached', at: { path: shownPath(path) }, message: `more than ${maxFiles} files` });
      return;
    }
    yield { state, rule };
    if (state.type !== 'd') continue;
    for (const name of namesIn(base, path, problems)) {
      const child = `${path}/${name}`;
      stack.push({ path: child, rule: policy.rules.get(child) ?? rule });
    }
  }
}

/** The root itself may be a link, as `/proc/PID/root` is: what stands behind it is meant. */
function placeOf(base: string, path: string): string {
  return path === '' ? `${base}/.` : base + path;
}

function namesIn(base: string, path: string, problems: ProblemList): string[] {
  try {
    return readdirSync(systemPath(placeOf(base, path)), 'latin1');
  } catch (error) {
    complain(path, error, problems);
    return [];
  }
}

function stateOf(base: string, path: string, problems: ProblemList): FileState | undefined {
  const real = systemPath(placeOf(base, path));
  try {
    const stats = lstatSync(real, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const type = typeOf(stats);
    return {
      path: path === '' ? '/' : path,
      type,
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      size: type === 'd' ? 0 : stats.size,
      mtime: Math.round(stats.mtimeMs * 1000),
      ctime: Math.round(stats.ctimeMs * 1000),
      inode: stats.ino,
      links: stats.nlink,
      target: targetOf(type, real, stats),
      xattrs: '',
      digest: '',
      owner: '',
    };
  } catch (error) {
    complain(path, error, problems);
    return undefined;
  }
}

function targetOf(type: string, real: string | Buffer, stats: Stats): string {
  if (type === 'l') return readlinkSync(real, 'latin1');
  return type === 'c' || type === 'b' ? String(stats.rdev) : '';
}

function typeOf(stats: Stats): string {
  if (stats.isFile()) return 'f';
  if (stats.isDirectory()) return 'd';
  if (stats.isSymbolicLink()) return 'l';
  if (stats.isCharacterDevice()) return 'c';
  if (stats.isBlockDevice()) return 'b';
  return stats.isFIFO() ? 'p' : 's';
}

/** What is gone since its folder was read is no problem. */
function complain(path: string, error: unknown, problems: ProblemList): void {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
  problems.add({ code: 'unreadable', at: { path: shownPath(path) }, message: messageOf(error) });
}
