import { messageOf } from '../../../base/errors.ts';
import { resolveInTree } from '../../tree/resolve.ts';
import {
  childOf,
  maxReadBytes,
  nameOf,
  parentOf,
  type FileTree,
  type TreeEntry,
  type TreeProblem,
} from '../../tree/tree.ts';
import type { DiskSection } from '../spool.ts';
import { none } from './entries.ts';
import { readEntry } from './entry-data.ts';
import type { LayerIndex } from './layer-index.ts';
import { rootNode } from './nodes.ts';

const maxProblems = 1000;
const slash = 47;

/** The layers of an image as one tree, or one layer by itself: `pick` says which entry of a node is seen. */
export class LayeredTree implements FileTree {
  readonly kind = 'image';
  readonly name: string;
  readonly #index: LayerIndex;
  readonly #tars: readonly (DiskSection | undefined)[];
  readonly #pick: (node: number) => number;
  #problems: TreeProblem[] = [];
  /** The folder that was looked into last: paths are asked for folder by folder. */
  #lastFolder = '/';
  #lastNode = rootNode;

  constructor(
    name: string,
    index: LayerIndex,
    tars: readonly (DiskSection | undefined)[],
    pick: (node: number) => number,
  ) {
    this.name = name;
    this.#index = index;
    this.#tars = tars;
    this.#pick = pick;
  }

  lstat(path: string): TreeEntry | undefined {
    const entry = this.#direct(path);
    return entry === none ? resolveInTree(path, false, this.#look) : this.#describe(path, entry);
  }

  stat(path: string): TreeEntry | undefined {
    const entry = this.#direct(path);
    const isThere = entry !== none && this.#index.entries.target(entry) === undefined;
    return isThere ? this.#describe(path, entry) : resolveInTree(path, true, this.#look);
  }

  list(path: string): readonly TreeEntry[] {
    return [...this.each(path)];
  }

  /** Names first, which are sorted, and an entry when it is its turn: it takes five times as much as its name. */
  *each(path: string): Generator<TreeEntry> {
    const folder = this.stat(path);
    if (folder?.type !== 'directory') return;
    const { nodes } = this.#index;
    const node = this.#nodeAt(folder.path);
    if (node === none) return;
    const names: string[] = [];
    for (let child = nodes.firstChild(node); child !== none; child = nodes.nextSibling(child)) {
      if (this.#pick(child) !== none) names.push(nodes.name(child));
    }
    for (const name of names.sort()) {
      const entry = this.#pick(nodes.find(node, name));
      if (entry !== none) yield this.#describe(childOf(folder.path, name), entry);
    }
  }

  read(path: string, maxBytes = maxReadBytes): Buffer | undefined {
    return this.readAt(path, 0, maxBytes);
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    const found = this.stat(path);
    const entry = found?.type === 'file' ? this.#entryAt(found.path) : none;
    return found === undefined || entry === none ? undefined : this.#readData(found.path, entry, offset, length);
  }

  /** The first bytes of an entry that no path leads to any more. */
  readHidden(path: string, entry: number, maxBytes = maxReadBytes): Buffer | undefined {
    return this.#index.entries.type(entry) === 'file' ? this.#readData(path, entry, 0, maxBytes) : undefined;
  }

  xattrs(path: string): ReadonlyMap<string, Buffer> {
    const found = this.lstat(path);
    return found === undefined ? new Map() : this.#index.entries.xattrs(this.#entryAt(found.path));
  }

  drainProblems(): TreeProblem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  #readData(path: string, entry: number, offset: number, length: number): Buffer | undefined {
    try {
      return readEntry(this.#index.entries, this.#tars, entry, offset, length);
    } catch (error) {
      if (this.#problems.length < maxProblems) {
        this.#problems.push({ code: 'unreadable', path, message: messageOf(error) });
      }
      return undefined;
    }
  }

  readonly #look = (path: string): TreeEntry | undefined => {
    const entry = this.#entryAt(path);
    return entry === none ? undefined : this.#describe(path, entry);
  };

  /** The entry at a normal path without links in its folders; `none` when there is none, or when the path must be followed. */
  #direct(path: string): number {
    const isNormal = path.length > 1 && path.charCodeAt(0) === slash && path.charCodeAt(1) !== slash;
    return isNormal ? this.#entryAt(path) : none;
  }

  #entryAt(path: string): number {
    const node = this.#nodeAt(path);
    return node === none ? none : this.#pick(node);
  }

  #nodeAt(path: string): number {
    if (path === '/') return rootNode;
    const folder = parentOf(path);
    if (folder !== this.#lastFolder) {
      this.#lastNode = this.#folderAt(folder);
      this.#lastFolder = folder;
    }
    return this.#lastNode === none ? none : this.#index.nodes.find(this.#lastNode, nameOf(path));
  }

  #folderAt(path: string): number {
    let node = rootNode;
    if (path === '/') return node;
    for (const part of path.slice(1).split('/')) {
      node = this.#index.nodes.find(node, part);
      const entry = node === none ? none : this.#pick(node);
      if (entry === none || !this.#index.entries.isDirectory(entry)) return none;
    }
    return node;
  }

  #describe(path: string, entry: number): TreeEntry {
    return describeEntry(this.#index, path, entry);
  }
}

/** An entry as trees tell it. */
export function describeEntry({ entries }: LayerIndex, path: string, entry: number): TreeEntry {
  const target = entries.target(entry);
  return {
    path,
    type: entries.type(entry),
    size: entries.size(entry),
    mode: entries.mode(entry),
    uid: entries.uid(entry),
    gid: entries.gid(entry),
    mtime: entries.mtime(entry),
    layer: entries.toldBy(entry),
    ...(target === undefined ? {} : { target }),
  };
}
