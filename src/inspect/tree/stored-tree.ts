import { createHash } from 'node:crypto';
import type { ContentFile, ContentPlace } from './content-file.ts';
import { resolveInTree } from './resolve.ts';
import { maxReadBytes, normalPath, parentOf, type FileTree, type TreeEntry, type TreeProblem } from './tree.ts';

/** What is kept of one name of a tree that was taken elsewhere. */
export interface StoredEntry {
  readonly entry: TreeEntry;
  /** Its content, or the beginning of it; absent when only the name was taken. */
  readonly content?: ContentPlace;
  /** Digests of the whole content, hexadecimal, by algorithm. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly xattrs?: ReadonlyMap<string, Buffer>;
  readonly flags?: { readonly isImmutable: boolean; readonly isAppendOnly: boolean };
}

const partBytes = 1 << 20;
const noXattrs: ReadonlyMap<string, Buffer> = new Map();
/** Files whose content was asked for in vain that are remembered by name. */
const maxAbsent = 10_000;

/**
 * A tree of which somebody took names, and the contents of some files. What was not taken cannot be read; `absent` tells which of it
 * somebody wanted to see. Folders above a name are there even if they were not taken.
 */
export class StoredTree implements FileTree {
  readonly kind = 'folder';
  readonly name: string;
  /** Files that were asked for and whose content is not there, or not as far as it was wanted. */
  readonly absent = new Set<string>();
  readonly #stored = new Map<string, StoredEntry>();
  readonly #children = new Map<string, string[]>();
  readonly #contents: ContentFile;

  constructor(name: string, entries: Iterable<StoredEntry>, contents: ContentFile) {
    this.name = name;
    this.#contents = contents;
    this.#put({ entry: folderEntry('/') });
    for (const stored of entries) this.#put(stored);
    for (const names of this.#children.values()) names.sort();
  }

  lstat(path: string): TreeEntry | undefined {
    return resolveInTree(path, false, this.#look);
  }

  stat(path: string): TreeEntry | undefined {
    return resolveInTree(path, true, this.#look);
  }

  list(path: string): readonly TreeEntry[] {
    const folder = this.stat(path);
    if (folder?.type !== 'directory') return [];
    return (this.#children.get(folder.path) ?? [])
      .map((name) => this.#look(name))
      .filter((entry) => entry !== undefined);
  }

  read(path: string, maxBytes = maxReadBytes): Buffer | undefined {
    return this.#part(path, 0, maxBytes);
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    return this.#part(path, offset, length);
  }

  digest(path: string, algorithm: string): string | undefined {
    const stored = this.#fileAt(path);
    if (stored === undefined) return undefined;
    const known = stored.digests?.[algorithm];
    if (known !== undefined) return known;
    const { content, entry } = stored;
    if (content === undefined || content.length < entry.size) {
      this.#miss(entry.path);
      return undefined;
    }
    const hash = createHash(algorithm);
    for (let at = 0; at < content.length; at += partBytes) hash.update(this.#contents.read(content, at, partBytes));
    return hash.digest('hex');
  }

  xattrs(path: string): ReadonlyMap<string, Buffer> {
    return this.#stored.get(this.lstat(path)?.path ?? '')?.xattrs ?? noXattrs;
  }

  flags(path: string): StoredEntry['flags'] {
    return this.#stored.get(this.lstat(path)?.path ?? '')?.flags;
  }

  /** Every name that was taken. */
  entries(): Iterable<StoredEntry> {
    return this.#stored.values();
  }

  drainProblems(): TreeProblem[] {
    return [];
  }

  readonly #look = (path: string): TreeEntry | undefined => this.#stored.get(path)?.entry;

  #fileAt(path: string): StoredEntry | undefined {
    const entry = this.stat(path);
    return entry?.type === 'file' ? this.#stored.get(entry.path) : undefined;
  }

  #part(path: string, offset: number, length: number): Buffer | undefined {
    const stored = this.#fileAt(path);
    if (stored === undefined) return undefined;
    const { content, entry } = stored;
    const end = Math.min(offset + length, entry.size);
    if (content === undefined ? entry.size > 0 : content.length < end) this.#miss(entry.path);
    if (content === undefined) return entry.size === 0 ? Buffer.alloc(0) : undefined;
    return this.#contents.read(content, offset, length);
  }

  #miss(path: string): void {
    if (this.absent.size < maxAbsent) this.absent.add(path);
  }

  /** The last one given for a path counts. */
  #put(stored: StoredEntry): void {
    const { path } = stored.entry;
    const isNew = !this.#stored.has(path);
    this.#stored.set(path, stored);
    if (!isNew || path === '/') return;
    const parent = parentOf(path);
    if (!this.#stored.has(parent)) this.#put({ entry: folderEntry(parent) });
    const siblings = this.#children.get(parent);
    if (siblings === undefined) this.#children.set(parent, [path]);
    else siblings.push(path);
  }
}

function folderEntry(path: string): TreeEntry {
  return { path: normalPath(path), type: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, mtime: 0 };
}
