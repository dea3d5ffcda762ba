import { isDeepStrictEqual } from 'node:util';
import { conditionSql } from '../../../src/match/condition/sql/condition-sql.ts';
import { textOf } from '../../../src/match/condition/values.ts';
import { compileRuleSet } from '../../../src/match/condition/stream/rule-set.ts';
import { collectSigma, type SigmaCollection } from '../../../src/detect/rules/sigma/collection.ts';
import { ruleCondition } from '../../../src/detect/rules/sigma/conditions/rule.ts';
import { CorrelationEngine } from '../../../src/detect/rules/sigma/correlation/engine.ts';
import type { CorrelationHit } from '../../../src/detect/rules/sigma/correlation/correlator.ts';
import { correlationSql } from '../../../src/detect/rules/sigma/correlation/sql.ts';
import type { SigmaRule } from '../../../src/detect/rules/sigma/model.ts';
import { duckdbConditions } from '../../../src/store/duckdb/condition-dialect.ts';
import { createMacros } from '../../../src/store/duckdb/macros.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { readJsonFiles } from './sigma-cases/archive.ts';
import { flatEvents, type FlatEvent } from './sigma-cases/flat-events.ts';
import { flatColumns, storeOf } from './sigma-cases/flat-store.ts';

/** Rules with correlations, events, and the groups for which each correlation must hold at some time. */
interface Case {
  readonly name: string;
  readonly rules: readonly unknown[];
  readonly events: readonly FlatEvent[];
  readonly expect: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

type Groups = Record<string, Readonly<Record<string, string>>[]>;

function load({ rules }: Case): SigmaCollection {
  const text = rules.map((rule) => JSON.stringify(rule)).join('\n---\n');
  const collection = collectSigma([{ path: 'case', text }]);
  const [fault] = collection.faults;
  if (fault !== undefined) throw new Error(`${fault.error.code}: ${fault.error.message}`);
  return collection;
}

/** Each group once, in a fixed order. */
function sorted(groups: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>>[] {
  const byText = new Map(
    groups.map((group) => [JSON.stringify(Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1))), group]),
  );
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function byStream(test: Case, { rules, correlations }: SigmaCollection): Groups {
  const set = compileRuleSet(
    rules.map(({ document }) => ruleCondition(document)),
    flatEvents,
  );
  const engine = new CorrelationEngine<FlatEvent>(correlations);
  const hits: CorrelationHit<FlatEvent>[] = [];
  for (const event of test.events) {
    const time = Date.parse(String(event['timestamp'])) * 1000;
    const values = (field: string): string | undefined => textOf(event[field] as string);
    for (const index of set.match(event)) {
      const rule = rules[index]?.document;
      if (rule !== undefined) hits.push(...engine.add(rule, { time, values, token: event }));
    }
  }
  hits.push(...engine.end());
  const groups: Groups = {};
  for (const { correlation, group } of hits) (groups[correlation.name ?? correlation.title] ??= []).push(group);
  return groups;
}

async function bySql(test: Case, { correlations }: SigmaCollection): Promise<Groups> {
  const store = await storeOf(test.events);
  const from = '(SELECT *, 0 AS evidence_id, place AS evidence_at FROM events)';
  const options = {
    dialect: duckdbConditions,
    macros: createMacros([]),
    rows: (rule: SigmaRule) => [
      {
        from,
        where: conditionSql(ruleCondition(rule), flatColumns, duckdbConditions).sql,
        field: (name: string) => createMacros([]).jsonText('event', name),
      },
    ],
  };
  const groups: Groups = {};
  for (const correlation of correlations) {
    const reader = await store.runAndReadAll(correlationSql(correlation, options));
    const { groupBy, name, title } = correlation.document;
    groups[name ?? title] = reader
      .getRowObjectsJS()
      .map((row) => Object.fromEntries(groupBy.map((field) => [field, String(row[field] as string)])));
  }
  store.closeSync();
  return groups;
}

export const suite: Suite = {
  id: 'sigma/correlation',
  async run(corpus) {
    const cases = readJsonFiles(corpus, 'host/sigma/correlation-cases*.json').flat() as Case[];
    const failed: SuiteFailure[] = [];
    for (const test of cases) {
      const collection = load(test);
      const names = Object.keys(test.expect);
      const chosen = (groups: Groups): unknown =>
        Object.fromEntries(names.map((name) => [name, sorted(groups[name] ?? [])]));
      const want = chosen(Object.fromEntries(names.map((name) => [name, [...(test.expect[name] ?? [])]])));
      const answers = { stream: chosen(byStream(test, collection)), sql: chosen(await bySql(test, collection)) };
      if (isDeepStrictEqual(answers, { stream: want, sql: want })) continue;
      failed.push({ case: test.name, got: JSON.stringify(answers), want: JSON.stringify(want) });
    }
    return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed };
  },
};
