import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { language } from '../../../src/detect/rules/falco/index.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { readCases, ruleTexts, type FalcoCase } from './falco-cases/read.ts';
import { runDifference, runRules } from './falco-cases/run.ts';

/** Kubernetes audit events and rules from Falco's own tests: which rules speak, and how often. */
async function difference(
  corpus: string,
  { rules, capture, expect }: FalcoCase,
): Promise<Omit<SuiteFailure, 'case'> | undefined> {
  const stream = language.streams?.find(({ records }) => records.id === 'k8s_audit')?.records;
  if (stream === undefined) return { got: 'no reader', want: 'a reader of k8s_audit' };
  const set = language.load(ruleTexts(corpus, rules), { options: ['sources=k8s_audit'] });
  const bad = set.files.find((file) => !file.isOk);
  if (bad !== undefined) return { got: bad.problems[0]?.message ?? '', want: 'rules that load' };
  const outcome = await runRules(set, stream, readFileSync(join(corpus, 'falco/captures', capture ?? '')));
  const said = outcome.problems.map(({ message }) => message).join('\n');
  for (const [kind, output, pattern] of expect.text ?? []) {
    const text = pattern?.replaceAll('`', '') ?? '';
    const isSaid = said.includes(text);
    if (output === 'stderr' && isSaid !== (kind === 'Regexp')) return { got: said, want: `${kind}: ${text}` };
  }
  return runDifference(outcome, expect);
}

export const suite: Suite = {
  id: 'falco/k8saudit',
  async run(corpus): Promise<SuiteResult> {
    const cases = readCases<FalcoCase>(corpus, 'k8saudit.json');
    const failed: SuiteFailure[] = [];
    for (const value of cases) {
      const wrong = await difference(corpus, value);
      if (wrong !== undefined) failed.push({ case: value.name, ...wrong });
    }
    return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed };
  },
};
