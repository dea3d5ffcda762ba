import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, textOf } from '../yaml-nodes.ts';
import { compileForeignPattern } from '../../../../base/regex.ts';
import { kindOf, nameOfObject, pairsOf, type BuiltObject } from './built-object.ts';

/** Kubernetes takes no longer label. */
const maxSelectorLength = 4096;

/** Whether an object is the one that a patch without a target names: by kind and by a name that it has or had. */
export function isNamedBy(patch: YamlNode, { root, earlierNames }: BuiltObject): boolean {
  const name = nameOfObject(patch);
  return kindOf(patch) === kindOf(root) && name !== '' && [nameOfObject(root), ...earlierNames].includes(name);
}

/** Whether the target of a patch chooses an object; undefined for a selector that is not understood. */
export type Chooser = (object: BuiltObject) => boolean | undefined;

/**
 * What the target of a patch chooses: group, version, kind, name and namespace are patterns of the whole text, and selectors say what labels
 * and annotations must be. What is left out does not matter.
 */
export function chooserOf(target: YamlNode): Chooser {
  const patterns = fields.map((field) => [field, patternOf(textOf(fieldOf(target, field)) ?? '')] as const);
  const labels = textOf(fieldOf(target, 'labelSelector'));
  const annotations = textOf(fieldOf(target, 'annotationSelector'));
  return (object) => {
    const facts = factsOf(object);
    const isFitting = patterns.every(([field, isMatch]) => isMatch === undefined || facts[field].some(isMatch));
    if (!isFitting) return false;
    const metadata = fieldOf(object.root, 'metadata');
    const selections = [
      isSelected(labels, fieldOf(metadata, 'labels')),
      isSelected(annotations, fieldOf(metadata, 'annotations')),
    ];
    if (selections.includes(false)) return false;
    return selections.includes(undefined) ? undefined : true;
  };
}

const fields = ['group', 'version', 'kind', 'name', 'namespace'] as const;

function factsOf({ root, earlierNames }: BuiltObject): Readonly<Record<(typeof fields)[number], readonly string[]>> {
  const api = textOf(fieldOf(root, 'apiVersion')) ?? '';
  const slash = api.indexOf('/');
  return {
    group: [slash < 0 ? '' : api.slice(0, slash)],
    version: [api.slice(slash + 1)],
    kind: [kindOf(root)],
    name: [nameOfObject(root), ...earlierNames],
    namespace: [textOf(fieldOf(fieldOf(root, 'metadata'), 'namespace')) ?? ''],
  };
}

/** Undefined where anything goes. */
function patternOf(pattern: string): ((value: string) => boolean) | undefined {
  if (pattern === '') return undefined;
  const compiled = compileForeignPattern(pattern, { isWhole: true });
  return (value) => value === pattern || ('test' in compiled && compiled.test(value));
}

/** `a=b,c!=d,e,!f`; sets (`a in (b, c)`) are not understood. */
function isSelected(selector: string | undefined, labels: YamlNode | undefined): boolean | undefined {
  if (selector === undefined || selector.trim() === '') return true;
  if (selector.length > maxSelectorLength) return undefined;
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
