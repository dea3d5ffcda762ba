import type { JsonTape } from '../json-tape.ts';
import { tapeTypes } from '../tape-entries.ts';
import type { PathNode, PathTree } from './tape-paths.ts';

/**
 * How what no reader took is put together out of the text of a record: a literal, then each cut with the literal that
 * follows it. A cut goes from the key of one member to the end of the value of another.
 */
export interface LeftoverPlan {
  readonly literals: readonly string[];
  /** The same in UTF-8. */
  readonly literalBytes: readonly Buffer[];
  /** Two entries for each cut. */
  readonly cuts: readonly number[];
}

/** What the paths of a mapping lead to in all records of one shape. */
export interface TapeShape {
  readonly check: number;
  /** False when a part of the record has another shape than the paths say: an object for a value, a value for a list. */
  readonly isRegular: boolean;
  /** Per path: the entries of its values, in order; undefined when nothing stands there. */
  readonly values: readonly (readonly number[] | undefined)[];
  /** Per path: the first of these entries, or -1. */
  readonly first: Int32Array;
  /** Indexes of the readers that can give a value. */
  readonly active: readonly number[];
  /** The node that each entry belongs to; undefined where no path goes. */
  readonly nodes: readonly (PathNode | undefined)[];
  /** Plans for what is left, by the paths that stay. */
  readonly leftovers: { readonly kept: readonly string[]; readonly plan: LeftoverPlan }[];
}

/** `needs` are the paths of each reader; one that needs none has a value in any case. */
export function shapeOf(tape: JsonTape, tree: PathTree, needs: readonly (readonly number[])[]): TapeShape {
  const locator = new Locator(tape, tree);
  const isRegular = locator.inObject(0, tree.root);
  const { values, nodes } = locator;
  const first = Int32Array.from(values, (entries) => entries?.[0] ?? -1);
  const canGive = (leaves: readonly number[]): boolean =>
    leaves.length === 0 || leaves.some((leaf) => values[leaf] !== undefined);
  const active = needs.flatMap((leaves, index) => (canGive(leaves) ? [index] : []));
  return { check: tape.shapeCheck, isRegular, values, first, active, nodes, leftovers: [] };
}

class Locator {
  readonly values: (number[] | undefined)[];
  readonly nodes: (PathNode | undefined)[];
  readonly #tape: JsonTape;
  readonly #readCount: number;

  constructor(tape: JsonTape, tree: PathTree) {
    this.#tape = tape;
    this.#readCount = tree.readCount;
    this.values = tree.paths.map(() => undefined);
    this.nodes = Array.from({ length: tape.count }, () => undefined);
  }

  inObject(object: number, node: PathNode): boolean {
    const { next, keyHash, type } = this.#tape;
    const end = next[object] ?? 0;
    for (let entry = object + 1; entry < end; entry = next[entry] ?? end) {
      const child = node.children.get(keyHash[entry] ?? 0);
      this.nodes[entry] = child;
      if (child === undefined || type[entry] === tapeTypes.null) continue;
      if (child.leaf >= 0 ? !this.#reach(entry, child) : !this.#pass(entry, child)) return false;
    }
    return true;
  }

  /** A path ends here: at a value, or at a list of values where it has `[]`. */
  #reach(entry: number, node: PathNode): boolean {
    if (node.leaf >= this.#readCount) return true;
    if (!this.#tape.isContainer(entry)) {
      this.#found(node.leaf).push(entry);
      return true;
    }
    if (!node.isList || this.#tape.type[entry] !== tapeTypes.array) return false;
    const end = this.#tape.next[entry] ?? 0;
    const items = [];
    for (let item = entry + 1; item < end; item++) {
      if (this.#tape.isContainer(item)) return false;
      if (this.#tape.type[item] !== tapeTypes.null) items.push(item);
    }
    // An empty list is a value; one of nothing but nulls is none.
    if (items.length > 0 || end === entry + 1) this.#found(node.leaf).push(...items);
    return true;
  }

  #found(leaf: number): number[] {
    return (this.values[leaf] ??= []);
  }

  /** A path goes on through an object, or through each object of a list where it has `[]`. */
  #pass(entry: number, node: PathNode): boolean {
    const { type, next } = this.#tape;
    if (!node.isList) return type[entry] === tapeTypes.object && this.inObject(entry, node);
    const end = next[entry] ?? 0;
    if (type[entry] !== tapeTypes.array || end === entry + 1) return false;
    for (let item = entry + 1; item < end; item = next[item] ?? end) {
      if (type[item] !== tapeTypes.object || !this.inObject(item, node)) return false;
    }
    return true;
  }
}
