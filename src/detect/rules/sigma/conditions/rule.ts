import { allOf, anyOf, never, not, type Condition } from '../../../../match/condition/condition.ts';
import { isItem, type Detection, type DetectionItem, type Search, type SigmaRule } from '../model.ts';
import { fieldCondition, keywordCondition, mergeAlternatives } from './value.ts';

/**
 * What a rule asks of one event, in the names of its own fields. An absent field makes every test of it false, also below
 * `not`: two values, as the specification's examples read.
 */
export function ruleCondition(rule: Pick<SigmaRule, 'detections' | 'conditions'>): Condition {
  return anyOf(searchConditions(rule.conditions, rule.detections));
}

/** Each search as a condition; a detection that several of them name is made once. */
function searchConditions(
  searches: readonly Search[],
  detections: ReadonlyMap<string, Detection>,
): readonly Condition[] {
  const made = new Map<string, Condition>();
  const named = (name: string): Condition => {
    const before = made.get(name);
    if (before !== undefined) return before;
    const detection = detections.get(name);
    const condition = detection === undefined ? never : detectionCondition(detection);
    made.set(name, condition);
    return condition;
  };
  const convert = (search: Search): Condition => {
    switch (search.kind) {
      case 'identifier':
        return named(search.name);
      case 'not':
        return not(convert(search.of));
      case 'and':
        return allOf(search.of.map(convert));
      case 'or':
        return anyOf(search.of.map(convert));
    }
  };
  return searches.map(convert);
}

function detectionCondition(detection: Detection): Condition {
  const parts = detection.items.map((item) => (isItem(item) ? itemCondition(item) : detectionCondition(item)));
  return detection.link === 'and' ? allOf(parts) : anyOf(parts);
}

function itemCondition(item: DetectionItem): Condition {
  const { field } = item;
  const parts = item.values.map((value) => (field === null ? keywordCondition(value) : fieldCondition(field, value)));
  const joined = item.link === 'and' ? allOf(parts) : mergeAlternatives(parts);
  return item.isNegated ? not(joined) : joined;
}
