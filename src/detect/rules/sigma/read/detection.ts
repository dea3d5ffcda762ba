import type { YamlEntry, YamlNode, YamlPlace, YamlScalar } from '../../../../base/yaml-tree.ts';
import { nearest } from '../../../../base/nearest.ts';
import { quote } from '../../../../base/problem.ts';
import { compileForeignPattern } from '../../../../base/regex.ts';
import { SigmaError } from '../error.ts';
import type { Detection, DetectionItem, SigmaValue } from '../model.ts';
import { applyModifier, ModifierError } from '../modifiers/modifier.ts';
import { itemModifiers, valueModifiers } from '../modifiers/table.ts';
import { parseString } from '../strings.ts';

/**
 * What stands under a search identifier. A map: all its fields. A list of maps: any of them. A list of plain values:
 * keywords, any of them. Both in one list: any. A plain value: one keyword.
 */
export function readDetection(node: YamlNode): Detection {
  if (node.kind === 'scalar') return { link: 'and', items: [keywords([node], node.at)] };
  if (node.kind === 'map') {
    const items = [...node.entries.values()].map(readItem);
    return { link: 'and', items: wantSome(items, 'the search identifier has no fields', node.at) };
  }
  const scalars = node.items.filter((item) => item.kind === 'scalar');
  const nested = node.items.filter((item) => item.kind !== 'scalar').map(readDetection);
  const items = [...(scalars.length > 0 ? [keywords(scalars, node.at)] : []), ...nested];
  return { link: 'or', items: wantSome(items, 'the search identifier has no values', node.at) };
}

function wantSome<T>(items: readonly T[], message: string, at: YamlPlace): readonly T[] {
  if (items.length === 0) throw new SigmaError('SigmaDetectionError', message, at);
  return items;
}

function keywords(scalars: readonly YamlScalar[], at: YamlPlace): DetectionItem {
  return { field: null, modifiers: [], values: scalars.map(readValue), link: 'or', isNegated: false, at };
}

/** `field|modifier|modifier: value or list of values`; without a field, the values are keywords. */
export function readItem(entry: YamlEntry): DetectionItem {
  const [name = '', ...modifiers] = entry.key.split('|');
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  wantSome(nodes, `${JSON.stringify(entry.key)} has no value`, entry.keyAt);
  const field = name === '' ? null : name;
  return {
    field,
    modifiers,
    values: nodes.map((node) => modifiedValue(field, modifiers, node, entry.keyAt)),
    link: modifiers.includes('all') ? 'and' : 'or',
    isNegated: modifiers.includes('neq'),
    at: entry.keyAt,
  };
}

function modifiedValue(
  field: string | null,
  modifiers: readonly string[],
  node: YamlNode,
  keyAt: YamlPlace,
): SigmaValue {
  if (node.kind !== 'scalar') throw new SigmaError('SigmaDetectionError', 'a value is a list or a map', node.at);
  let value = readValue(node);
  const applied: string[] = [];
  for (const name of modifiers) {
    if (itemModifiers.has(name)) continue;
    const modifier = Object.hasOwn(valueModifiers, name) ? valueModifiers[name] : undefined;
    if (modifier === undefined) throw new SigmaError('SigmaModifierError', unknownModifier(name), keyAt);
    try {
      value = applyModifier(name, modifier, value, { field, applied });
    } catch (error) {
      if (error instanceof ModifierError) throw new SigmaError(error.code, error.message, node.at);
      throw error;
    }
    applied.push(name);
  }
  checkPattern(value, node.at);
  return value;
}

function checkPattern(value: SigmaValue, at: YamlPlace): void {
  if (value.type !== 'regex') return;
  const compiled = compileForeignPattern(value.pattern, value);
  if (!('fault' in compiled)) return;
  const pattern = quote(value.pattern);
  throw new SigmaError(
    'SigmaRegularExpressionError',
    `the regular expression ${pattern} is refused: ${compiled.fault}`,
    at,
  );
}

function unknownModifier(name: string): string {
  const near = nearest(name, [...Object.keys(valueModifiers), ...itemModifiers]);
  return `unknown modifier ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean "${near}"?`}`;
}

function readValue(node: YamlScalar): SigmaValue {
  const { value } = node;
  if (value === null) return { type: 'null' };
  if (typeof value === 'string') return parseString(value);
  return typeof value === 'number' ? { type: 'number', value } : { type: 'boolean', value };
}
