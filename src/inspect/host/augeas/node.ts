/** A node of Augeas's tree of a file. A label that begins with a letter may come several times: paths then count them. */
export interface AugeasNode {
  readonly label: string;
  readonly value?: string | undefined;
  readonly children?: readonly AugeasNode[];
}

/** Reads a text into the nodes below its file. Lines that are not understood are left out. */
export type Lens = (text: string) => AugeasNode[];

export interface FlatNode {
  readonly node: string;
  readonly label: string;
  readonly value: string;
}

const maxDepth = 8;

/** The nodes with their paths, a node before its children: `/files/etc/hosts/1/alias[2]`. */
export function* flatten(nodes: readonly AugeasNode[], above: string, depth = 0): Generator<FlatNode> {
  const counts = new Map<string, number>();
  for (const { label } of nodes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const seen = new Map<string, number>();
  for (const { label, value = '', children = [] } of nodes) {
    const index = (seen.get(label) ?? 0) + 1;
    seen.set(label, index);
    const node = `${above}/${label}${(counts.get(label) ?? 0) > 1 ? `[${index}]` : ''}`;
    yield { node, label, value };
    if (depth < maxDepth) yield* flatten(children, node, depth + 1);
  }
}
