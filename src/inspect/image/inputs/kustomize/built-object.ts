import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, textOf } from '../yaml-nodes.ts';

/** An object of a cluster with the file that it comes from. */
export interface BuiltObject {
  readonly path: string;
  readonly root: YamlNode;
  /** What it was called before prefixes and suffixes, the first name first: patches may still call it so. */
  readonly earlierNames: readonly string[];
}

export function kindOf(object: YamlNode): string {
  return textOf(fieldOf(object, 'kind')) ?? '';
}

export function nameOfObject(object: YamlNode): string {
  return textOf(fieldOf(fieldOf(object, 'metadata'), 'name')) ?? '';
}

export function itemsOf(node: YamlNode | undefined, key: string): readonly YamlNode[] {
  const list = fieldOf(node, key);
  return list?.kind === 'list' ? list.items : [];
}

/** Names and values of a map of texts. */
export function pairsOf(node: YamlNode | undefined): (readonly [string, YamlNode])[] {
  return node?.kind === 'map' ? [...node.entries.values()].map(({ key, value }) => [key, value] as const) : [];
}
