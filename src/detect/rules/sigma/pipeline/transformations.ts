import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import {
  isItem,
  type Detection,
  type DetectionItem,
  type SigmaRule,
  type SigmaValue,
  type StringPart,
} from '../model.ts';
import { readMap, readText, readTexts, textOf } from '../read/attributes.ts';
import { readDetection } from '../read/detection.ts';
import { parseString, plainString, withParts } from '../strings.ts';
import { needText, plainText } from './conditions.ts';
import type { PipelineState } from './state.ts';

export interface TransformContext {
  /** Detection items that the conditions of the step fit. */
  isChosen(item: DetectionItem): boolean;
  readonly state: PipelineState;
}

/** Makes another rule of a rule, or refuses it with a `SigmaError`. */
export type Transformation = (rule: SigmaRule, context: TransformContext) => SigmaRule;
type Variables = ReadonlyMap<string, readonly string[]>;
type Read = (map: YamlMap, variables: Variables) => Transformation;

const code = 'SigmaConfigurationError';

/** A change of detection items: the parts that stand in place of each chosen one. */
function overItems(change: (item: DetectionItem) => readonly (Detection | DetectionItem)[]): Transformation {
  const over = (detection: Detection, context: TransformContext): Detection => ({
    ...detection,
    items: detection.items.flatMap((part) => {
      if (!isItem(part)) return [over(part, context)];
      return context.isChosen(part) ? change(part) : [part];
    }),
  });
  return (rule, context) => ({
    ...rule,
    detections: new Map([...rule.detections].map(([name, detection]) => [name, over(detection, context)] as const)),
  });
}

/** Fields get other names; several are alternatives. References between fields follow. */
function renameFields(rename: (field: string) => readonly string[]): Transformation {
  return overItems((item) => {
    if (item.field === null) return [item];
    const values = item.values.map((value): SigmaValue =>
      value.type === 'fieldref' ? { ...value, field: rename(value.field)[0] ?? value.field } : value,
    );
    const renamed = rename(item.field).map((field) => ({ ...item, field, values }));
    return renamed.length === 1 ? renamed : [{ link: 'or', items: renamed }];
  });
}

function overValues(change: (value: SigmaValue) => readonly SigmaValue[]): Transformation {
  const flat = (value: SigmaValue): readonly SigmaValue[] =>
    value.type === 'or' ? [{ type: 'or', values: value.values.flatMap(flat) }] : change(value);
  return overItems((item) => [{ ...item, values: item.values.flatMap(flat) }]);
}

/** Changes the texts of a string and leaves its wildcards. */
function overText(change: (text: string) => string): Transformation {
  return overValues((value) =>
    value.type === 'string'
      ? [
          withParts(
            value,
            value.parts.map((part) => (typeof part === 'string' ? change(part) : part)),
          ),
        ]
      : [value],
  );
}

/** Most values that the placeholders of one value may become together. */
const maxValues = 10_000;

/** Every combination of the values of a string's placeholders; a placeholder without values stays. */
function fillPlaceholders(
  value: SigmaValue,
  valuesOf: (name: string) => readonly StringPart[][] | undefined,
): SigmaValue[] {
  if (value.type !== 'string') return [value];
  let lists: StringPart[][] = [[]];
  for (const part of value.parts) {
    const filled = typeof part === 'object' && 'placeholder' in part ? valuesOf(part.placeholder) : undefined;
    lists =
      filled === undefined
        ? lists.map((list) => [...list, part])
        : lists.flatMap((list) => filled.map((parts) => [...list, ...parts]));
    if (lists.length > maxValues) throw new RangeError('too many values');
  }
  return lists.map((parts) => withParts(value, parts));
}

function placeholderFilter(map: YamlMap): (name: string) => boolean {
  const [include, exclude] = [readTexts(map, 'include', code), readTexts(map, 'exclude', code)];
  return (name) => (include.length === 0 || include.includes(name)) && !exclude.includes(name);
}

function mappingOf(map: YamlMap): Map<string, readonly string[]> {
  const mapping = readMap(map, 'mapping', code);
  return new Map([...mapping.entries.keys()].map((key) => [key, readTexts(mapping, key, code)] as const));
}

