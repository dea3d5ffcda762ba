import { compileForeignPattern } from '../../../../base/regex.ts';
import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { DetectionItem, SigmaValue } from '../model.ts';
import { readText, readTexts } from '../read/attributes.ts';
import { holds, parseExpression, type Expression } from './expression.ts';
import { ruleConditions, type Processed } from './rule-conditions.ts';
import type { PipelineState } from './state.ts';
import { code, isSet, needText, plainText } from './read.ts';

/** When an item of a pipeline applies: to which rules, and to which of their detection items and fields. */
export interface Conditions {
  rule(rule: Processed, state: PipelineState): boolean;
  item(item: DetectionItem, state: PipelineState): boolean;
  /** For names that stand in no detection item: in a correlation, among the `fields` of a rule. */
  field(field: string, state: PipelineState): boolean;
}

type Test<T> = (subject: T, state: PipelineState) => boolean;
type Reader<T> = (map: YamlMap) => Test<T>;

/** `cond: any` or `all`: of the values of an item. */
function valueTest(map: YamlMap, test: (value: SigmaValue) => boolean): Test<DetectionItem> {
  const mode = readText(map, 'cond', code) ?? 'any';
  if (mode !== 'any' && mode !== 'all') throw new SigmaError(code, '"cond" is any or all', map.at);
  return ({ values }) => (mode === 'all' ? values.every(test) : values.some(test));
}

const appliedToItem: Reader<DetectionItem> = (map) => {
  const id = needText(map, 'processing_item_id');
  return (item, state) => state.appliedTo.get(item)?.has(id) === true;
};

const itemConditions: Readonly<Record<string, Reader<DetectionItem>>> = {
  match_string: (map) => {
    const matches = fromStart(needText(map, 'pattern'), map);
    const isNegated = isSet(map, 'negate');
    return valueTest(map, (value) => {
      const isMatch = value.type === 'string' && matches(plainText(value) ?? '');
      return isMatch !== isNegated;
    });
  },
  match_value: (map) => {
    const wanted = needText(map, 'value');
    return valueTest(map, (value) => plainText(value) === wanted);
  },
  is_null: (map) => valueTest(map, (value) => value.type === 'null'),
  contains_wildcard: (map) =>
    valueTest(
      map,
      (value) => value.type === 'string' && value.parts.some((part) => typeof part === 'object' && 'wild' in part),
    ),
  processing_item_applied: appliedToItem,
  processing_state: ruleConditions.processing_state,
};

const fieldConditions: Readonly<Record<string, Reader<string | null>>> = {
  include_fields: (map) => fieldTest(map),
  exclude_fields: (map) => {
    const test = fieldTest(map);
    return (field) => !test(field);
  },
  // A name by itself was made by no item.
  processing_item_applied: (map) => {
    needText(map, 'processing_item_id');
    return () => false;
  },
  processing_state: ruleConditions.processing_state,
};

function fieldTest(map: YamlMap): (field: string | null) => boolean {
  const fields = readTexts(map, 'fields', code);
  const mode = readText(map, 'mode', code) ?? 'plain';
  if (mode !== 'plain' && mode !== 're') throw new SigmaError(code, '"mode" is plain or re', map.at);
  if (mode === 'plain') return (field) => field !== null && fields.includes(field);
  const patterns = fields.map((pattern) => fromStart(pattern, map));
  return (field) => field !== null && patterns.some((matches) => matches(field));
}

/** Patterns of pipelines are those of Python's `re.match`: from the start of a text, not to its end. */
function fromStart(pattern: string, map: YamlMap): (text: string) => boolean {
  const compiled = compileForeignPattern(`^(?:${pattern})`);
  if ('fault' in compiled) throw new SigmaError('SigmaRegularExpressionError', compiled.fault, map.at);
  return (text) => compiled.test(text.toWellFormed());
}

