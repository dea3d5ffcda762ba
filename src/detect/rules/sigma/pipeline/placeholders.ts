import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { SigmaValue, StringPart } from '../model.ts';
import { readTexts } from '../read/attributes.ts';
import { parseString, wildMany, withParts } from '../strings.ts';
import { code } from './read.ts';
import { overValues, type ReadTransformation, type Transformation } from './transformation.ts';

/** Most values that the placeholders of one value may become together. */
const maxValues = 10_000;

type ValuesOf = (name: string) => readonly StringPart[][] | undefined;

/** Every combination of the values of a string's placeholders; a placeholder without values stays. */
function fillPlaceholders(value: SigmaValue, valuesOf: ValuesOf): SigmaValue[] | undefined {
  if (value.type !== 'string') return undefined;
  let lists: StringPart[][] = [[]];
  let isFilled = false;
  for (const part of value.parts) {
    const filled = typeof part === 'object' && 'placeholder' in part ? valuesOf(part.placeholder) : undefined;
    isFilled ||= filled !== undefined;
    lists = combined(lists, filled ?? [[part]]);
  }
  return isFilled ? lists.map((parts) => withParts(value, parts)) : undefined;
}

function combined(lists: readonly StringPart[][], ends: readonly (readonly StringPart[])[]): StringPart[][] {
  if (lists.length * ends.length > maxValues) throw new RangeError('too many values');
  return lists.flatMap((list) => ends.map((end) => [...list, ...end]));
}

function filter(map: YamlMap): (name: string) => boolean {
  const [include, exclude] = [readTexts(map, 'include', code), readTexts(map, 'exclude', code)];
  return (name) => (include.length === 0 || include.includes(name)) && !exclude.includes(name);
}

function placeholders(map: YamlMap, valuesOf: ValuesOf): Transformation {
  return overValues((value) => {
    try {
      return fillPlaceholders(value, valuesOf);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new SigmaError(code, `the placeholders of one value become more than ${maxValues} values`, map.at);
    }
  });
}

export const placeholderTransformations: Readonly<Record<string, ReadTransformation>> = {
  value_placeholders: (map, variables) => {
    const isMeant = filter(map);
    return placeholders(map, (name) => {
      const values = isMeant(name) ? variables.get(name) : undefined;
      return values?.map((text) => [...parseString(text).parts]);
    });
  },
  wildcard_placeholders: (map) => {
    const isMeant = filter(map);
    return placeholders(map, (name) => (isMeant(name) ? [[wildMany]] : undefined));
  },
};
