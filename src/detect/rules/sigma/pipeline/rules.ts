import { SigmaError } from '../error.ts';
import type { SigmaCorrelation, SigmaRule } from '../model.ts';
import { readDetection } from '../read/detection.ts';
import { dropItems } from './drop.ts';
import { code, isSet, needText } from './read.ts';
import { readLogsourceParts } from './rule-conditions.ts';
import { overItems, type ReadTransformation, type Transformation } from './transformation.ts';

/** The same for rules and correlations. */
function ofAny(
  change: <D extends SigmaRule | SigmaCorrelation>(document: D, state: Map<string, string>) => D,
): Transformation {
  return {
    rule: (rule, { state }) => change(rule, state.values),
    correlation: (correlation, { state }) => change(correlation, state.values),
  };
}

/** Transformations of whole rules, and those that refuse. */
export const ruleTransformations: Readonly<Record<string, ReadTransformation>> = {
  drop_detection_item: dropItems,
  add_condition: (map) => {
    const section = map.entries.get('conditions');
    if (section === undefined) throw new SigmaError(code, '"conditions" is missing', map.at);
    const detection = readDetection(section.value);
    const isNegated = isSet(map, 'negated');
    return {
      rule: (rule) => {
        const name = `_condition_${rule.detections.size}`;
        const added = { kind: 'identifier', name } as const;
        const condition = isNegated ? ({ kind: 'not', of: added } as const) : added;
        const conditions = rule.conditions.map((own) => ({ kind: 'and', of: [condition, own] }) as const);
        return { ...rule, detections: new Map([...rule.detections, [name, detection]]), conditions };
      },
    };
  },
  change_logsource: (map) => {
    const logsource = readLogsourceParts(map);
    return { rule: (rule) => ({ ...rule, logsource }) };
  },
  set_custom_attribute: (map) => {
    const name = needText(map, 'attribute');
    const value = map.entries.get('value')?.value;
    if (value === undefined) throw new SigmaError(code, '"value" is missing', map.at);
    return ofAny((document) => ({ ...document, custom: new Map([...document.custom, [name, value]]) }));
  },
  set_state: (map) => {
    const [key, value] = [needText(map, 'key'), needText(map, 'val')];
    return ofAny((document, state) => {
      state.set(key, value);
      return document;
    });
  },
  rule_failure: (map) => {
    const message = needText(map, 'message');
    return ofAny((document) => {
      throw new SigmaError('SigmaTransformationError', message, document.at);
    });
  },
  detection_item_failure: (map) => {
    const message = needText(map, 'message');
    return overItems((item) => {
      throw new SigmaError('SigmaTransformationError', message, item.at);
    });
  },
};
