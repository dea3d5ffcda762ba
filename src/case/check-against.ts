import type { RuleLanguage, MissingField, Rule, RuleSet } from '../detect/rules/rule-language.ts';
import type { RecordFormat } from '../match/record-stream.ts';
import { FieldObserver } from '../match/field-observer.ts';
import { readRecords, type ReadRecordsOptions } from './read-records.ts';
import type { Problem } from '../base/problem.ts';

/** Whether a rule can fire on evidence, and what it would need. */
export interface RuleReach {
  readonly rule: Rule;
  readonly canFire: boolean;
  /** What is missing in the format that comes nearest. */
  readonly missing: readonly MissingField[];
}

export interface ReachSummary {
  readonly rules: readonly RuleReach[];
  readonly problems: readonly Problem[];
}

/** Holds rules against evidence: a rule that needs a field of which no record has a value can never fire there. */
export async function checkAgainst(
  paths: readonly string[],
  sets: readonly { readonly language: RuleLanguage; readonly set: RuleSet }[],
  options: ReadRecordsOptions,
): Promise<ReachSummary> {
  const rules = sets.flatMap(({ set }) => set.rules);
  const observers = new Map<string, FieldObserver<unknown>>();
  const observerOf = (format: RecordFormat<unknown>): FieldObserver<unknown> => {
    const known = observers.get(format.id);
    if (known !== undefined) return known;
    const observer = new FieldObserver(format);
    for (const rule of rules) rule.missing(observer.probe);
    observers.set(format.id, observer);
    return observer;
  };
  const languages = sets.map(({ language }) => language);
  const problems = await readRecords(paths, languages, options, (format) => {
    const observer = observerOf(format);
    return { show: (record) => observer.see(record), end: () => undefined };
  });
  return { rules: rules.map((rule) => reachOf(rule, [...observers.values()])), problems };
}

function reachOf(rule: Rule, observers: readonly FieldObserver<unknown>[]): RuleReach {
  let nearest: readonly MissingField[] = [{ field: '', why: 'nothing in the evidence is read' }];
  for (const [index, { observed }] of observers.entries()) {
    const missing = rule.missing(observed);
    if (missing.length === 0) return { rule, canFire: true, missing };
    if (index === 0 || missing.length < nearest.length) nearest = missing;
  }
  return { rule, canFire: false, missing: nearest };
}
