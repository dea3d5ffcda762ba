import { column, lengthen } from './column.ts';
import { none } from './entries.ts';
import { Names } from './names.ts';

export const rootNode = 0;

/**
 * Every place of a tree, whichever layer has it: its folder, its name, and the newest entry there. Children are found through one
 * hash table over folder and name; they are listed through chains. Nothing is ever taken out.
 */
export class Nodes {
  #capacity = 1024;
  #length = 0;
  readonly #names = new Names();
  readonly #nameAt: Uint32Array;
  /** Bytes; the longest name of a path has 4096 UTF-16 units. */
  readonly #nameLength: Uint16Array;
  readonly #hash: Uint32Array;
  readonly #parent: Uint32Array;
  readonly #firstChild: Uint32Array;
  readonly #nextSibling: Uint32Array;
  readonly #newest: Uint32Array;
  /** Open addressing; a slot holds a node, twice as many slots as nodes. */
  #slots = new Uint32Array(this.#capacity * 2).fill(none);
  readonly #most: number;
  readonly #seed: number;

  /** There may be `most` nodes. The seed is chance, so that nobody can prepare names that share a slot. */
  constructor(most: number, seed = Math.floor(Math.random() * 2 ** 32)) {
    this.#most = Math.max(most, this.#capacity);
    this.#seed = seed;
    this.#nameAt = column(Uint32Array, this.#most);
    this.#nameLength = column(Uint16Array, this.#most);
    this.#hash = column(Uint32Array, this.#most);
    this.#parent = column(Uint32Array, this.#most);
    this.#firstChild = column(Uint32Array, this.#most);
    this.#nextSibling = column(Uint32Array, this.#most);
    this.#newest = column(Uint32Array, this.#most);
    this.#lengthen();
    this.#add(rootNode, this.#hashOf(rootNode, ''));
  }

  get length(): number {
    return this.#length;
  }

  name = (node: number): string => this.#names.nameAt(this.#nameAt[node] ?? 0, this.#nameLength[node] ?? 0);
  parent = (node: number): number => this.#parent[node] ?? rootNode;
  firstChild = (node: number): number => this.#firstChild[node] ?? none;
  nextSibling = (node: number): number => this.#nextSibling[node] ?? none;
  /** Newest entry at the node, hidden or not; `none` where no layer has one. */
  newest = (node: number): number => this.#newest[node] ?? none;

  setNewest(node: number, entry: number): void {
    this.#newest[node] = entry;
  }

  /** The child of that name, or `none`. */
  find(parent: number, name: string): number {
    return this.#slots[this.#slotOf(parent, this.#hashOf(parent, name))] ?? none;
  }

  /** The child of that name, made when it is not there. */
  obtain(parent: number, name: string): number {
    const hash = this.#hashOf(parent, name);
    const found = this.#slots[this.#slotOf(parent, hash)] ?? none;
    if (found !== none) return found;
    if (this.#length === this.#capacity) this.#grow();
    const slot = this.#slotOf(parent, hash);
    const node = this.#add(parent, hash);
    this.#nextSibling[node] = this.#firstChild[parent] ?? none;
    this.#firstChild[parent] = node;
    this.#slots[slot] = node;
    return node;
  }

  pathOf(node: number): string {
    const parts: string[] = [];
    for (let at = node; at !== rootNode; at = this.parent(at)) parts.push(this.name(at));
    return `/${parts.reverse().join('/')}`;
  }

  #hashOf(parent: number, name: string): number {
    return this.#names.take(name, this.#seed ^ Math.imul(parent, 0x9e37_79b1));
  }

  /** Where the name that was put down last is, or may be put. */
  #slotOf(parent: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const node = this.#slots[slot] ?? none;
      if (node === none || this.#isNamed(node, parent, hash)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isNamed(node: number, parent: number, hash: number): boolean {
    const isLike = this.#hash[node] === hash && this.#parent[node] === parent;
    return isLike && this.#nameLength[node] === this.#names.length && this.#names.isAt(this.#nameAt[node] ?? 0);
  }

  #add(parent: number, hash: number): number {
    const node = this.#length++;
    this.#nameAt[node] = this.#names.keep();
    this.#nameLength[node] = this.#names.length;
    this.#hash[node] = hash;
    this.#parent[node] = parent;
    this.#firstChild[node] = none;
    this.#nextSibling[node] = none;
    this.#newest[node] = none;
    return node;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#lengthen();
    this.#slots = new Uint32Array(this.#capacity * 2).fill(none);
    const mask = this.#slots.length - 1;
    for (let node = rootNode + 1; node < this.#length; node++) {
      let slot = (this.#hash[node] ?? 0) & mask;
      while (this.#slots[slot] !== none) slot = (slot + 1) & mask;
      this.#slots[slot] = node;
    }
  }

  #lengthen(): void {
    const columns = [
      this.#nameAt,
      this.#nameLength,
      this.#hash,
      this.#parent,
      this.#firstChild,
      this.#nextSibling,
      this.#newest,
    ];
    lengthen(columns, Math.min(this.#capacity, this.#most));
  }
}
