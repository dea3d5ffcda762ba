import { readYaml, type YamlNode } from '../../base/yaml-tree.ts';

/** Lock files of large repositories have some megabytes; the parser takes ten seconds for one that was made to be slow. */
const maxBytes = 2 ** 23;

/**
 * The first document of a YAML file as objects, lists and texts: every scalar as it is written, so that version `1.10` stays one. Null is
 * undefined. Throws when the document is broken.
 */
export function yamlTexts(text: string): unknown {
  return yamlDocuments(text)[0];
}

/** All documents of a YAML file, each as `yamlTexts` gives the first. */
export function yamlDocuments(text: string): unknown[] {
  return readYaml(text, { maxBytes, maxNodes: 2_000_000, duplicateKeys: 'first' }).map((document) => {
    if ('fault' in document) throw new Error(`${document.fault.message} (line ${document.fault.at.line})`);
    return plain(document.root);
  });
}

/** The reader bounds the depth. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'map') {
    return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, plain(value)]));
  }
  return node.value === null ? undefined : node.source;
}
