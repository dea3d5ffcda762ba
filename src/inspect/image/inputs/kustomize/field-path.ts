import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, mapNode, textOf, withField } from '../yaml-nodes.ts';

const maxParts = 64;
const maxLength = 4096;

/** `a.b.[name=web].c`, `a.0`, `a.*`, `a.[dotted.key]` and `a.dotted\.key` as their parts (Kustomize, "Field Path format"); none of a path without end. */
export function fieldPathParts(path: string): readonly string[] {
  const parts: string[] = [];
  if (path.length > maxLength) return parts;
  for (const { groups } of path.matchAll(/(?<part>\[[^\]]*\]|(?:\\.|[^.\\])+)(?:\.|$)/g)) {
    parts.push((groups?.['part'] ?? '').replaceAll(/\\(?<kept>.)/g, '$<kept>'));
    if (parts.length > maxParts) return [];
  }
  return parts;
}

/** What stands at a path; undefined when there is nothing, or more than one thing. */
export function nodeAtField(root: YamlNode, parts: readonly string[]): YamlNode | undefined {
  const found: YamlNode[] = [];
  changeField(root, parts, (old) => {
    if (old !== undefined) found.push(old);
    return old;
  });
  return parts.length > 0 && found.length === 1 ? found[0] : undefined;
}

/**
 * The node with what stands at a path changed, everywhere that the path leads to. `change` is given undefined for a field that is not there, and
 * may say what it shall be. Undefined when nothing was changed: the path leads nowhere.
 */
export function changeField(
  node: YamlNode,
  parts: readonly string[],
  change: (old: YamlNode | undefined) => YamlNode | undefined,
): YamlNode | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return change(node);
  if (node.kind === 'list') return changeItems(node, part, rest, change);
  const key = /^\[(?<key>.*)\]$/.exec(part)?.groups?.['key'] ?? part;
  const old = fieldOf(node, key);
  if (old !== undefined) {
    const changed = changeField(old, rest, change);
    return changed === undefined ? undefined : withField(node, key, changed);
  }
  if (node.kind !== 'map' || /[=*]/.test(key)) return undefined;
  const made = rest.length === 0 ? change(undefined) : changeField(mapNode([], node.at), rest, change);
  return made === undefined ? undefined : withField(node, key, made);
}

function changeItems(
  list: Extract<YamlNode, { readonly kind: 'list' }>,
  part: string,
  rest: readonly string[],
  change: (old: YamlNode | undefined) => YamlNode | undefined,
): YamlNode | undefined {
  const { key, value } = /^\[(?<key>[^=]+)=(?<value>.*)\]$/.exec(part)?.groups ?? {};
  let isChanged = false;
  const items = list.items.map((item, index) => {
    const isMeant =
      key === undefined ? part === '*' || part === String(index) : textOf(fieldOf(item, key)) === (value ?? '');
    const changed = isMeant ? changeField(item, rest, change) : undefined;
    isChanged ||= changed !== undefined;
    return changed ?? item;
  });
  return isChanged ? { ...list, items } : undefined;
}
