import { tapeKey, type TapeKey } from '../json-key.ts';
import { maxTapeEntries, tapeTypes, type JsonTape } from '../json-tape.ts';

/** A key that the paths of a mapping go through or end at. */
export interface TapeNode {
  readonly key: TapeKey;
  /** By hash of the key. */
  readonly children: Map<number, TapeNode>;
  /** A path has `[]` here: a list is walked. */
  isList: boolean;
  /** Index of the path that ends here; -1 when none does. */
  leaf: number;
}

/** Where the paths of a mapping lead to in the record on a tape. One instance is used for all records. */
export class TapeRecord {
  readonly paths: readonly string[];
  readonly tape: JsonTape;
  readonly root = newNode('');
  /** The node of each entry of the record; undefined where no path goes. */
  readonly nodes: (TapeNode | undefined)[] = Array.from({ length: maxTapeEntries }, () => undefined);
  readonly #isRead: readonly boolean[];
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #following = new Int32Array(maxTapeEntries);

  /** `paths` are those that readers name, `drop` those that are left out whatever stands there. */
  constructor(tape: JsonTape, paths: readonly string[], drop: readonly string[]) {
    this.tape = tape;
    this.paths = [...new Set([...paths, ...drop])];
    this.#isRead = this.paths.map((path) => paths.includes(path));
    this.#first = new Int32Array(this.paths.length);
    this.#last = new Int32Array(this.paths.length);
    for (const [leaf, path] of this.paths.entries()) addPath(this.root, path, leaf);
  }

  /** Finds all paths in the record that the tape holds; false when a part of it has another shape than the paths say. */
  locate(): boolean {
    this.#first.fill(-1);
    return this.#locateIn(0, this.root);
  }

  /** Entry that a path leads to; -1 when nothing stands there. */
  first(leaf: number): number {
    return this.#first[leaf] ?? -1;
  }

  /** The next entry that the same path leads to; -1 after the last. */
  following(entry: number): number {
    return this.#following[entry] ?? -1;
  }

  #locateIn(object: number, node: TapeNode): boolean {
    const { tape, nodes } = this;
    const { next, keyHash } = tape;
    const end = next[object] ?? 0;
    for (let entry = object + 1; entry < end; entry = next[entry] ?? end) {
      const child = node.children.get(keyHash[entry] ?? 0);
      if (child === undefined || !tape.hasKey(entry, child.key)) {
        nodes[entry] = undefined;
        continue;
      }
      nodes[entry] = child;
      if (child.leaf >= 0 ? !this.#reach(entry, child) : !this.#pass(entry, child)) return false;
    }
    return true;
  }

  /** A path ends here: at a value, or at a list of values where it has `[]`. */
  #reach(entry: number, node: TapeNode): boolean {
    const { tape } = this;
    const { leaf } = node;
    if ((this.#first[leaf] ?? 0) < 0) this.#first[leaf] = entry;
    else this.#following[this.#last[leaf] ?? 0] = entry;
    this.#last[leaf] = entry;
    this.#following[entry] = -1;
    if (!tape.isContainer(entry) || this.#isRead[leaf] !== true) return true;
    return node.isList && tape.type[entry] === tapeTypes.array && this.#holdsOnlyValues(entry);
  }

  #holdsOnlyValues(list: number): boolean {
    const { tape } = this;
    const end = tape.next[list] ?? 0;
    for (let item = list + 1; item < end; item++) {
      if (tape.isContainer(item)) return false;
    }
    return true;
  }

  /** A path goes on through an object, or through each object of a list where it has `[]`. */
  #pass(entry: number, node: TapeNode): boolean {
    const { tape } = this;
    const { next } = tape;
    if (!node.isList) return tape.type[entry] === tapeTypes.object && this.#locateIn(entry, node);
    const end = next[entry] ?? 0;
    if (tape.type[entry] !== tapeTypes.array || end === entry + 1) return false;
    for (let item = entry + 1; item < end; item = next[item] ?? end) {
      if (tape.type[item] !== tapeTypes.object || !this.#locateIn(item, node)) return false;
    }
    return true;
  }
}

function newNode(text: string): TapeNode {
  return { key: tapeKey(text), children: new Map(), isList: false, leaf: -1 };
}

function addPath(root: TapeNode, path: string, leaf: number): void {
  let node = root;
  for (const step of path.split('.')) {
    const child = newNode(step.replace(/\[\]$/, ''));
    const known = node.children.get(child.key.hash) ?? child;
    // Both would be a mistake in a mapping, seen by the first test of it.
    if (known.key.text !== child.key.text || node.leaf >= 0) throw new Error(`the path ${path} cannot be told from another`);
    known.isList ||= step.endsWith('[]');
    node.children.set(known.key.hash, known);
    node = known;
  }
  if (node.children.size > 0) throw new Error(`the path ${path} is the beginning of another`);
  node.leaf = leaf;
}
