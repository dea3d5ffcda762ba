import type { TreeEntryType } from '../../tree/tree.ts';
import type { SparsePart } from '../tar/header.ts';
import { column, lengthen } from './column.ts';

const types: readonly TreeEntryType[] = ['file', 'directory', 'symlink', 'character', 'block', 'fifo', 'socket'];

/** Nothing, where an index is expected. */
export const none = 0xffff_ffff;
/** No layer. */
export const noLayer = 0xffff;

/** What is told of an entry when it is added. */
export interface NewEntry {
  readonly type: TreeEntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly size: number;
  /** Layer whose tar holds the data, where they begin there, and how many bytes of them are stored. */
  readonly data: number;
  readonly offset: number;
  readonly storedSize: number;
  readonly target: string;
  readonly sparse: readonly SparsePart[] | 'in-data' | undefined;
  readonly xattrs: ReadonlyMap<string, Buffer> | undefined;
}

/** What stands in the tar for a file: all its bytes, or the parts of a sparse one. */
export interface StoredData {
  readonly bytes: number;
  readonly sparse: NewEntry['sparse'];
}

/**
 * The entries of all layers, some fifty bytes each: columns of numbers, and maps for what few entries have. A million small
 * files must fit into memory, so there is no object for each.
 */
export class Entries {
  #capacity = 1024;
  #length = 0;
  readonly #type: Uint8Array;
  readonly #mode: Uint16Array;
  readonly #uid: Uint32Array;
  readonly #gid: Uint32Array;
  readonly #mtime: Float64Array;
  readonly #size: Float64Array;
  readonly #offset: Float64Array;
  readonly #data: Uint16Array;
  readonly #layer: Uint16Array;
  readonly #toldBy: Uint16Array;
  readonly #hiddenBy: Uint16Array;
  readonly #isRemoved: Uint8Array;
  readonly #node: Uint32Array;
  readonly #previous: Uint32Array;
  readonly #targets = new Map<number, string>();
  readonly #xattrs = new Map<number, ReadonlyMap<string, Buffer>>();
  readonly #stored = new Map<number, StoredData>();
  readonly #most: number;

  /** There may be `most` entries. */
  constructor(most: number) {
    this.#most = Math.max(most, this.#capacity);
    this.#type = column(Uint8Array, this.#most);
    this.#mode = column(Uint16Array, this.#most);
    this.#uid = column(Uint32Array, this.#most);
    this.#gid = column(Uint32Array, this.#most);
    this.#mtime = column(Float64Array, this.#most);
    this.#size = column(Float64Array, this.#most);
    this.#offset = column(Float64Array, this.#most);
    this.#data = column(Uint16Array, this.#most);
    this.#layer = column(Uint16Array, this.#most);
    this.#toldBy = column(Uint16Array, this.#most);
    this.#hiddenBy = column(Uint16Array, this.#most);
    this.#isRemoved = column(Uint8Array, this.#most);
    this.#node = column(Uint32Array, this.#most);
    this.#previous = column(Uint32Array, this.#most);
    this.#lengthen();
  }

  get length(): number {
    return this.#length;
  }

  add(node: number, layer: number, entry: NewEntry): number {
    if (this.#length === this.#capacity) {
      this.#capacity *= 2;
      this.#lengthen();
    }
    const at = this.#length++;
    this.#type[at] = types.indexOf(entry.type);
    this.#mode[at] = entry.mode;
    this.#uid[at] = Math.min(entry.uid, 0xffff_ffff);
    this.#gid[at] = Math.min(entry.gid, 0xffff_ffff);
    this.#mtime[at] = entry.mtime;
    this.#size[at] = entry.size;
    this.#offset[at] = entry.offset;
    this.#data[at] = entry.data;
    this.#layer[at] = layer;
    this.#toldBy[at] = layer;
    this.#hiddenBy[at] = noLayer;
    this.#node[at] = node;
    this.#previous[at] = none;
    if (entry.target !== '') this.#targets.set(at, entry.target);
    if (entry.xattrs !== undefined) this.#xattrs.set(at, entry.xattrs);
    if (entry.sparse !== undefined || entry.storedSize !== entry.size) {
      this.#stored.set(at, { bytes: entry.storedSize, sparse: entry.sparse });
    }
    return at;
  }

  /** Adds the same again at another place: a hard link, or a folder that a layer only passes through. */
  addCopy(node: number, layer: number, of: number): number {
    const stored = this.stored(of);
    const at = this.add(node, layer, {
      type: this.type(of),
      mode: this.mode(of),
      uid: this.uid(of),
      gid: this.gid(of),
      mtime: this.mtime(of),
      size: this.size(of),
      data: this.data(of),
      offset: this.offset(of),
      storedSize: stored.bytes,
      sparse: stored.sparse,
      target: this.target(of) ?? '',
      xattrs: this.#xattrs.get(of),
    });
    return at;
  }

  type = (at: number): TreeEntryType => types[this.#type[at] ?? 0] ?? 'file';
  isDirectory = (at: number): boolean => this.#type[at] === 1;
  mode = (at: number): number => this.#mode[at] ?? 0;
  uid = (at: number): number => this.#uid[at] ?? 0;
  gid = (at: number): number => this.#gid[at] ?? 0;
  mtime = (at: number): number => this.#mtime[at] ?? 0;
  size = (at: number): number => this.#size[at] ?? 0;
  offset = (at: number): number => this.#offset[at] ?? 0;
  data = (at: number): number => this.#data[at] ?? 0;
  /** Layer in which the entry stands. */
  layer = (at: number): number => this.#layer[at] ?? 0;
  /** Layer that wrote it down: of a folder that a layer only passes through, the lower one that has it in its tar. */
  toldBy = (at: number): number => this.#toldBy[at] ?? 0;
  node = (at: number): number => this.#node[at] ?? none;
  /** Entry of a lower layer at the same place. */
  previous = (at: number): number => this.#previous[at] ?? none;
  /** Layer that hid it, or `noLayer`. */
  hiddenBy = (at: number): number => this.#hiddenBy[at] ?? noLayer;
  isRemoved = (at: number): boolean => this.#isRemoved[at] === 1;
  target = (at: number): string | undefined => this.#targets.get(at);
  xattrs = (at: number): ReadonlyMap<string, Buffer> => this.#xattrs.get(at) ?? new Map<string, Buffer>();
  stored = (at: number): StoredData => this.#stored.get(at) ?? { bytes: this.size(at), sparse: undefined };

  /** Keeps what was read of a sparse file's list of parts, and where the data behind it begin. */
  settleSparse(at: number, parts: readonly SparsePart[], offset: number): void {
    this.#stored.set(at, { bytes: this.stored(at).bytes, sparse: parts });
    this.#offset[at] = offset;
  }

  chain(at: number, previous: number): void {
    this.#previous[at] = previous;
  }

  passThrough(at: number, toldBy: number): void {
    this.#toldBy[at] = toldBy;
  }

  hide(at: number, layer: number, how: 'removed' | 'overwritten'): void {
    this.#hiddenBy[at] = layer;
    this.#isRemoved[at] = how === 'removed' ? 1 : 0;
  }

  #lengthen(): void {
    const columns = [
      this.#type,
      this.#mode,
      this.#uid,
      this.#gid,
      this.#mtime,
      this.#size,
      this.#offset,
      this.#data,
      this.#layer,
      this.#toldBy,
      this.#hiddenBy,
      this.#isRemoved,
      this.#node,
      this.#previous,
    ];
    lengthen(columns, Math.min(this.#capacity, this.#most));
  }
}
