import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, textOf } from '../yaml-nodes.ts';
import { compileForeignPattern } from '../../../../base/regex.ts';
import { kindOf, nameOfObject, pairsOf, type BuiltObject } from './built-object.ts';

/** Whether an object is the one that a patch without a target names: by kind and by a name that it has or had. */
export function isNamedBy(patch: YamlNode, { root, earlierNames }: BuiltObject): boolean {
  const name = nameOfObject(patch);
  return kindOf(patch) === kindOf(root) && name !== '' && [nameOfObject(root), ...earlierNames].includes(name);
}

/**
 * Whether the target of a patch chooses an object: group, version, kind, name and namespace are patterns of the whole text, and selectors
 * say what labels and annotations must be. What is left out does not matter. Undefined for a selector that is not understood.
 */
export function isChosen(target: YamlNode, { root, earlierNames }: BuiltObject): boolean | undefined {
  const metadata = fieldOf(root, 'metadata');
  const api = textOf(fieldOf(root, 'apiVersion')) ?? '';
  const slash = api.indexOf('/');
  const facts: Readonly<Record<string, readonly string[]>> = {
    group: [slash < 0 ? '' : api.slice(0, slash)],
    version: [api.slice(slash + 1)],
    kind: [kindOf(root)],
    name: [nameOfObject(root), ...earlierNames],
    namespace: [textOf(fieldOf(metadata, 'namespace')) ?? ''],
  };
  for (const [key, values] of Object.entries(facts)) {
    const pattern = textOf(fieldOf(target, key));
    if (pattern !== undefined && pattern !== '' && !values.some((value) => isWhole(pattern, value))) return false;
  }
  const selections = [
    isSelected(textOf(fieldOf(target, 'labelSelector')), fieldOf(metadata, 'labels')),
    isSelected(textOf(fieldOf(target, 'annotationSelector')), fieldOf(metadata, 'annotations')),
  ];
  if (selections.includes(false)) return false;
  return selections.includes(undefined) ? undefined : true;
}

function isWhole(pattern: string, value: string): boolean {
  if (pattern === value) return true;
  const compiled = compileForeignPattern(pattern, { isWhole: true });
  return 'test' in compiled && compiled.test(value);
}

/** `a=b,c!=d,e,!f`; sets (`a in (b, c)`) are not understood. */
function isSelected(selector: string | undefined, labels: YamlNode | undefined): boolean | undefined {
  if (selector === undefined || selector.trim() === '') return true;
  const values = new Map(pairsOf(labels).map(([key, value]) => [key, textOf(value) ?? '']));
  for (const part of selector.split(',')) {
    const pattern = /^\s*(?<not>!)?(?<key>[\w./-]+)\s*(?:(?<sign>!=|==?)\s*(?<value>[\w.-]*)\s*)?$/;
    const { not, key, sign, value } = pattern.exec(part)?.groups ?? {};
    if (key === undefined) return undefined;
    const has = sign === undefined ? values.has(key) : values.get(key) === value;
    if (has === (not !== undefined || sign === '!=')) return false;
  }
  return true;
}
