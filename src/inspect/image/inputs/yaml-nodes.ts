import type { YamlEntry, YamlNode, YamlPlace } from '../../../base/yaml-tree.ts';

/** A text of a document that is made here; it stands where what it is made of stands. */
export function textNode(text: string, at: YamlPlace): YamlNode {
  return { kind: 'scalar', value: text, source: text, at };
}

/** A map of a document that is made here. */
export function mapNode(fields: Iterable<readonly [key: string, value: YamlNode]>, at: YamlPlace): YamlNode {
  const entries = new Map<string, YamlEntry>();
  for (const [key, value] of fields) entries.set(key, { key, keyAt: value.at, value });
  return { kind: 'map', entries, at };
}

/** The node with one field set, of a map that has it already or has not; what is no map stays. */
export function withField(node: YamlNode, key: string, value: YamlNode): YamlNode {
  if (node.kind !== 'map') return node;
  const old = node.entries.get(key);
  return { ...node, entries: new Map(node.entries).set(key, { key, keyAt: old?.keyAt ?? value.at, value }) };
}

/** A node that stands elsewhere with all that is in it: what one file puts into another is told at a place of the other. */
export function movedTo(node: YamlNode, at: YamlPlace): YamlNode {
  if (node.kind === 'scalar') return { ...node, at };
  if (node.kind === 'list') return { ...node, at, items: node.items.map((item) => movedTo(item, at)) };
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { key, keyAt: at, value: movedTo(entry.value, at) }] as const,
  );
  return { ...node, at, entries: new Map(entries) };
}

/** How much a node holds: its nodes, and one for each 64 characters of its texts. */
export function sizeOf(node: YamlNode): number {
  if (node.kind === 'scalar') return 1 + (node.source.length >> 6);
  if (node.kind === 'list') return node.items.reduce((size, item) => size + sizeOf(item), 1);
  return [...node.entries.values()].reduce((size, { key, value }) => size + (key.length >> 6) + sizeOf(value), 1);
}

export function fieldOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.source : undefined;
}
