import type { KindId } from '../../../../events/event.ts';
import type { Condition } from '../../../../match/condition/condition.ts';
import { conditionFault } from '../../../../match/condition/limits.ts';
import type { MissingField } from '../../rule-language.ts';
import { ruleCondition } from '../conditions/rule.ts';
import { placeholdersOf } from '../conditions/placeholders.ts';
import type { SigmaRule } from '../model.ts';
import { targetsOf } from '../taxonomy/find.ts';
import { placeCondition } from '../taxonomy/place.ts';
import type { Target } from '../taxonomy/target.ts';
import { originOf } from '../origin.ts';

/** How a rule is asked of our events: of each kind that may answer, or why not at all. */
export interface RulePlan {
  readonly rule: SigmaRule;
  readonly questions: readonly Question[];
  /** Fields that its events do not have, and whatever else keeps it from matching. */
  readonly missing: readonly MissingField[];
  /** Fields that have no column, nor a place of another name: they are found where a record has a member of just that name. */
  readonly asMembers: readonly string[];
}

export interface Question {
  readonly kind: KindId;
  readonly platform: Target['platform'];
  /** In event fields. */
  readonly condition: Condition;
  readonly target: Target;
}

/** Plans a rule over the events of its log source. */
export function planRule(rule: SigmaRule): RulePlan {
  const placeholders = placeholdersOf(rule);
  if (placeholders.length > 0) {
    const why = 'a placeholder without values: give them in a processing pipeline';
    return unasked(
      rule,
      placeholders.map((name) => ({ field: `%${name}%`, why })),
    );
  }
  const targets = targetsOf(rule.logsource);
  if (targets.length === 0) {
    const why = 'no kind of event that is read here answers this log source';
    return unasked(rule, [{ field: `logsource ${originOf(rule.logsource)}`, why }]);
  }
  const condition = ruleCondition(rule);
  const fault = conditionFault(condition);
  if (fault !== undefined) return unasked(rule, [{ field: 'condition', why: fault }]);
  return ask(rule, condition, targets);
}

function unasked(rule: SigmaRule, missing: readonly MissingField[]): RulePlan {
  return { rule, questions: [], missing, asMembers: [] };
}

function ask(rule: SigmaRule, condition: Condition, targets: readonly Target[]): RulePlan {
  const missing = new Map<string, Set<KindId>>();
  const questions: Question[] = [];
  const members = new Map<string, Set<Target>>();
  for (const target of targets) {
    const placed = placeCondition(condition, target);
    for (const field of placed.asMembers) members.set(field, (members.get(field) ?? new Set()).add(target));
    for (const field of placed.missing) {
      const kinds = missing.get(field) ?? new Set();
      missing.set(field, kinds.add(target.kind));
    }
    if (placed.condition.kind === 'never') continue;
    questions.push({ kind: target.kind, platform: target.platform, condition: placed.condition, target });
  }
  // A field that some of the events have keeps no rule from matching.
  const nowhere = [...missing].filter(([, kinds]) => targets.every((target) => kinds.has(target.kind)));
  const why = (kinds: ReadonlySet<KindId>): string => `events of kind ${[...kinds].join(', ')} do not have it`;
  return {
    rule,
    questions,
    missing: nowhere.map(([field, kinds]) => ({ field, why: why(kinds) })),
    asMembers: [...members].flatMap(([field, of]) =>
      targets.every((target) => of.has(target) || missing.get(field)?.has(target.kind) === true) ? [field] : [],
    ),
  };
}
