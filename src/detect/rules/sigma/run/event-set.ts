import type { RuleSet } from '../../../../match/condition/stream/rule-set.ts';
import { compileRuleSet } from '../../../../match/condition/stream/rule-set.ts';
import type { FieldReference } from '../../../../match/condition/condition.ts';
import type { RecordFormat } from '../../../../match/record-stream.ts';
import { isAbsent, type StreamField } from '../../../../match/condition/resolver.ts';
import type { Question, RulePlan } from './plan.ts';

/** Many planned rules over records that have the fields of our events. */
export interface EventSet<R> {
  /** Places of the rules that match, ascending and each once; good until the next call. */
  match(record: R): readonly number[];
}

/** What tells most rules apart, by the side of the house. */
const windowsIndex: readonly FieldReference[] = [
  { name: 'fields', argument: 'Channel' },
  { name: 'fields', argument: 'EventID' },
];
const otherIndex: readonly FieldReference[] = [{ name: 'event_action' }, { name: 'event_dataset' }];

interface Part<R> {
  readonly set: RuleSet<R>;
  /** Place of its rule by place in the set. */
  readonly rules: readonly number[];
}

/** Compiles plans into one set per kind and platform. A set is made when its first record comes. */
export function compileEventSet<R>(plans: readonly RulePlan[], format: RecordFormat<R>): EventSet<R> {
  const parts = new Map<string, { windows: Part<R> | undefined; other: Part<R> | undefined }>();
  const questions = plans.flatMap((plan, rule) => plan.questions.map((question) => ({ rule, question })));
  const make = (kind: string, platform: 'windows' | 'other'): Part<R> | undefined => {
    const own = questions.filter(
      ({ question }) => question.kind === kind && (question.platform ?? platform) === platform,
    );
    return own.length === 0 ? undefined : compilePart(own, format, platform);
  };
  const dataset = format.resolver.field({ name: 'event_dataset' });
  return {
    match: (record) => {
      const kind = format.type(record);
      let part = parts.get(kind);
      if (part === undefined) {
        part = { windows: make(kind, 'windows'), other: make(kind, 'other') };
        parts.set(kind, part);
      }
      const chosen = isWindows(record, dataset) ? part.windows : part.other;
      return chosen === undefined ? none : rulesOf(chosen, record);
    },
  };
}

const none: readonly number[] = [];

function isWindows<R>(record: R, dataset: StreamField<R> | { readonly absent: string }): boolean {
  const value = isAbsent(dataset) ? undefined : dataset.get(record);
  return typeof value === 'string' && value.startsWith('windows');
}

function compilePart<R>(
  own: readonly { readonly rule: number; readonly question: Question }[],
  format: RecordFormat<R>,
  platform: 'windows' | 'other',
): Part<R> {
  const conditions = own.map(({ question }) => question.condition);
  const discriminators = platform === 'windows' ? windowsIndex : otherIndex;
  return { set: compileRuleSet(conditions, format.resolver, { discriminators }), rules: own.map(({ rule }) => rule) };
}

/** Places stand in order, so that a rule with two questions about one kind is next to itself. */
function rulesOf<R>({ set, rules }: Part<R>, record: R): readonly number[] {
  const hits = set.match(record);
  if (hits.length === 0) return none;
  const found: number[] = [];
  for (const hit of hits) {
    const rule = rules[hit];
    if (rule !== undefined && rule !== found.at(-1)) found.push(rule);
  }
  return found;
}
