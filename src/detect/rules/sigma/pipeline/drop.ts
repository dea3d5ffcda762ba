import { SigmaError } from '../error.ts';
import { isItem, type Detection, type DetectionItem, type Search, type SigmaRule } from '../model.ts';
import { overItems, type Transformation } from './transformation.ts';

/**
 * Removes detection items. What is left empty vanishes from the condition, as if its author had not asked for it: an empty selection
 * would match everything, and an empty filter nothing. A rule of which nothing is left is refused.
 */
export function dropItems(): Transformation {
  const items = overItems(() => []);
  return { rule: (rule, context) => withoutEmpty(items.rule(rule, context)) };
}

function withoutEmpty(rule: SigmaRule): SigmaRule {
  const detections = new Map([...rule.detections].map(([name, detection]) => [name, pruned(detection)] as const));
  const empty = new Set([...detections].filter(([, { items }]) => items.length === 0).map(([name]) => name));
  if (empty.size === 0) return { ...rule, detections };
  const conditions = rule.conditions.flatMap((condition) => without(condition, empty) ?? []);
  if (conditions.length === 0) {
    throw new SigmaError('SigmaTransformationError', 'a pipeline drops all that the rule asks for', rule.at);
  }
  for (const name of empty) detections.delete(name);
  return { ...rule, detections, conditions };
}

function pruned(detection: Detection): Detection {
  const items = detection.items.flatMap((part): (Detection | DetectionItem)[] => {
    if (isItem(part)) return [part];
    const inner = pruned(part);
    return inner.items.length === 0 ? [] : [inner];
  });
  return { ...detection, items };
}

function without(search: Search, names: ReadonlySet<string>): Search | undefined {
  switch (search.kind) {
    case 'identifier':
      return names.has(search.name) ? undefined : search;
    case 'not': {
      const of = without(search.of, names);
      return of === undefined ? undefined : { kind: 'not', of };
    }
    case 'and':
    case 'or': {
      const of = search.of.flatMap((one) => without(one, names) ?? []);
      return of.length === 0 ? undefined : { kind: search.kind, of };
    }
  }
}
