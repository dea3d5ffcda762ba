import type { YamlMap, YamlNode, YamlPlace } from '../../../../base/yaml-tree.ts';
import { SigmaError, type SigmaErrorCode } from '../error.ts';

/** Text of a scalar; null and other kinds of nodes have none. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : node.source;
}

/** A text attribute; undefined when it is absent, a fault when it is no text. */
export function readText(map: YamlMap, key: string, code: SigmaErrorCode): string | undefined {
  const entry = map.entries.get(key);
  if (entry === undefined) return undefined;
  const text = textOf(entry.value);
  if (text === undefined) throw new SigmaError(code, `"${key}" must be text`, entry.keyAt);
  return text;
}

/** A list of texts, or one text; empty when it is absent or null. */
export function readTexts(map: YamlMap, key: string, code: SigmaErrorCode): string[] {
  return readReferences(map, key, code).map((reference) => reference.to);
}

/** As `readTexts`, with the place of each. */
export function readReferences(
  map: YamlMap,
  key: string,
  code: SigmaErrorCode,
): { readonly to: string; readonly at: YamlPlace }[] {
  const entry = map.entries.get(key);
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return [];
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return nodes.map((node) => {
    const to = textOf(node);
    if (to === undefined) throw new SigmaError(code, `"${key}" must be a list of texts`, node.at);
    return { to, at: node.at };
  });
}

/** A section that must be a map. */
export function readMap(map: YamlMap, key: string, code: SigmaErrorCode): YamlMap {
  const entry = map.entries.get(key);
  if (entry === undefined) throw new SigmaError(code, `"${key}" is missing`, map.at);
  if (entry.value.kind !== 'map') throw new SigmaError(code, `"${key}" must be a map`, entry.keyAt);
  return entry.value;
}
