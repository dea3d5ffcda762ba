import type { Node } from './intern.ts';
import type { FieldCost } from './subjects.ts';
import { bestOf, isCheap, literalUses, triggersOf, type TextField, type Trigger, type Worth } from './triggers.ts';

/** Triggers that one rule waits for at most. */
export const maxTriggers = 4;
/** Rounds after which fields that few rules look at have lost those that can do without. */
const rounds = 3;

/** Stands among the keys of fields for what is taken apart. */
const parsed = '';

/**
 * What each of many rules waits for: none for one that can be true without any literal. The first of its triggers is chosen by
 * rarity against the cost of its fields, which all who look at a field share; the others look at fields that are read anyway.
 */
export function chooseTriggers(
  rules: readonly Node[],
  keyOf: (field: TextField) => string,
  costOf: (field: TextField) => FieldCost,
): readonly (readonly Trigger[])[] {
  const uses = literalUses(rules);
  const costs = new Map<string, FieldCost>();
  const fields = new Map<Trigger, Map<string, number>>();
  const fieldsOf = (trigger: Trigger): ReadonlyMap<string, number> => {
    let known = fields.get(trigger);
    if (known === undefined) {
      known = new Map();
      for (const { field } of trigger.literals) {
        const key = keyOf(field);
        const cost = costs.get(key) ?? costOf(field);
        costs.set(key, cost);
        known.set(key, cost.own);
        if (cost.shared > 0) known.set(parsed, cost.shared);
      }
      fields.set(trigger, known);
    }
    return known;
  };
  let users = new Map<string, number>();
  let first: readonly (Trigger | undefined)[] = [];
  let candidates: readonly (readonly Trigger[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const known = users;
    const worth: Worth = (trigger) => {
      let value = trigger.rarity;
      if (round > 0) for (const [key, cost] of fieldsOf(trigger)) value -= cost / (known.get(key) ?? 1);
      return value;
    };
    candidates = rules.map((rule) => triggersOf(rule, uses, worth));
    first = candidates.map((triggers) => bestOf(triggers, worth));
    users = new Map();
    for (const trigger of first) {
      if (trigger === undefined) continue;
      for (const key of fieldsOf(trigger).keys()) users.set(key, (users.get(key) ?? 0) + 1);
    }
  }
  const isFree = (trigger: Trigger): boolean =>
    isCheap(trigger) && [...fieldsOf(trigger).keys()].every((key) => users.has(key));
  return candidates.map((triggers, rule) => {
    const chosen = first[rule];
    if (chosen === undefined) return [];
    const others = triggers.filter((trigger) => trigger !== chosen && isFree(trigger));
    return [chosen, ...others.sort((a, b) => b.rarity - a.rarity).slice(0, maxTriggers - 1)];
  });
}
