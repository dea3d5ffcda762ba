import type { YamlNode } from '../../../base/yaml-tree.ts';

/** The value of a key; undefined where the node is no map. */
export function entry(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

export function listOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** A scalar as it is written. */
export function sourceOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' ? node.source : undefined;
}
