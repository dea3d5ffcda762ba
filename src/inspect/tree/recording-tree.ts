import { normalPath, parentOf, type FileTree, type TreeEntry, type TreeProblem } from './tree.ts';

type DigestingTree = FileTree & Required<Pick<FileTree, 'digest'>>;

/**
 * A tree that remembers what was asked of another: which names were seen, how far files were read, which digests were wanted. Whoever
 * takes that along can answer the same questions elsewhere.
 */
export class RecordingTree implements FileTree {
  readonly kind: FileTree['kind'];
  readonly name: string;
  readonly entries = new Map<string, TreeEntry>();
  /** Bytes from the beginning of a file that were wanted, by its own path. */
  readonly extents = new Map<string, number>();
  readonly digests = new Map<string, Record<string, string>>();
  readonly attributes = new Map<string, ReadonlyMap<string, Buffer>>();
  readonly marks = new Map<string, NonNullable<ReturnType<NonNullable<FileTree['flags']>>>>();
  readonly xattrs?: (path: string) => ReadonlyMap<string, Buffer>;
  readonly flags?: NonNullable<FileTree['flags']>;
  readonly #inner: DigestingTree;
  readonly #onLook: () => void;
  readonly #ways = new Set<string>();

  /** `onLook` is called now and then, for whoever counts the time. */
  constructor(inner: DigestingTree, onLook: () => void = () => undefined) {
    this.#inner = inner;
    this.#onLook = onLook;
    this.kind = inner.kind;
    this.name = inner.name;
    if (inner.xattrs !== undefined) this.xattrs = (path) => this.#xattrs(path);
    if (inner.flags !== undefined) this.flags = (path) => this.#flags(path);
  }

  lstat(path: string): TreeEntry | undefined {
    return this.#note(path, this.#inner.lstat(path));
  }

  stat(path: string): TreeEntry | undefined {
    this.lstat(path);
    return this.#note(path, this.#inner.stat(path));
  }

  list(path: string): readonly TreeEntry[] {
    this.#onLook();
    this.stat(path);
    const entries = this.#inner.list(path);
    for (const entry of entries) this.entries.set(entry.path, entry);
    return entries;
  }

  read(path: string, maxBytes?: number): Buffer | undefined {
    const bytes = this.#inner.read(path, maxBytes);
    if (bytes !== undefined) this.#reach(path, bytes.length);
    return bytes;
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    const bytes = this.#inner.readAt(path, offset, length);
    if (bytes !== undefined) this.#reach(path, offset + bytes.length);
    return bytes;
  }

  digest(path: string, algorithm: string): string | undefined {
    this.#onLook();
    const entry = this.stat(path);
    if (entry?.type !== 'file') return undefined;
    const known = this.digests.get(entry.path);
    if (known?.[algorithm] !== undefined) return known[algorithm];
    const hex = this.#inner.digest(path, algorithm);
    if (hex !== undefined) this.digests.set(entry.path, { ...known, [algorithm]: hex });
    return hex;
  }

  drainProblems(): TreeProblem[] {
    return this.#inner.drainProblems();
  }

  #xattrs(path: string): ReadonlyMap<string, Buffer> {
    const entry = this.lstat(path);
    const found = this.#inner.xattrs?.(path) ?? new Map<string, Buffer>();
    if (entry !== undefined && found.size > 0) this.attributes.set(entry.path, found);
    return found;
  }

  #flags(path: string): ReturnType<NonNullable<FileTree['flags']>> {
    const entry = this.lstat(path);
    const found = this.#inner.flags?.(path);
    if (entry !== undefined && found !== undefined) this.marks.set(entry.path, found);
    return found;
  }

  #reach(path: string, end: number): void {
    const entry = this.stat(path);
    if (entry === undefined) return;
    this.extents.set(entry.path, Math.max(end, this.extents.get(entry.path) ?? 0));
  }

  #note(asked: string, entry: TreeEntry | undefined): TreeEntry | undefined {
    if (entry === undefined) return undefined;
    this.entries.set(entry.path, entry);
    const path = normalPath(asked);
    if (path !== entry.path) this.#noteWay(path);
    return entry;
  }

  /** Links on the way to what was found: without them the path leads nowhere. */
  #noteWay(path: string): void {
    for (let at = path; at !== '/' && !this.#ways.has(at); at = parentOf(at)) {
      this.#ways.add(at);
      const entry = this.#inner.lstat(at);
      if (entry === undefined) continue;
      this.entries.set(entry.path, entry);
      if (entry.type === 'symlink') this.#noteTarget(at);
    }
  }

  /** A link may lead to further links. */
  #noteTarget(path: string): void {
    const end = this.#inner.stat(path);
    const target = this.#inner.lstat(path)?.target ?? '';
    if (end !== undefined) this.entries.set(end.path, end);
    this.#noteWay(normalPath(target.startsWith('/') ? target : `${parentOf(path)}/${target}`));
  }
}
