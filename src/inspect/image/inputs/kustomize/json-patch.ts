import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, movedTo, textOf } from '../yaml-nodes.ts';

type YamlMap = Extract<YamlNode, { readonly kind: 'map' }>;
type YamlList = Extract<YamlNode, { readonly kind: 'list' }>;

/** An operation on the last part of a path; `value` is undefined when something is to be taken away. */
interface Edit {
  readonly value: YamlNode | undefined;
  readonly isAdded: boolean;
}

/** One operation of a JSON patch (RFC 6902). Undefined for a path that is not there, a test that fails, and an operation that is unknown. */
export function applyOperation(base: YamlNode, operation: YamlNode): YamlNode | undefined {
  const parts = partsOf(textOf(fieldOf(operation, 'path')) ?? '');
  const value = fieldOf(operation, 'value');
  if (parts.length === 0) return undefined;
  switch (textOf(fieldOf(operation, 'op')) ?? '') {
    case 'add':
      return value && change(base, parts, { value, isAdded: true });
    case 'replace':
      return value && change(base, parts, { value, isAdded: false });
    case 'remove':
      return change(base, parts, { value: undefined, isAdded: false });
    case 'test': {
      const found = nodeAt(base, parts);
      return found !== undefined && value !== undefined && contentOf(found) === contentOf(value) ? base : undefined;
    }
    case 'copy':
    case 'move':
      return taken(base, partsOf(textOf(fieldOf(operation, 'from')) ?? ''), parts, operation);
    default:
      return undefined;
  }
}

/** What an operation puts into an object a second time. */
export function copiedBy(base: YamlNode, operation: YamlNode): YamlNode | undefined {
  const from = textOf(fieldOf(operation, 'from'));
  return from === undefined ? fieldOf(operation, 'value') : nodeAt(base, partsOf(from));
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function taken(
  base: YamlNode,
  from: readonly string[],
  to: readonly string[],
  operation: YamlNode,
): YamlNode | undefined {
  const value = nodeAt(base, from);
  const isMoved = textOf(fieldOf(operation, 'op')) === 'move';
  const rest = isMoved ? change(base, from, { value: undefined, isAdded: false }) : base;
  return value === undefined || rest === undefined ? undefined : change(rest, to, { value, isAdded: true });
}

function nodeAt(base: YamlNode, parts: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = base;
  for (const part of parts) {
    if (node?.kind === 'list') node = /^\d{1,6}$/.test(part) ? node.items[Number(part)] : undefined;
    else node = fieldOf(node, part);
  }
  return node;
}

/** What a node says, wherever it stands. */
function contentOf(node: YamlNode): string {
  return JSON.stringify(plain(node));
}

function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const pairs = [...node.entries.values()].map(({ key, value }) => [key, plain(value)] as const);
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function change(node: YamlNode, parts: readonly string[], edit: Edit): YamlNode | undefined {
  if (node.kind === 'map') return changeMap(node, parts, edit);
  return node.kind === 'list' ? changeList(node, parts, edit) : undefined;
}

function changeMap(node: YamlMap, [part = '', ...rest]: readonly string[], edit: Edit): YamlNode | undefined {
  const old = node.entries.get(part);
  const entries = new Map(node.entries);
  const put = (value: YamlNode): YamlNode => {
    entries.set(part, { key: part, keyAt: old?.keyAt ?? node.at, value });
    return { ...node, entries };
  };
  if (rest.length > 0) {
    const changed = old === undefined ? undefined : change(old.value, rest, edit);
    return changed === undefined ? undefined : put(changed);
  }
  if (old === undefined && !edit.isAdded) return undefined;
  if (edit.value !== undefined) return put(movedTo(edit.value, node.at));
  entries.delete(part);
  return { ...node, entries };
}

function changeList(node: YamlList, [part = '', ...rest]: readonly string[], edit: Edit): YamlNode | undefined {
  if (!/^(?:-|\d{1,6})$/.test(part)) return undefined;
  const items = [...node.items];
  const index = part === '-' ? items.length : Number(part);
  const old = items[index];
  if (rest.length > 0) {
    const changed = old === undefined ? undefined : change(old, rest, edit);
    return changed === undefined ? undefined : { ...node, items: items.with(index, changed) };
  }
  if (edit.isAdded ? index > items.length : old === undefined) return undefined;
  const added = edit.value === undefined ? [] : [movedTo(edit.value, node.at)];
  items.splice(index, edit.isAdded ? 0 : 1, ...added);
  return { ...node, items };
}
