import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, movedTo, textOf } from './merge.ts';

type YamlMap = Extract<YamlNode, { readonly kind: 'map' }>;
type YamlList = Extract<YamlNode, { readonly kind: 'list' }>;

/** An operation on the last part of a path; `value` is undefined when something is to be taken away. */
interface Edit {
  readonly value: YamlNode | undefined;
  readonly isAdded: boolean;
}

/** One operation of a JSON patch (RFC 6902): `add`, `replace`, `remove`. Undefined for a path that is not there, or another operation. */
export function applyOperation(base: YamlNode, operation: YamlNode): YamlNode | undefined {
  const path = textOf(fieldOf(operation, 'path')) ?? '';
  const parts = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const value = fieldOf(operation, 'value');
  const kind = textOf(fieldOf(operation, 'op'));
  if (parts.length === 0) return undefined;
  if (kind === 'remove') return change(base, parts, { value: undefined, isAdded: false });
  const isAdded = kind === 'add';
  return value === undefined || (!isAdded && kind !== 'replace') ? undefined : change(base, parts, { value, isAdded });
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
