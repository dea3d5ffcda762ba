import { loadRuleSet } from '../../../src/detect/rules/falco/rule-set.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll, readCases, ruleTexts, type FalcoCase } from './falco-cases/read.ts';
import { loadDifference, type LoadResults } from './falco-cases/verdict.ts';

/** Rules files of Falco's own tests beside what `falco -V` says of them: codes, places and messages. */
export const suite: Suite = {
  id: 'falco/validate',
  run(corpus): Promise<SuiteResult> {
    const cases = readCases<FalcoCase>(corpus, 'falco_validate.json');
    const result = judgeAll(
      cases,
      ({ name }) => name,
      ({ rules, expect }) => loadDifference(loadRuleSet(ruleTexts(corpus, rules)).json() as LoadResults, expect),
    );
    return Promise.resolve(result);
  },
};
