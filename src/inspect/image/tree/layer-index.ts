import type { ProblemCode } from '../../../base/problem.ts';
import { quote } from '../../../base/problem.ts';
import { maxLinks } from '../../tree/tree.ts';
import type { ImageLimits } from '../limits.ts';
import type { TarMember } from '../tar/header.ts';
import { Entries, noLayer, none, type NewEntry } from './entries.ts';
import { Nodes, rootNode } from './nodes.ts';

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';
/** Names that aufs kept for itself. */
const aufsPrefix = '.wh..wh.';
/** Linux's PATH_MAX, in UTF-16 units: no file of a running container has a longer name. */
const maxNameLength = 4096;

/** Names that one more member may bring beyond the bound: its folders, and those that up to 40 links lead through; and the root of each layer. */
const roomForOne = 2 ** 18;

export type IndexLimits = Pick<ImageLimits, 'entries' | 'indexBytes'>;

export type TellProblem = (code: ProblemCode, message: string) => void;

/**
 * Puts the members of layers together, lowest layer first, as OCI image-spec (layer.md) and overlay mounts do: whiteouts hide
 * lower layers only, an upper folder lies over a lower one, and anything else takes the place of what was there. A folder of a
 * name may be a link of the same layer, as it is for those who unpack it; a lower layer's link gives way to a folder.
 */
export class LayerIndex {
  readonly nodes: Nodes;
  readonly entries: Entries;
  readonly #limits: IndexLimits;
  #keptBytes = 0;
  #layer = -1;
  #tell: TellProblem = () => undefined;
  /** Nodes below which nothing of a lower layer is seen any more. */
  readonly #cleared = new Set<number>();
  #lastFolder = '';
  #lastNode = none;

  constructor(limits: IndexLimits) {
    this.#limits = limits;
    this.nodes = new Nodes(limits.entries + roomForOne);
    this.entries = new Entries(limits.entries + roomForOne);
  }

  /** Everything that is added from now on belongs to the next layer. */
  beginLayer(tell: TellProblem): void {
    this.#layer++;
    this.#tell = tell;
    this.#cleared.clear();
    this.#lastNode = none;
    if (!this.isVisible(this.nodes.newest(rootNode))) this.#put(rootNode, impliedFolder);
    else this.#passThrough(rootNode);
  }

  get isFull(): boolean {
    // A hard link to nothing makes a node, and no entry.
    const names = Math.max(this.entries.length, this.nodes.length);
    return names >= this.#limits.entries || this.#keptBytes >= this.#limits.indexBytes;
  }

  isVisible(entry: number): boolean {
    return entry !== none && this.entries.hiddenBy(entry) === noLayer;
  }

  /** The entry that is seen at a node, or `none`. */
  visibleAt(node: number): number {
    const entry = this.nodes.newest(node);
    return this.isVisible(entry) ? entry : none;
  }

  /** The entry that a layer has at a node, or `none`. */
  entryOf(node: number, layer: number): number {
    let entry = this.nodes.newest(node);
    while (entry !== none && this.entries.layer(entry) > layer) entry = this.entries.previous(entry);
    return entry !== none && this.entries.layer(entry) === layer ? entry : none;
  }

