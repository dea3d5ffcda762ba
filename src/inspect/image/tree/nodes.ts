import { none, widen } from './entries.ts';

export const rootNode = 0;

/**
 * Every place of a tree, whichever layer has it: its folder, its name, and the newest entry there. Children are found through one
 * hash table over folder and name; they are listed through chains. Nothing is ever taken out.
 */
export class Nodes {
  #capacity = 1024;
  #length = 0;
  readonly #names: string[] = [];
  #parent = new Uint32Array(this.#capacity);
  #firstChild = new Uint32Array(this.#capacity);
  #nextSibling = new Uint32Array(this.#capacity);
  #newest = new Uint32Array(this.#capacity);
  /** Open addressing; a slot holds a node, twice as many slots as nodes. */
  #slots = new Uint32Array(this.#capacity * 2).fill(none);
  readonly #seed: number;

  /** The seed is chance, so that nobody can prepare names that share a slot. */
  constructor(seed = Math.floor(Math.random() * 2 ** 32)) {
    this.#seed = seed;
    this.#add(rootNode, '');
  }

  name = (node: number): string => this.#names[node] ?? '';
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
    return this.#slots[this.#slotOf(parent, name)] ?? none;
  }

  /** The child of that name, made when it is not there. */
  obtain(parent: number, name: string): number {
    const slot = this.#slotOf(parent, name);
    const found = this.#slots[slot] ?? none;
    if (found !== none) return found;
    const node = this.#add(parent, name);
    this.#nextSibling[node] = this.#firstChild[parent] ?? none;
    this.#firstChild[parent] = node;
    // Widening may have moved all slots.
    this.#slots[this.#slotOf(parent, name)] = node;
    return node;
  }

  pathOf(node: number): string {
    const parts: string[] = [];
    for (let at = node; at !== rootNode; at = this.parent(at)) parts.push(this.name(at));
    return `/${parts.reverse().join('/')}`;
  }

  #slotOf(parent: number, name: string): number {
    let hash = this.#seed ^ Math.imul(parent, 0x9e37_79b1);
    for (let at = 0; at < name.length; at++) {
      hash = Math.imul(hash ^ name.charCodeAt(at), 0x0100_0193);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    let slot = (hash >>> 0) & mask;
    for (;;) {
      const node = this.#slots[slot] ?? none;
      if (node === none || (this.#parent[node] === parent && this.#names[node] === name)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #add(parent: number, name: string): number {
    if (this.#length === this.#capacity) this.#grow();
    const node = this.#length++;
    this.#names.push(owned(name));
    this.#parent[node] = parent;
    this.#firstChild[node] = none;
    this.#nextSibling[node] = none;
    this.#newest[node] = none;
    return node;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#parent = widen(this.#parent, new Uint32Array(this.#capacity));
    this.#firstChild = widen(this.#firstChild, new Uint32Array(this.#capacity));
    this.#nextSibling = widen(this.#nextSibling, new Uint32Array(this.#capacity));
    this.#newest = widen(this.#newest, new Uint32Array(this.#capacity));
    this.#slots = new Uint32Array(this.#capacity * 2).fill(none);
    for (let node = rootNode + 1; node < this.#length; node++) {
      this.#slots[this.#slotOf(this.parent(node), this.name(node))] = node;
    }
  }
}

/** A part of a long text keeps all of it in memory: V8 copies only short ones. */
function owned(name: string): string {
  return name.length < 13 ? name : Buffer.from(name).toString();
}
