import { readYaml, type YamlNode } from '../../../base/yaml-tree.ts';

/** The tree of the first document; a text that says why there is none. Versions stay as they are written (`1.10`). */
export function yamlRoot(text: string): YamlNode | string {
  const document = readYaml(text, { maxBytes: 32 << 20, duplicateKeys: 'first' })[0];
  if (document === undefined) return 'there is no document in it';
  return 'root' in document ? document.root : document.fault.message;
}

export function yamlChild(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** Text of a scalar as it is written; undefined for null, lists and maps. */
export function yamlText(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null && node.source !== '' ? node.source : undefined;
}

export function yamlItems(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

export function yamlTexts(node: YamlNode | undefined): string[] {
  return yamlItems(node).flatMap((item) => yamlText(item) ?? []);
}
