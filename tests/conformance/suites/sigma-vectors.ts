import type { DuckDBConnection } from '@duckdb/node-api';
import { compileCondition } from '../../../src/match/condition/stream/rule-set.ts';
import { conditionSql } from '../../../src/match/condition/sql/condition-sql.ts';
import type { Condition } from '../../../src/match/condition/condition.ts';
import { duckdbConditions } from '../../../src/store/duckdb/condition-dialect.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { flatEvents } from './sigma-cases/flat-events.ts';
import { flatColumns, storeOf } from './sigma-cases/flat-store.ts';
import { readConditions, readVectors, type Vector } from './sigma-cases/vectors.ts';

/** Places of the events of `rule` that match, as the store finds them. */
async function bySql(condition: Condition, places: readonly number[], store: DuckDBConnection): Promise<Set<number>> {
  const { sql } = conditionSql(condition, flatColumns, duckdbConditions);
  const reader = await store.runAndReadAll(
    `SELECT place FROM events WHERE place IN (${places.join(', ')}) AND (${sql})`,
  );
  return new Set(reader.getRowsJS().map(([place]) => Number(place)));
}

/** Events made from SigmaHQ's rules, in the rules' own fields, and whether the rule matches: each judged both ways. */
export const suite: Suite = {
  id: 'sigma/vectors',
  async run(corpus) {
    const vectors = readVectors(corpus);
    const conditions = await readConditions(corpus);
    const store = await storeOf(vectors.map(({ event }) => event));
    const byRule = Map.groupBy([...vectors.entries()], ([, { rule }]) => rule);
    const failed: SuiteFailure[] = [];
    let [skipped, total] = [0, 0];
    for (const [rule, own] of byRule) {
      total += own.length;
      const condition = conditions.get(rule);
      if (condition === undefined) {
        skipped += own.length;
        continue;
      }
      const { test } = compileCondition(condition, flatEvents);
      const found = await bySql(
        condition,
        own.map(([place]) => place),
        store,
      );
      for (const [place, vector] of own) {
        const answers = { stream: test(vector.event), sql: found.has(place) };
        const failure = judge(vector, answers);
        if (failure !== undefined) failed.push(failure);
      }
    }
    store.closeSync();
    return { total, passed: total - skipped - failed.length, skipped, failed };
  },
};

function judge(
  { rule, variant, match }: Vector,
  answers: { readonly stream: boolean; readonly sql: boolean },
): SuiteFailure | undefined {
  if (answers.stream === match && answers.sql === match) return undefined;
  return { case: `${rule} ${variant}`, got: `stream ${answers.stream}, sql ${answers.sql}`, want: String(match) };
}