/**
 * `rule_conditions`, `detection_item_conditions`, `field_name_conditions`: a list or a map, linked by `…_cond_op` and turned round by
 * `…_cond_not`, or joined by an expression over the names of a map, `…_cond_expr`.
 */
export function readConditions(map: YamlMap): Conditions {
  const item = readGroup(map, 'detection_item', itemConditions) ?? (() => true);
  const onField = readGroup(map, 'field_name', fieldConditions) ?? (() => true);
  const onItem = readGroup(map, 'field_name', { ...ofItem(fieldConditions), processing_item_applied: appliedToItem });
  return {
    rule: readGroup(map, 'rule', ruleConditions) ?? (() => true),
    item: (subject, state) => item(subject, state) && (onItem === undefined || onItem(subject, state)),
    field: onField,
  };
}

/** Conditions on names, asked of the item that has the name. */
function ofItem(readers: Readonly<Record<string, Reader<string | null>>>): Record<string, Reader<DetectionItem>> {
  return Object.fromEntries(
    Object.entries(readers).map(([name, read]): [string, Reader<DetectionItem>] => [
      name,
      (map) => {
        const test = read(map);
        return ({ field }, state) => test(field, state);
      },
    ]),
  );
}

function readGroup<T>(map: YamlMap, prefix: string, readers: Readonly<Record<string, Reader<T>>>): Test<T> | undefined {
  const expression = readText(map, `${prefix}_cond_expr`, code);
  const operator = readText(map, `${prefix}_cond_op`, code);
  const tests = readTests(map, prefix, readers);
  if (tests.size === 0 && expression === undefined) return undefined;
  const linked =
    expression === undefined ? linkedBy(operator, tests) : joinedBy(expression, operator, tests, prefix, map);
  const isNegated = isSet(map, `${prefix}_cond_not`);
  return (subject, state) => linked(subject, state) !== isNegated;
}

/** By their names in a map; those of a list by numbers, which no expression can name. */
function readTests<T>(
  map: YamlMap,
  prefix: string,
  readers: Readonly<Record<string, Reader<T>>>,
): Map<string, Test<T>> {
  const value = map.entries.get(`${prefix}_conditions`)?.value;
  const nodes =
    value?.kind === 'map'
      ? [...value.entries].map(([name, entry]) => [name, entry.value] as const)
      : (value?.kind === 'list' ? value.items : []).map((node, index) => [`#${index + 1}`, node] as const);
  return new Map(
    nodes.map(([name, node]) => {
      if (node.kind !== 'map') throw new SigmaError(code, 'a condition must be a map', node.at);
      const type = needText(node, 'type');
      const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
      if (reader === undefined) throw new SigmaError(code, `the ${prefix} condition "${type}" is not known`, node.at);
      return [name, reader(node)] as const;
    }),
  );
}

function linkedBy<T>(operator: string | undefined, tests: ReadonlyMap<string, Test<T>>): Test<T> {
  const list = [...tests.values()];
  return operator === 'or'
    ? (subject, state) => list.some((test) => test(subject, state))
    : (subject, state) => list.every((test) => test(subject, state));
}

function joinedBy<T>(
  text: string,
  operator: string | undefined,
  tests: ReadonlyMap<string, Test<T>>,
  prefix: string,
  map: YamlMap,
): Test<T> {
  const at = map.entries.get(`${prefix}_cond_expr`)?.keyAt ?? map.at;
  const fail = (why: string): never => {
    throw new SigmaError('SigmaPipelineConditionError', why, at);
  };
  if (operator !== undefined) fail(`"${prefix}_cond_expr" and "${prefix}_cond_op" exclude each other`);
  if (map.entries.get(`${prefix}_conditions`)?.value.kind !== 'map') {
    fail(`"${prefix}_conditions" must be a map of named conditions for an expression`);
  }
  const expression: Expression = parseExpression(text, new Set(tests.keys()), at);
  return (subject, state) => holds(expression, (name) => tests.get(name)?.(subject, state) === true);
}
