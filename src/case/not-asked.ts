import type { MissingField, Rule } from '../detect/rules/rule-language.ts';
import type { NotChecked } from './detect.ts';

/** Reasons that are told one by one; the rest is counted. */
const maxReasons = 50;

/** Rules that could not be asked; those with the same reason are told together. */
export class NotAsked {
  readonly #reasons = new Map<string, { readonly detector: string; readonly why: string; readonly rules: Rule[] }>();

  /** `missing`: what the rule needs and no event has; undefined when there are no events of its log source. */
  add(detector: string, rule: Rule, missing: MissingField | undefined): void {
    const why =
      missing === undefined ? 'the evidence has no events of its log source' : `${missing.field}: ${missing.why}`;
    this.#add(detector, rule, why);
  }

  /** A rule that is asked without the tests of a field that no event has. */
  addPart(detector: string, rule: Rule, { field, why }: MissingField): void {
    this.#add(detector, rule, `asked without ${field}: ${why}`);
  }

  #add(detector: string, rule: Rule, why: string): void {
    const key = `${detector} ${why}`;
    const reason = this.#reasons.get(key) ?? { detector, why, rules: [] };
    this.#reasons.set(key, reason);
    reason.rules.push(rule);
  }

  /** The reasons of most rules first. */
  told(): NotChecked[] {
    const reasons = [...this.#reasons.values()].sort((a, b) => b.rules.length - a.rules.length);
    const told = reasons.slice(0, maxReasons).map(({ detector, why, rules }): NotChecked => {
      const [only, ...more] = rules;
      return {
        what: only !== undefined && more.length === 0 ? `${detector}/${only.id}` : `${detector}: ${rules.length} rules`,
        why,
      };
    });
    const rest = reasons.slice(maxReasons).reduce((sum, { rules }) => sum + rules.length, 0);
    return rest === 0 ? told : [...told, { what: `${rest} more rules`, why: 'other reasons; see rules check' }];
  }
}
