import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  type BigIntStats,
} from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import { nativeCalls, type NativeCalls } from './native.ts';
import { resolveInTree } from './resolve.ts';
import { childOf, maxReadBytes, nameOf, normalPath, type FileTree, type TreeEntry, type TreeProblem } from './tree.ts';

/** Problems kept; the later ones are not told one by one. */
const maxProblems = 1000;

/** Names that are no UTF-8, which are kept in memory; nobody but an attacker has many. */
const maxOdd = 100_000;
const slash = Buffer.from('/');

const hashBuffer = Buffer.allocUnsafeSlow(2 ** 18);
/** How long the place of a folder is believed. */
const rememberedMs = 50;

/** A root that stands in a folder: a mounted disk, an unpacked image, or this machine when the folder is `/`. */
export class FolderTree implements FileTree {
  readonly kind: 'live' | 'folder';
  readonly name: string;
  /** Absent where the C library cannot be asked. */
  readonly xattrs?: (path: string) => ReadonlyMap<string, Buffer>;
  readonly flags?: (path: string) => ReturnType<NativeCalls['flags']>;
  /** What stands before a path of the tree in one of this machine. */
  readonly #prefix: string;
  #problems: TreeProblem[] = [];
  /** Names that are no UTF-8, by their path here. */
  readonly #odd = new Map<string, Buffer>();
  #isOddFull = false;
  #lastFolder = { asked: '', real: '', until: 0 };

  constructor(root: string, kind: 'live' | 'folder' = root === '/' ? 'live' : 'folder') {
    this.#prefix = root.replace(/\/+$/, '');
    this.name = root;
    this.kind = kind;
    const native = nativeCalls();
    if (native === undefined) return;
    // The folders of the path must hold no links that lead out of the tree.
    const real = (path: string): string | Buffer => {
      const folder = this.#folderOf(path);
      return this.#real(folder === undefined ? (this.lstat(path)?.path ?? '/') : childOf(folder, nameOf(path)));
    };
    // The C library is handed text: of names that are none it is not asked.
    this.xattrs = (path) => {
      const at = real(path);
      return typeof at === 'string' ? native.xattrs(at) : new Map<string, Buffer>();
    };
    this.flags = (path) => {
      const at = real(path);
      return typeof at === 'string' ? native.flags(at) : undefined;
    };
  }

