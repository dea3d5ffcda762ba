import { compileCondition } from '../../../src/match/condition/stream/rule-set.ts';
import { ruleCondition } from '../../../src/detect/rules/sigma/conditions/rule.ts';
import { readSigmaFile } from '../../../src/detect/rules/sigma/read/file.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { readJsonFiles } from './sigma-cases/archive.ts';
import { flatEvents } from './sigma-cases/flat-events.ts';

/**
 * Truth tables of conditions: digit i is the answer when search k is true exactly where bit k of i is set. Each case
 * becomes a rule whose search k asks for field k, and an event for each digit.
 */
interface Case {
  readonly condition: string;
  readonly selections: readonly string[];
  readonly truth?: string;
  readonly error?: string;
}

function answer({ condition, selections }: Case): string {
  const searches = selections.map((name, index) => [name, { [`field${index}`]: 1 }]);
  const detection = { ...(Object.fromEntries(searches) as object), condition };
  const text = JSON.stringify({ title: 't', logsource: { product: 'p' }, detection });
  const [read] = readSigmaFile(text);
  const [error] = read?.errors ?? [];
  if (error !== undefined) return error.code;
  if (read?.document?.kind !== 'rule') throw new Error('not read as a rule');
  const { test } = compileCondition(ruleCondition(read.document), flatEvents);
  let digits = '';
  for (let mask = 0; mask < 2 ** selections.length; mask++) {
    const fields = selections.flatMap((_name, index) => ((mask >> index) & 1 ? [[`field${index}`, 1]] : []));
    digits += test(Object.fromEntries(fields) as Record<string, unknown>) ? '1' : '0';
  }
  return digits;
}

export const suite: Suite = {
  id: 'sigma/truth',
  run(corpus) {
    const cases = readJsonFiles(corpus, 'host/sigma/condition-truth*.json').flat() as Case[];
    const failed: SuiteFailure[] = [];
    for (const test of cases) {
      const [got, want] = [answer(test), test.error ?? test.truth ?? ''];
      if (got !== want) failed.push({ case: test.condition, got, want });
    }
    return Promise.resolve({ total: cases.length, passed: cases.length - failed.length, skipped: 0, failed });
  },
};