const readers: Readonly<Record<string, Read>> = {
  field_name_mapping: (map) => {
    const mapping = mappingOf(map);
    return renameFields((field) => mapping.get(field) ?? [field]);
  },
  field_name_prefix_mapping: (map) => {
    const mapping = [...mappingOf(map)];
    return renameFields((field) => {
      const [prefix, to] = mapping.find(([from]) => field.startsWith(from)) ?? ['', ['']];
      return to.map((text) => `${text}${field.slice(prefix.length)}`);
    });
  },
  field_name_prefix: (map) => {
    const prefix = needText(map, 'prefix');
    return renameFields((field) => [`${prefix}${field}`]);
  },
  field_name_suffix: (map) => {
    const suffix = needText(map, 'suffix');
    return renameFields((field) => [`${field}${suffix}`]);
  },
  drop_detection_item: () => overItems(() => []),
  add_condition: (map, _variables) => {
    const section = map.entries.get('conditions');
    if (section === undefined) throw new SigmaError(code, '"conditions" is missing', map.at);
    const detection = readDetection(section.value);
    const isNegated = readText(map, 'negated', code) === 'true';
    return (rule) => {
      const name = `_condition_${rule.detections.size}`;
      const added = { kind: 'identifier', name } as const;
      const condition = isNegated ? ({ kind: 'not', of: added } as const) : added;
      const conditions = rule.conditions.map((own) => ({ kind: 'and', of: [condition, own] }) as const);
      return { ...rule, detections: new Map([...rule.detections, [name, detection]]), conditions };
    };
  },
  change_logsource: (map) => (rule) => {
    const parts = ['category', 'product', 'service'].flatMap((key) => {
      const text = textOf(map.entries.get(key)?.value);
      return text === undefined ? [] : [[key, text]];
    });
    return { ...rule, logsource: Object.fromEntries(parts) as SigmaRule['logsource'] };
  },
  map_string: (map) => {
    const mapping = mappingOf(map);
    return overValues((value) => {
      const to = value.type === 'string' ? mapping.get(plainText(value) ?? '') : undefined;
      return to === undefined ? [value] : to.map(parseString);
    });
  },
  set_value: (map) => {
    const value = map.entries.get('value')?.value;
    if (value?.kind !== 'scalar') throw new SigmaError(code, '"value" is missing', map.at);
    const set: SigmaValue =
      typeof value.value === 'number' ? { type: 'number', value: value.value } : plainString(textOf(value) ?? '');
    return overValues(() => [set]);
  },
  convert_type: (map) => {
    const target = needText(map, 'target_type');
    return overValues((value) => {
      const text = plainText(value);
      if (text === undefined) return [value];
      if (target === 'str') return [plainString(text)];
      return text.trim() === '' || Number.isNaN(Number(text)) ? [value] : [{ type: 'number', value: Number(text) }];
    });
  },
  case: (map) => {
    const method = readText(map, 'method', code) ?? 'lower';
    if (method !== 'lower' && method !== 'upper') throw new SigmaError(code, 'the case is lower or upper', map.at);
    return overText((text) => (method === 'lower' ? text.toLowerCase() : text.toUpperCase()));
  },
  value_placeholders: (map, variables) => {
    const isMeant = placeholderFilter(map);
    return placeholders(map, (name) => {
      const values = isMeant(name) ? variables.get(name) : undefined;
      return values?.map((text) => [...parseString(text).parts]);
    });
  },
  wildcard_placeholders: (map) => {
    const isMeant = placeholderFilter(map);
    return placeholders(map, (name) => (isMeant(name) ? [[{ wild: '*' }]] : undefined));
  },
  rule_failure: (map) => {
    const message = needText(map, 'message');
    return (rule) => {
      throw new SigmaError('SigmaTransformationError', message, rule.at);
    };
  },
  detection_item_failure: (map) => {
    const message = needText(map, 'message');
    return overItems((item) => {
      throw new SigmaError('SigmaTransformationError', message, item.at);
    });
  },
  set_state: (map) => {
    const [key, value] = [needText(map, 'key'), needText(map, 'val')];
    return (rule, { state }) => {
      state.values.set(key, value);
      return rule;
    };
  },
};

function placeholders(map: YamlMap, valuesOf: (name: string) => StringPart[][] | undefined): Transformation {
  return overValues((value) => {
    try {
      return fillPlaceholders(value, valuesOf);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new SigmaError(code, `the placeholders of one value become more than ${maxValues} values`, map.at);
    }
  });
}

/** Reads the transformation of an item; its other keys belong to its conditions. */
export function readTransformation(map: YamlMap, variables: Variables): Transformation {
  const type = needText(map, 'type');
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read !== undefined) return read(map, variables);
  const names = Object.keys(readers).join(', ');
  throw new SigmaError(code, `the transformation "${type}" is not supported; known are ${names}`, map.at);
}
