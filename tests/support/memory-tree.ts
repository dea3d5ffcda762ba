import { resolveInTree } from '../../src/inspect/tree/resolve.ts';
import { normalPath, parentOf, type FileTree, type TreeEntry, type TreeProblem } from '../../src/inspect/tree/tree.ts';

/** What stands at a path: bytes or text of a file (with what its entry says otherwise than usual), or where a symbolic link points. */
export type MemoryFile = string | Uint8Array | { readonly target: string } | MemoryFileWith;

export interface MemoryFileWith extends Partial<Pick<TreeEntry, 'mode' | 'uid' | 'gid' | 'mtime' | 'btime'>> {
  readonly content: string | Uint8Array;
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
  /** Of chattr(1). A tree in which no file says it tells no flags at all. */
  readonly isImmutable?: boolean;
}

/** A tree whose files are given; the folders above them are there by themselves. All belongs to root, all is of 2024-01-01; what stands in `bin` can be run. */
export class MemoryTree implements FileTree {
  readonly kind = 'folder';
  readonly name = 'memory';
  readonly #entries = new Map<string, TreeEntry>();
  readonly #contents = new Map<string, Buffer>();
  readonly #children = new Map<string, Set<string>>();
  readonly #xattrs = new Map<string, ReadonlyMap<string, Buffer>>();
  readonly flags?: NonNullable<FileTree['flags']>;

  constructor(files: Readonly<Record<string, MemoryFile>>) {
    const immutable = new Map<string, boolean>();
    this.#put('/', 'directory', {});
    for (const [name, file] of Object.entries(files)) {
      const path = normalPath(name);
      for (let folder = parentOf(path); !this.#entries.has(folder); folder = parentOf(folder)) {
        this.#put(folder, 'directory', {});
      }
      if (typeof file === 'object' && 'target' in file) this.#put(path, 'symlink', { target: file.target });
      else {
        const { content, xattrs = {}, isImmutable, ...more } = isContent(file) ? { content: file } : file;
        const bytes = Buffer.from(content);
        this.#contents.set(path, bytes);
        this.#xattrs.set(path, new Map(Object.entries(xattrs).map(([key, value]) => [key, Buffer.from(value)])));
        this.#put(path, 'file', { size: bytes.length, ...more });
        if (isImmutable !== undefined) immutable.set(path, isImmutable);
      }
    }
    if (immutable.size === 0) return;
    this.flags = (path) => ({ isImmutable: immutable.get(path) === true, isAppendOnly: false });
  }

  lstat(path: string): TreeEntry | undefined {
    return resolveInTree(path, false, (at) => this.#entries.get(at));
  }

  stat(path: string): TreeEntry | undefined {
    return resolveInTree(path, true, (at) => this.#entries.get(at));
  }

  list(path: string): readonly TreeEntry[] {
    const folder = this.stat(path);
    const names = [...(this.#children.get(folder?.path ?? '') ?? [])].sort();
    return names.map((name) => this.#entries.get(name)).filter((entry) => entry !== undefined);
  }

  read(path: string, maxBytes = Number.POSITIVE_INFINITY): Buffer | undefined {
    return this.#contents.get(this.stat(path)?.path ?? '')?.subarray(0, maxBytes);
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    return this.read(path)?.subarray(offset, offset + length);
  }

  xattrs(path: string): ReadonlyMap<string, Buffer> {
    return this.#xattrs.get(this.lstat(path)?.path ?? '') ?? new Map();
  }

  drainProblems(): TreeProblem[] {
    return [];
  }

  #put(path: string, type: TreeEntry['type'], more: Partial<TreeEntry>): void {
    const mode = type === 'file' && !/\/s?bin\//.test(path) ? 0o644 : 0o755;
    this.#entries.set(path, { path, type, size: 0, mode, uid: 0, gid: 0, mtime: 1_704_067_200_000_000, ...more });
    if (path === '/') return;
    const siblings = this.#children.get(parentOf(path)) ?? new Set();
    siblings.add(path);
    this.#children.set(parentOf(path), siblings);
  }
}

/** Bytes of a file, or of the text of a link. */
export function memoryBytes(file: MemoryFile): Buffer {
  if (isContent(file)) return Buffer.from(file);
  return Buffer.from('target' in file ? file.target : file.content);
}

function isContent(file: MemoryFile): file is string | Uint8Array {
  return typeof file === 'string' || file instanceof Uint8Array;
}
