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

/**
 * Holds rules against evidence: a rule can never fire there when no type of record has values for all the fields that
 * it needs.
 */
export async function checkAgainst(
  paths: readonly string[],
  sets: readonly { readonly language: RuleLanguage; readonly set: RuleSet }[],
  options: ReadRecordsOptions,
): Promise<ReachSummary> {
  const rules = sets.flatMap(({ set }) => set.rules);
  const observers = new Map<string, Observed>();
  const observerOf = (format: RecordFormat<unknown>, type: string): FieldObserver<unknown> => {
    const key = `${format.id}\n${type}`;
    const known = observers.get(key);
    if (known !== undefined) return known.observer;
    const observer = new FieldObserver(format);
    for (const rule of rules) if (rule.judges?.(format, type) !== false) rule.missing(observer.probe, type);
    observers.set(key, { observer, format, type });
    return observer;
  };
  const languages = sets.map(({ language }) => language);
  const problems = await readRecords(
    paths,
    languages,
    options,
    (format) => (record) => observerOf(format, format.type(record)).see(record),
  );
  return { rules: rules.map((rule) => reachOf(rule, [...observers.values()])), problems };
}

/** The records of one type in one format. */
interface Observed {
  readonly observer: FieldObserver<unknown>;
  readonly format: RecordFormat<unknown>;
  readonly type: string;
}

function reachOf(rule: Rule, all: readonly Observed[]): RuleReach {
  const judged = all.filter(({ format, type }) => rule.judges?.(format, type) !== false);
  let nearest: readonly MissingField[] = [nothingToJudge(rule, all.length)];
  for (const [index, { observer, type }] of judged.entries()) {
    const missing = rule.missing(observer.observed, type);
    if (missing.length === 0) return { rule, canFire: true, missing };
    if (index === 0 || missing.length < nearest.length) nearest = missing;
  }
  return { rule, canFire: false, missing: nearest };
}

function nothingToJudge({ origin, eventTypes }: Rule, observers: number): MissingField {
  if (observers === 0) return { field: '', why: 'nothing in the evidence is read' };
  const wanted = eventTypes === undefined ? origin : `${origin}: ${eventTypes.join(', ')}`;
  return { field: '', why: `no record of ${wanted}` };
}