  /** Adds a member of the layer's tar. False for a whiteout, and for what could not be added. */
  add(member: TarMember): boolean {
    this.#keptBytes += keptBytesOf(member);
    if (member.name.length > maxNameLength) {
      this.#tell(
        'limit-reached',
        `the name ${quote(member.name)} has ${member.name.length} characters; it was left out`,
      );
      return false;
    }
    const slash = member.name.lastIndexOf('/', member.name.length - (member.name.endsWith('/') ? 2 : 1));
    const last = member.name.slice(slash + 1, member.name.endsWith('/') ? -1 : undefined);
    if (last === '' || last === '.' || last === '..') return this.#addByParts(member);
    const folder = this.#folderOf(member.name.slice(0, Math.max(slash, 0)), member.name);
    return folder === none ? false : this.#addIn(folder, last, member);
  }

  /** Names such as `./`, `a//` and `a/..`. */
  #addByParts(member: TarMember): boolean {
    const parts = this.#safeParts(member.name);
    const last = parts.pop();
    if (last !== undefined) {
      const folder = this.#folderOf(parts.join('/'), member.name);
      return folder === none ? false : this.#addIn(folder, last, member);
    }
    if (member.type !== 'directory') return false;
    this.#put(rootNode, this.#entryFrom(member));
    return true;
  }

  #addIn(folder: number, name: string, member: TarMember): boolean {
    if (name.startsWith(whiteoutPrefix)) {
      this.#whiteout(folder, name);
      return false;
    }
    const node = this.nodes.obtain(folder, name);
    if (member.type !== 'link') {
      this.#put(node, this.#entryFrom(member));
      return true;
    }
    const target = this.#targetOf(member.target);
    if (target === none) {
      this.#tell('bad-record', `${quote(member.name)} is a hard link to ${quote(member.target)}, which is no file`);
      return false;
    }
    if (this.entries.node(target) !== node) this.#putCopy(node, target);
    return true;
  }

  #whiteout(folder: number, name: string): void {
    if (name === opaqueName) {
      this.#clearBelow(folder);
      return;
    }
    if (name.startsWith(aufsPrefix)) return;
    const hidden = name.slice(whiteoutPrefix.length);
    const node = hidden === '' ? none : this.nodes.find(folder, hidden);
    if (node === none) return;
    this.#hideLower(node);
    this.#clearBelow(node);
  }

  /** Hides what lower layers have below a node. What this layer has there stays, whether it came before or comes after. */
  #clearBelow(top: number): void {
    const pending = [top];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (this.#cleared.has(node)) continue;
      this.#cleared.add(node);
      for (let child = this.nodes.firstChild(node); child !== none; child = this.nodes.nextSibling(child)) {
        const entry = this.nodes.newest(child);
        if (!this.isVisible(entry)) continue;
        this.#hideLower(child);
        if (this.entries.isDirectory(entry)) pending.push(child);
      }
    }
  }

  #hideLower(node: number): void {
    const entry = this.nodes.newest(node);
    if (this.isVisible(entry) && this.entries.layer(entry) < this.#layer) {
      this.entries.hide(entry, this.#layer, 'removed');
    }
  }

  /** Hides a folder that something else takes the place of, with all that is seen in it. */
  #hideAll(top: number): void {
    this.#lastNode = none;
    const pending = [top];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const entry = this.nodes.newest(node);
      if (!this.isVisible(entry)) continue;
      this.entries.hide(entry, this.#layer, 'overwritten');
      if (!this.entries.isDirectory(entry)) continue;
      for (let child = this.nodes.firstChild(node); child !== none; child = this.nodes.nextSibling(child)) {
        pending.push(child);
      }
    }
  }

  #put(node: number, entry: NewEntry): void {
    this.#link(node, this.entries.add(node, this.#layer, entry), entry.type === 'directory');
  }

  #putCopy(node: number, of: number): void {
    this.#link(node, this.entries.addCopy(node, this.#layer, of), false);
  }

  /** Lets a new entry take its place at a node. */
  #link(node: number, entry: number, isDirectory: boolean): void {
    const old = this.nodes.newest(node);
    if (old !== none) {
      const isSameLayer = this.entries.layer(old) === this.#layer;
      this.entries.chain(entry, isSameLayer ? this.entries.previous(old) : old);
      if (this.isVisible(old) && !(isDirectory && this.entries.isDirectory(old))) this.#hideAll(node);
    }
    this.nodes.setNewest(node, entry);
  }

  #passThrough(node: number): void {
    const lower = this.nodes.newest(node);
    const entry = this.entries.addCopy(node, this.#layer, lower);
    this.entries.passThrough(entry, this.entries.toldBy(lower));
    this.#link(node, entry, true);
  }

  #entryFrom(member: TarMember): NewEntry {
    return {
      type: member.type === 'link' ? 'file' : member.type,
      mode: member.mode,
      uid: member.uid,
      gid: member.gid,
      mtime: member.mtime,
      size: member.size,
      storedSize: member.storedSize,
      data: this.#layer,
      offset: member.offset,
      target: member.target,
      sparse: member.sparse,
      xattrs: member.xattrs,
    };
  }

  /** Parts of a path without dots; `..` ends at the root. `name` is what it is the path of. */
  #safeParts(path: string, name = path): string[] {
    const parts: string[] = [];
    let isOutside = false;
    for (const part of path.split('/')) {
      if (part === '' || part === '.') continue;
      if (part !== '..') parts.push(part);
      else if (parts.pop() === undefined) isOutside = true;
    }
    if (isOutside) this.#tell('unsafe-path', `the name ${quote(name)} points outside the image`);
    return parts;
  }

  /** The folder of a member, made where it is missing; `none` when links lead nowhere. */
  #folderOf(folder: string, name: string): number {
    if (folder === this.#lastFolder && this.#lastNode !== none) return this.#lastNode;
    const node = this.#makeFolder(this.#safeParts(folder, name));
    if (node === none) this.#tell('unsafe-path', `the folder of ${quote(name)} is a chain of links that leads nowhere`);
    this.#lastFolder = folder;
    this.#lastNode = node;
    return node;
  }

  #makeFolder(parts: readonly string[]): number {
    const rest = parts.toReversed();
    let at = rootNode;
    let links = 0;
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (part === '..') {
        at = this.nodes.parent(at);
        continue;
      }
      const node = this.nodes.obtain(at, part);
      const entry = this.nodes.newest(node);
      const target = this.#linkOfThisLayer(entry);
      if (target === undefined) {
        this.#ensureFolder(node, entry);
        at = node;
        continue;
      }
      if (++links > maxLinks || target.length > maxNameLength) return none;
      if (target.startsWith('/')) at = rootNode;
      rest.push(
        ...target
          .split('/')
          .filter((step) => step !== '' && step !== '.')
          .reverse(),
      );
    }
    return at;
  }

  #linkOfThisLayer(entry: number): string | undefined {
    if (!this.isVisible(entry) || this.entries.layer(entry) !== this.#layer) return undefined;
    return this.entries.type(entry) === 'symlink' ? this.entries.target(entry) : undefined;
  }

  #ensureFolder(node: number, entry: number): void {
    if (!this.isVisible(entry) || !this.entries.isDirectory(entry)) this.#put(node, impliedFolder);
    else if (this.entries.layer(entry) !== this.#layer) this.#passThrough(node);
  }

  /** What a hard link names: a file that came before it, in this layer or a lower one. */
  #targetOf(name: string): number {
    let node = rootNode;
    for (const part of this.#safeParts(name)) {
      node = this.nodes.find(node, part);
      if (node === none) return none;
    }
    const entry = this.nodes.newest(node);
    return this.isVisible(entry) && !this.entries.isDirectory(entry) ? entry : none;
  }
}

/** What is kept of a member besides numbers; a part of a sparse file counts as two of them. */
function keptBytesOf({ name, target, xattrs, sparse }: TarMember): number {
  let bytes = name.length + target.length;
  if (xattrs !== undefined) for (const [key, value] of xattrs) bytes += key.length + value.length;
  if (sparse !== undefined && sparse !== 'in-data') bytes += sparse.length * 16;
  return bytes;
}

/** A folder that no tar writes down. */
const impliedFolder: NewEntry = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime: 0,
  size: 0,
  storedSize: 0,
  data: 0,
  offset: 0,
  target: '',
  sparse: undefined,
  xattrs: undefined,
};
