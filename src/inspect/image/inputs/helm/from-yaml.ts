import { readYaml, type YamlNode } from '../../../../base/yaml-tree.ts';
import type { Value } from './value.ts';

/** Values of charts have some thousand lines. */
const maxBytes = 2 ** 22;

/** The first document of a YAML text as a value of a template. Throws when it is broken. */
export function valueOfYaml(text: string): Value {
  const [document] = readYaml(text, { maxBytes, maxNodes: 200_000, duplicateKeys: 'first' });
  if (document === undefined) return null;
  if ('fault' in document) throw new Error(`line ${document.fault.at.line}: ${document.fault.message}`);
  return valueOf(document.root);
}

/** The reader bounds depth and number. */
function valueOf(node: YamlNode): Value {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(valueOf);
  return new Map([...node.entries.values()].map(({ key, value }) => [key, valueOf(value)]));
}
