import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { SigmaValue } from '../model.ts';
import { readText } from '../read/attributes.ts';

/** What a pipeline that is wrong is told with. */
export const code = 'SigmaConfigurationError';

export function needText(map: YamlMap, key: string): string {
  const text = readText(map, key, code);
  if (text === undefined) throw new SigmaError(code, `"${key}" is missing`, map.at);
  return text;
}

/** A switch that is on. */
export function isSet(map: YamlMap, key: string): boolean {
  return readText(map, key, code)?.toLowerCase() === 'true';
}

/** A value as the text that it stands for, wildcards as they are written; undefined for what is no text. */
export function plainText(value: SigmaValue): string | undefined {
  if (value.type === 'number' || value.type === 'boolean') return String(value.value);
  if (value.type !== 'string') return undefined;
  return value.parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'wild' in part ? part.wild : `%${part.placeholder}%`;
    })
    .join('');
}
