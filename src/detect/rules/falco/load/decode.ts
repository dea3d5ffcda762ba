import type { YamlMap, YamlNode } from '../../../../base/yaml-tree.ts';
import { LoadError, type Context } from './context.ts';

export function invalid(message: string, context: Context): LoadError {
  return new LoadError('LOAD_ERR_YAML_VALIDATE', message, context);
}

export function has(item: YamlMap, key: string): boolean {
  return item.entries.has(key);
}

export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Value of a key that must be there, not empty and a scalar. */
export function text(item: YamlMap, key: string, context: Context): string {
  const value = item.entries.get(key)?.value;
  if (value === undefined) throw invalid(`Item has no mapping for key '${key}'`, context);
  if (isNull(value)) throw invalid(`Mapping for key '${key}' is empty`, context);
  const inner = context.inner('value for', key, value.at);
  if (value.kind !== 'scalar') throw invalid('Value is not a scalar value', inner);
  if (value.source === '') throw invalid('Value must be non-empty', inner);
  return value.source;
}

export function boolean(item: YamlMap, key: string, context: Context): boolean {
  const source = text(item, key, context);
  if (/^(?:y|yes|true|on)$/i.test(source)) return true;
  if (/^(?:n|no|false|off)$/i.test(source)) return false;
  throw undecodable(item, key, context);
}

export function optionalBoolean(item: YamlMap, key: string, otherwise: boolean, context: Context): boolean {
  return has(item, key) ? boolean(item, key, context) : otherwise;
}

/** A whole number that is not negative. */
export function wholeNumber(item: YamlMap, key: string, context: Context): number {
  const number = Number(text(item, key, context));
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw undecodable(item, key, context);
}

function undecodable(item: YamlMap, key: string, context: Context): LoadError {
  const at = item.entries.get(key)?.value.at ?? item.at;
  return invalid("Can't decode YAML scalar value", context.inner('value for', key, at));
}

/** Scalars of a sequence; undefined when the key is not there. */
export function texts(item: YamlMap, key: string, context: Context): string[] | undefined {
  const value = item.entries.get(key)?.value;
  if (value === undefined) return undefined;
  const inner = context.inner('value for', key, value.at);
  if (value.kind !== 'list') throw invalid('Value is not a sequence', inner);
  return value.items.map((node) => {
    if (node.kind !== 'scalar') {
      throw invalid('sequence value is not scalar', inner.inner('list item', '', node.at));
    }
    return node.source;
  });
}
