import { compileCondition } from '../../../src/match/condition/stream/rule-set.ts';
import type { Condition } from '../../../src/match/condition/condition.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { flatEvents, type FlatEvent } from './sigma-cases/flat-events.ts';
import { readConditions, readVectors } from './sigma-cases/vectors.ts';

/** Events made from SigmaHQ's rules, in the rules' own fields, and whether the rule matches: each judged both ways. */
export const suite: Suite = {
  id: 'sigma/vectors',
  async run(corpus) {
    const vectors = readVectors(corpus);
    const conditions = await readConditions(corpus);
    const tests = new Map<Condition, (event: FlatEvent) => boolean>();
    const failed: SuiteFailure[] = [];
    let skipped = 0;
    for (const { rule, variant, event, match } of vectors) {
      const condition = conditions.get(rule);
      if (condition === undefined) {
        skipped++;
        continue;
      }
      let test = tests.get(condition);
      if (test === undefined) tests.set(condition, (test = compileCondition(condition, flatEvents).test));
      const name = `${rule} ${variant} stream`;
      if (test(event) !== match) failed.push({ case: name, got: String(!match), want: String(match) });
    }
    return { total: vectors.length, passed: vectors.length - skipped - failed.length, skipped, failed };
  },
};