  lstat(path: string): TreeEntry | undefined {
    const folder = this.#folderOf(path);
    return folder === undefined
      ? resolveInTree(path, false, this.#look)
      : this.#look(childOf(folder, nameOf(normalPath(path))));
  }

  stat(path: string): TreeEntry | undefined {
    const entry = this.lstat(path);
    return entry?.type === 'symlink' ? resolveInTree(path, true, this.#look) : entry;
  }

  list(path: string): readonly TreeEntry[] {
    const folder = this.stat(path);
    if (folder?.type !== 'directory') return [];
    const entries: TreeEntry[] = [];
    for (const name of this.#namesIn(folder.path)) {
      const entry = this.#look(childOf(folder.path, name));
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  read(path: string, maxBytes = maxReadBytes): Buffer | undefined {
    return this.#open(path, (descriptor, entry) => {
      // Files of /proc and /sys say 0 bytes and hold some.
      if (entry.size === 0) return readWithoutSize(descriptor, maxBytes);
      return readPart(descriptor, 0, Math.min(entry.size, maxBytes));
    });
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    return this.#open(path, (descriptor, entry) =>
      readPart(descriptor, offset, Math.max(0, Math.min(length, entry.size - offset))),
    );
  }

  digest(path: string, algorithm: string): string | undefined {
    return this.#open(path, (descriptor) => {
      const hash = createHash(algorithm);
      // One buffer for all files: a new one for each costs more than the reading.
      for (;;) {
        const count = readSync(descriptor, hashBuffer, 0, hashBuffer.length, null);
        if (count === 0) return hash.digest('hex');
        hash.update(count === hashBuffer.length ? hashBuffer : hashBuffer.subarray(0, count));
      }
    });
  }

  drainProblems(): TreeProblem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /**
   * Where the folder of a path really stands, remembered for a moment: whoever walks or hashes asks for one folder's files in a row. Undefined
   * for what must be resolved step by step: `..` behind a link leads elsewhere than it reads.
   */
  #folderOf(path: string): string | undefined {
    if (path.includes('..') || path === '/' || path.endsWith('/')) return undefined;
    const asked = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const now = performance.now();
    if (asked !== this.#lastFolder.asked || now > this.#lastFolder.until) {
      const folder = resolveInTree(asked, true, this.#look);
      if (folder?.type !== 'directory') return undefined;
      this.#lastFolder = { asked, real: folder.path, until: now + rememberedMs };
    }
    return this.#lastFolder.real;
  }

  #namesIn(path: string): string[] {
    try {
      const real = this.#real(path);
      const names = readdirSync(real);
      return (names.some(isOdd) ? this.#oddNames(path, real, names) : names).sort();
    } catch (error) {
      this.#complain(path, error);
      return [];
    }
  }

  /** Names of a folder again, as bytes: those that are no UTF-8 are kept beside what they are called here, so that they are found again. */
  #oddNames(path: string, real: string | Buffer, names: readonly string[]): string[] {
    const plain = names.filter((name) => !isOdd(name));
    // Many names may be one when their bytes are replaced: the later ones are numbered, in the order of their bytes.
    const alike = new Map<string, number>();
    const known = new Set<string>();
    for (const bytes of readdirSync(real, { encoding: 'buffer' }).sort((a, b) => a.compare(b))) {
      const replaced = bytes.toString('utf8');
      if (!isOdd(replaced)) continue;
      let [name, count] = [replaced, alike.get(replaced) ?? 0];
      while (known.has(name)) name = `${replaced}\uFFFD${++count}`;
      alike.set(replaced, count);
      known.add(name);
      if (this.#odd.size >= maxOdd && !this.#odd.has(childOf(path, name))) {
        const message = `more than ${maxOdd} names are no UTF-8; the rest is not looked at`;
        if (!this.#isOddFull) this.#problems.push({ code: 'limit-reached', path, message });
        this.#isOddFull = true;
        continue;
      }
      this.#odd.set(childOf(path, name), bytes);
      plain.push(name);
    }
    return plain;
  }

  readonly #look = (path: string): TreeEntry | undefined => {
    try {
      const real = this.#real(path);
      const stats = lstatSync(real, { bigint: true, throwIfNoEntry: false });
      return stats === undefined ? undefined : entryOf(path, stats, real);
    } catch (error) {
      this.#complain(path, error);
      return undefined;
    }
  };

  #open<T>(path: string, use: (descriptor: number, entry: TreeEntry) => T): T | undefined {
    const entry = this.stat(path);
    if (entry?.type !== 'file') return undefined;
    let descriptor: number | undefined;
    try {
      // Between the look and the opening it may have become a link or a pipe.
      descriptor = openSync(this.#real(entry.path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      if (!fstatSync(descriptor).isFile()) return undefined;
      return use(descriptor, entry);
    } catch (error) {
      this.#complain(entry.path, error);
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  #real(path: string): string | Buffer {
    const normal = normalPath(path);
    if (this.#odd.size > 0 && isOdd(normal)) return this.#realBytes(normal);
    // The root itself may be a link, as `/proc/PID/root` is: whoever names it means what stands behind it.
    return this.#prefix + (normal === '/' ? '/.' : normal);
  }

  #realBytes(normal: string): Buffer {
    const parts: Buffer[] = [Buffer.from(this.#prefix)];
    let at = '';
    for (const name of normal.split('/').slice(1)) {
      at += `/${name}`;
      parts.push(slash, this.#odd.get(at) ?? Buffer.from(name));
    }
    return Buffer.concat(parts);
  }

  /** A name that was there a moment ago and is not any more is no problem: a living system does that. */
  #complain(path: string, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH' || this.#problems.length >= maxProblems) return;
    this.#problems.push({ code: 'unreadable', path, message: messageOf(error) });
  }
}

/** Whether a name holds what stands for bytes that are no UTF-8. */
function isOdd(name: string): boolean {
  return name.includes('\uFFFD');
}

function readPart(descriptor: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, buffer, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function readWithoutSize(descriptor: number, maxBytes: number): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  while (total < maxBytes) {
    const part = readPart(descriptor, total, Math.min(2 ** 16, maxBytes - total));
    if (part.length === 0) break;
    parts.push(part);
    total += part.length;
  }
  return Buffer.concat(parts);
}

function entryOf(path: string, stats: BigIntStats, real: string | Buffer): TreeEntry {
  const type = typeOf(stats);
  return {
    path,
    type,
    size: type === 'file' ? Number(stats.size) : 0,
    ...(type === 'directory' ? { listBytes: Number(stats.size) } : {}),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtime: Number(stats.mtimeNs / 1000n),
    ctime: Number(stats.ctimeNs / 1000n),
    btime: Number(stats.birthtimeNs / 1000n),
    atime: Number(stats.atimeNs / 1000n),
    device: Number(stats.dev),
    inode: Number(stats.ino),
    links: Number(stats.nlink),
    ...(type === 'symlink' ? { target: readlinkSync(real) } : {}),
  };
}

function typeOf(stats: BigIntStats): TreeEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isCharacterDevice()) return 'character';
  if (stats.isBlockDevice()) return 'block';
  return stats.isFIFO() ? 'fifo' : 'socket';
}
