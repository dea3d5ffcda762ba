import { tapeTypes, type JsonTape } from '../json-tape.ts';
import { tapeKey, type TapeKey } from '../json-key.ts';

/** A key that the mapping's paths go through or end at. */
export interface TapeNode {
  readonly key: TapeKey;
  readonly children: Map<number, TapeNode>;
  /** The path has `[]` here: a list is walked. */
  isList: boolean;
  /** Number of the path that ends here; -1 when none does. */
  leaf: number;
}

/** Where the values of a mapping's paths stand in the record on a tape. One instance is used for all records. */
export class TapeRecord {
  readonly paths: readonly string[];
  readonly root: TapeNode = newNode('');
  /** The node that each entry of the record belongs to; undefined where no path goes. */
  readonly nodes: (TapeNode | undefined)[] = [];
  /** Per path: the entries that it leads to, in order. More than one only where it walks a list of objects. */
  readonly found: readonly number[][];
  tape: JsonTape;

  constructor(paths: readonly string[], tape: JsonTape) {
    this.paths = paths;
    this.found = paths.map(() => []);
    this.tape = tape;
    for (const [leaf, path] of paths.entries()) this.#addPath(path, leaf);
  }

  #addPath(path: string, leaf: number): void {
    let node = this.root;
    for (const step of path.split('.')) {
      const name = step.replace(/\[\]$/, '');
      const key = tapeKey(name);
      const child = node.children.get(key.hash) ?? newNode(name);
      if (child.key.text !== name) throw new Error(`keys ${name} and ${child.key.text} have the same hash`);
      child.isList ||= step.endsWith('[]');
      node.children.set(key.hash, child);
      node = child;
    }
    node.leaf = leaf;
  }

  /** Finds all paths in the record on the tape. False when something has another shape than the paths say. */
  locate(tape: JsonTape): boolean {
    const { nodes, found } = this;
    this.tape = tape;
    for (const list of found) list.length = 0;
    nodes[0] = this.root;
    for (let entry = 1; entry < tape.count; ) {
      const parent = tape.parent[entry] ?? 0;
      const node = tape.type[parent] === tapeTypes.array ? this.#inList(entry, parent) : this.#inObject(entry, parent);
      if (node === undefined) {
        nodes[entry] = undefined;
        entry = tape.next[entry] ?? tape.count;
        continue;
      }
      nodes[entry] = node;
      if (node.leaf < 0 || tape.type[parent] === tapeTypes.array) 
      ...
    }
    return true;
  }
}
