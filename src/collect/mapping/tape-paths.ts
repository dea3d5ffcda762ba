import { tapeKeyHash } from '../tape-entries.ts';

/** A key that the paths of a mapping go through or end at. */
export interface PathNode {
  readonly key: string;
  /** By hash of the key. */
  readonly children: Map<number, PathNode>;
  /** A path has `[]` here: a list is walked. */
  isList: boolean;
  /** Index of the path that ends here; -1 when none does. */
  leaf: number;
}

/** The paths of a mapping as a tree of keys. */
export interface PathTree {
  /** Those that readers name, then those that are dropped whatever stands there. */
  readonly paths: readonly string[];
  readonly readCount: number;
  readonly root: PathNode;
}

export function pathTree(read: readonly string[], drop: readonly string[]): PathTree {
  const paths = [...new Set([...read, ...drop])];
  const root = newNode('');
  for (const [leaf, path] of paths.entries()) addPath(root, path, leaf);
  return { paths, readCount: new Set(read).size, root };
}

function newNode(key: string): PathNode {
  return { key, children: new Map(), isList: false, leaf: -1 };
}

function addPath(root: PathNode, path: string, leaf: number): void {
  let node = root;
  for (const step of path.split('.')) {
    const key = step.replace(/\[\]$/, '');
    const hash = tapeKeyHash(key);
    const child = node.children.get(hash) ?? newNode(key);
    // Either is a mistake in a mapping, met by the first test of it.
    if (child.key !== key || node.leaf >= 0) throw new Error(`the path ${path} cannot be told from another`);
    child.isList ||= step.endsWith('[]');
    node.children.set(hash, child);
    node = child;
  }
  if (node.children.size > 0) throw new Error(`the path ${path} is the beginning of another`);
  node.leaf = leaf;
}
