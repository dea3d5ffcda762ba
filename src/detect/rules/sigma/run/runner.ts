import { compileEventSet } from '../../../../match/event-set.ts';
import type { RecordFormat } from '../../../../match/record-stream.ts';
import type { StreamValue } from '../../../../match/condition/resolver.ts';
import { isAbsent } from '../../../../match/condition/resolver.ts';
import { isList, textOf } from '../../../../match/condition/values.ts';
import type { Rule, RuleMatch, RuleRunner } from '../../rule-language.ts';
import type { ResolvedCorrelation } from '../collection.ts';
import { CorrelationEngine } from '../correlation/engine.ts';
import type { CorrelationHit, Values } from '../correlation/correlator.ts';
import type { SigmaCorrelation } from '../model.ts';
import { findPlaces } from '../taxonomy/place.ts';
import { referenceTo } from '../taxonomy/target.ts';
import type { RulePlan } from './plan.ts';

/** A rule as planned, as the house sees it, and whether its own matches are told. */
export interface PlannedRule {
  readonly plan: RulePlan;
  readonly rule: Rule;
  readonly isTold: boolean;
}

export interface PlannedCorrelation {
  readonly correlation: ResolvedCorrelation;
  readonly rule: Rule;
}

/** Judges records with the fields of our events: rules at once, correlations over what the rules match. */
export function compileRunner<R>(
  rules: readonly PlannedRule[],
  correlations: readonly PlannedCorrelation[],
  format: RecordFormat<R>,
): RuleRunner<R> {
  const set = compileEventSet(
    rules.map(({ plan }) => plan),
    format,
  );
  const engine = new CorrelationEngine<string>(correlations.map(({ correlation }) => correlation));
  const told = new Map<SigmaCorrelation, Rule>(
    correlations
      .filter(({ rule }) => rule.isEnabled)
      .map(({ correlation, rule }) => [correlation.document, rule] as const),
  );
  const tell = (hits: readonly CorrelationHit<string>[]): RuleMatch[] =>
    hits.flatMap((hit) => {
      const rule = told.get(hit.correlation);
      return rule === undefined ? [] : [correlationMatch(rule, hit)];
    });
  return {
    judge: (record) => {
      const matches: RuleMatch[] = [];
      for (const place of set.match(record)) {
        const planned = rules[place];
        if (planned === undefined) continue;
        const time = format.time(record);
        if (planned.isTold) matches.push(ruleMatch(planned.rule, time, record));
        if (!engine.isWatched(planned.plan.rule)) continue;
        const values = valuesOf(planned.plan, record, format);
        const match = { time: Number(time / 1000n), values, token: isoTime(time) };
        matches.push(...tell(engine.add(planned.plan.rule, match)));
      }
      return matches;
    },
    end: () => tell(engine.end()),
  };
}

function isoTime(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}

function ruleMatch<R>(rule: Rule, time: bigint, record: R): RuleMatch {
  return {
    rule,
    time,
    get text() {
      return `${isoTime(time)} ${rule.severity} ${rule.title} (${rule.id})`;
    },
    get json() {
      const { id, title, severity, attack, tags } = rule;
      return JSON.stringify({ time: isoTime(time), rule: id, title, severity, attack, tags, event: record });
    },
  };
}

function correlationMatch(rule: Rule, hit: CorrelationHit<string>): RuleMatch {
  const time = BigInt(hit.time) * 1000n;
  const group = Object.entries(hit.group).map(([field, value]) => ` ${field}=${value}`);
  return {
    rule,
    time,
    get text() {
      return `${isoTime(time)} ${rule.severity} ${rule.title} (${rule.id})${group.join('')}`;
    },
    get json() {
      const { id, title, severity, attack, tags } = rule;
      const first = isoTime(BigInt(hit.firstTime) * 1000n);
      const about = { first_time: first, group: hit.group, events: hit.tokens };
      return JSON.stringify({ time: isoTime(time), rule: id, title, severity, attack, tags, ...about });
    },
  };
}

/** Fields of an event in the rule's own names, read when a correlation asks: rows of events last. */
function valuesOf<R>(plan: RulePlan, record: R, format: RecordFormat<R>): Values {
  const kind = format.type(record);
  const targets = plan.questions.filter((question) => question.kind === kind).map(({ target }) => target);
  const taken = new Map<string, string | undefined>();
  const read = (name: string): string | undefined => {
    for (const place of targets.flatMap((target) => findPlaces(name, target))) {
      if (typeof place !== 'string') return place.constant;
      const field = format.resolver.field(referenceTo(place));
      const text = isAbsent(field) ? undefined : textOfValue(field.get(record));
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return (name) => {
    if (!taken.has(name)) taken.set(name, read(name));
    return taken.get(name);
  };
}

function textOfValue(value: StreamValue): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isList(value)) return textOf(value);
  const texts = value.flatMap((entry) => (entry === null ? [] : [textOf(entry) ?? '']));
  return texts.length === 0 ? undefined : texts.join(',');
}
