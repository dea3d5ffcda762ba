import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { compileForeignPattern } from '../../../../base/regex.ts';
import { SigmaError } from '../error.ts';
import { isWithin } from '../filters.ts';
import { isItem, type Detection, type DetectionItem, type SigmaRule, type SigmaValue } from '../model.ts';
import { readText, readTexts, textOf } from '../read/attributes.ts';
import type { PipelineState } from './state.ts';

/** When an item of a pipeline applies: to which rules, and to which of their detection items and fields. */
export interface Conditions {
  rule(rule: SigmaRule, state: PipelineState): boolean;
  item(item: DetectionItem, state: PipelineState): boolean;
  field(field: string | null, state: PipelineState): boolean;
  /** It asks something of detection items or fields. */
  readonly isLimited: boolean;
}

type Test<T> = (subject: T, state: PipelineState) => boolean;
type Reader<T> = (map: YamlMap) => Test<T>;

const code = 'SigmaConfigurationError';

const stateTest = (map: YamlMap): ((subject: unknown, state: PipelineState) => boolean) => {
  const [key, value] = [needText(map, 'key'), needText(map, 'val')];
  return (_subject, state) => state.values.get(key) === value;
};
const appliedTest = (map: YamlMap): ((subject: unknown, state: PipelineState) => boolean) => {
  const id = needText(map, 'processing_item_id');
  return (_subject, state) => state.applied.has(id);
};

const ruleConditions: Readonly<Record<string, Reader<SigmaRule>>> = {
  logsource: (map) => {
    const wanted = Object.fromEntries(
      ['category', 'product', 'service'].flatMap((key) => {
        const text = textOf(map.entries.get(key)?.value);
        return text === undefined ? [] : [[key, text]];
      }),
    );
    return (rule) => isWithin(rule.logsource, wanted);
  },
  contains_detection_item: (map) => {
    const [field, value] = [needText(map, 'field'), needText(map, 'value')];
    return (rule) =>
      itemsOf(rule).some((item) => item.field === field && item.values.some((one) => plainText(one) === value));
  },
  contains_field: (map) => {
    const field = needText(map, 'field');
    return (rule) => itemsOf(rule).some((item) => item.field === field);
  },
  is_sigma_rule: () => () => true,
  is_sigma_correlation_rule: () => () => false,
  tag: (map) => {
    const tag = needText(map, 'tag');
    return (rule) => rule.tags.includes(tag);
  },
  rule_attribute: (map) => {
    const [attribute, value] = [needText(map, 'attribute'), needText(map, 'value')];
    return (rule) => (rule as unknown as Readonly<Record<string, unknown>>)[attribute] === value;
  },
  processing_item_applied: appliedTest,
  processing_state: stateTest,
};

const itemConditions: Readonly<Record<string, Reader<DetectionItem>>> = {
  match_string: (map) => {
    const test = compileForeignPattern(needText(map, 'pattern'), {});
    if ('fault' in test) throw new SigmaError(code, test.fault, map.at);
    const isAll = readText(map, 'cond', code) === 'all';
    return ({ values }) => {
      const fits = values.map((value) => test.test(plainText(value) ?? ''));
      return isAll ? fits.every(Boolean) : fits.some(Boolean);
    };
  },
  is_null:
    () =>
    ({ values }) =>
      values.every((value) => value.type === 'null'),
  contains_wildcard:
    () =>
    ({ values }) =>
      values.some((value) => value.type === 'string' && value.parts.some((part) => typeof part === 'object')),
  processing_item_applied: appliedTest,
  processing_state: stateTest,
};

const fieldConditions: Readonly<Record<string, Reader<string | null>>> = {
  include_fields: (map) => fieldTest(map),
  exclude_fields: (map) => {
    const test = fieldTest(map);
    return (field) => !test(field);
  },
  processing_item_applied: appliedTest,
  processing_state: stateTest,
};

function fieldTest(map: YamlMap): (field: string | null) => boolean {
  const fields = readTexts(map, 'fields', code);
  if (readText(map, 'type', code) !== 're') return (field) => field !== null && fields.includes(field);
  const patterns = fields.map((pattern) => {
    const compiled = compileForeignPattern(pattern, {});
    if ('fault' in compiled) throw new SigmaError(code, compiled.fault, map.at);
    return compiled;
  });
  return (field) => field !== null && patterns.some((pattern) => pattern.test(field));
}

/** `rule_conditions`, `detection_item_conditions`, `field_name_conditions`, each with `…_cond_op` and `…_cond_not`. */
export function readConditions(map: YamlMap): Conditions {
  const item = readGroup(map, 'detection_item', itemConditions);
  const field = readGroup(map, 'field_name', fieldConditions);
  return {
    rule: readGroup(map, 'rule', ruleConditions) ?? (() => true),
    item: item ?? (() => true),
    field: field ?? (() => true),
    isLimited: item !== undefined || field !== undefined,
  };
}

function readGroup<T>(map: YamlMap, prefix: string, readers: Readonly<Record<string, Reader<T>>>): Test<T> | undefined {
  const entry = map.entries.get(`${prefix}_conditions`);
  const expression = map.entries.get(`${prefix}_cond_expr`);
  if (expression !== undefined) {
    throw new SigmaError(code, `"${expression.key}" is not supported: use "${prefix}_cond_op"`, expression.keyAt);
  }
  if (entry === undefined) return undefined;
  const { value } = entry;
  const list = value.kind === 'map' ? [...value.entries.values()].map((one) => one.value) : undefined;
  const nodes = value.kind === 'list' ? value.items : (list ?? []);
  const tests = nodes.map((node) => {
    if (node.kind !== 'map') throw new SigmaError(code, 'a condition must be a map', node.at);
    const type = needText(node, 'type');
    const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
    if (reader === undefined) throw new SigmaError(code, `the ${prefix} condition "${type}" is not known`, node.at);
    return reader(node);
  });
  const isAny = readText(map, `${prefix}_cond_op`, code) === 'or';
  const isNegated = readText(map, `${prefix}_cond_not`, code) === 'true';
  return (subject, state) => {
    const holds = isAny ? tests.some((test) => test(subject, state)) : tests.every((test) => test(subject, state));
    return holds !== isNegated;
  };
}

export function needText(map: YamlMap, key: string): string {
  const text = readText(map, key, code);
  if (text === undefined) throw new SigmaError(code, `"${key}" is missing`, map.at);
  return text;
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

function itemsOf(rule: SigmaRule): DetectionItem[] {
  const flat = (detection: Detection): DetectionItem[] =>
    detection.items.flatMap((part) => (isItem(part) ? [part] : flat(part)));
  return [...rule.detections.values()].flatMap(flat);
}
