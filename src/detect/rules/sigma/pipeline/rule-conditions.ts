import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import { isWithin } from '../filters.ts';
import {
  isItem,
  sigmaLevels,
  type Detection,
  type DetectionItem,
  type Logsource,
  type SigmaCorrelation,
  type SigmaRule,
} from '../model.ts';
import { readText, textOf } from '../read/attributes.ts';
import { code, needText, plainText } from './read.ts';
import type { PipelineState } from './state.ts';

/** What a pipeline goes over: a rule, or a correlation with the rules that it refers to. */
export interface Processed {
  readonly document: SigmaRule | SigmaCorrelation;
  /** The rule itself, or those of the correlation. */
  readonly rules: readonly SigmaRule[];
}

type RuleTest = (subject: Processed, state: PipelineState) => boolean;

/** The parts of a log source that a map names. */
export function readLogsourceParts(map: YamlMap): Logsource {
  const parts = ['category', 'product', 'service'].flatMap((key) => {
    const text = textOf(map.entries.get(key)?.value);
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(parts) as Logsource;
}

function stateTest(map: YamlMap): (subject: unknown, state: PipelineState) => boolean {
  const [key, value] = [needText(map, 'key'), needText(map, 'val')];
  const operator = readText(map, 'op', code) ?? 'eq';
  if (operator !== 'eq' && operator !== 'ne') throw new SigmaError(code, '"op" is eq or ne', map.at);
  return (_subject, state) => (state.values.get(key) === value) === (operator === 'eq');
}

export const ruleConditions = {
  logsource: (map: YamlMap): RuleTest => {
    const wanted = readLogsourceParts(map);
    return ({ rules }) => rules.some(({ logsource }) => isWithin(logsource, wanted));
  },
  contains_detection_item: (map: YamlMap): RuleTest => {
    const [field, value] = [needText(map, 'field'), needText(map, 'value')];
    return ({ document }) =>
      itemsOf(document).some((item) => item.field === field && item.values.some((one) => plainText(one) === value));
  },
  contains_field: (map: YamlMap): RuleTest => {
    const field = needText(map, 'field');
    return ({ document }) => itemsOf(document).some((item) => item.field === field);
  },
  is_sigma_rule:
    (): RuleTest =>
    ({ document }) =>
      document.kind === 'rule',
  is_sigma_correlation_rule:
    (): RuleTest =>
    ({ document }) =>
      document.kind === 'correlation',
  tag: (map: YamlMap): RuleTest => {
    const tag = needText(map, 'tag');
    return ({ document }) => document.tags.includes(tag);
  },
  rule_attribute: attributeTest,
  processing_item_applied: (map: YamlMap): RuleTest => {
    const id = needText(map, 'processing_item_id');
    return (_subject, state) => state.applied.has(id);
  },
  processing_state: stateTest,
};

type Order = 'gte' | 'gt' | 'lte' | 'lt';
const orders: Readonly<Record<Order, (difference: number) => boolean>> = {
  gte: (difference) => difference >= 0,
  gt: (difference) => difference > 0,
  lte: (difference) => difference <= 0,
  lt: (difference) => difference < 0,
};
const statuses = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'];

/**
 * An attribute of the rule, also one that the specification does not know, against a value. Order is known of levels, statuses, dates
 * and numbers; a list is asked with `in` and `not_in`. An attribute that is not there fits nothing.
 */
function attributeTest(map: YamlMap): RuleTest {
  const [attribute, value] = [needText(map, 'attribute'), needText(map, 'value')];
  const operator = readText(map, 'op', code) ?? 'eq';
  const isOrder = Object.hasOwn(orders, operator);
  if (!isOrder && !['eq', 'ne', 'in', 'not_in'].includes(operator)) {
    throw new SigmaError(code, `the operation "${operator}" of a rule attribute is not known`, map.at);
  }
  return ({ document }) => {
    const own = attributeOf(document, attribute);
    if (own === undefined) return false;
    if (typeof own !== 'string') {
      if (operator === 'in' || operator === 'not_in') return own.includes(value) === (operator === 'in');
      return operator === 'ne';
    }
    if (operator === 'eq' || operator === 'ne') return (own === value) === (operator === 'eq');
    const [left, right] = [rankOf(attribute, own), rankOf(attribute, value)];
    if (!isOrder || left === undefined || right === undefined) {
      throw new SigmaError(code, `"${operator}" does not compare the attribute "${attribute}"`, map.at);
    }
    return orders[operator as Order](left - right);
  };
}

function attributeOf(document: Processed['document'], name: string): string | readonly string[] | undefined {
  const custom = document.custom.get(name);
  if (custom !== undefined) return textOf(custom);
  const own = Object.hasOwn(document, name) ? (document as unknown as Record<string, unknown>)[name] : undefined;
  if (typeof own === 'string') return own;
  return Array.isArray(own) && own.every((entry) => typeof entry === 'string') ? own : undefined;
}

/** A number that orders values of an attribute; undefined for text without order. */
function rankOf(attribute: string, text: string): number | undefined {
  if (attribute === 'level') return rankIn(sigmaLevels, text);
  if (attribute === 'status') return rankIn(statuses, text);
  const rank = attribute === 'date' || attribute === 'modified' ? Date.parse(text.replaceAll('/', '-')) : Number(text);
  return text.trim() === '' || Number.isNaN(rank) ? undefined : rank;
}

function rankIn(list: readonly string[], text: string): number | undefined {
  const rank = list.indexOf(text.toLowerCase());
  return rank < 0 ? undefined : rank;
}

function itemsOf(document: Processed['document']): DetectionItem[] {
  if (document.kind === 'correlation') return [];
  const flat = (detection: Detection): DetectionItem[] =>
    detection.items.flatMap((part) => (isItem(part) ? [part] : flat(part)));
  return [...document.detections.values()].flatMap(flat);
}
