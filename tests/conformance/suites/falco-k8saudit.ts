import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sources } from '../../../src/collect/sources/registry.generated.ts';
import { language } from '../../../src/detect/rules/falco/index.ts';
import type { RuleSet } from '../../../src/detect/rules/rule-language.ts';
import type { EventRow } from '../../../src/events/event.ts';
import { eventFormat } from '../../../src/match/event-format.ts';
import { decodeContent } from '../../support/decode-content.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { readCases, ruleTexts, type FalcoCase } from './falco-cases/read.ts';
import { runDifference, runRules } from './falco-cases/run.ts';

/**
 * Kubernetes audit events and rules from Falco's own tests: which rules speak, and how often; and the same rules over the events that a
 * case keeps of them.
 */
async function difference(
  corpus: string,
  { rules, capture, expect }: FalcoCase,
): Promise<Omit<SuiteFailure, 'case'> | undefined> {
  const stream = language.streams?.find(({ records }) => records.id === 'k8s_audit')?.records;
  if (stream === undefined) return { got: 'no reader', want: 'a reader of k8s_audit' };
  const set = language.load(ruleTexts(corpus, rules), { options: ['sources=k8s_audit'] });
  const bad = set.files.find((file) => !file.isOk);
  if (bad !== undefined) return { got: bad.problems[0]?.message ?? '', want: 'rules that load' };
  const bytes = readFileSync(join(corpus, 'falco/captures', capture ?? ''));
  const outcome = await runRules(set, stream, bytes);
  const said = outcome.problems.map(({ message }) => message).join('\n');
  for (const [kind, output, pattern] of expect.text ?? []) {
    const text = pattern?.replaceAll('`', '') ?? '';
    const isSaid = said.includes(text);
    if (output === 'stderr' && isSaid !== (kind === 'Regexp')) return { got: said, want: `${kind}: ${text}` };
  }
  const [direct, kept] = [outcome.detections.map(({ rule }) => rule).join(), (await keptMatches(set, bytes)).join()];
  return runDifference(outcome, expect) ?? (direct === kept ? undefined : { got: `of events: ${kept}`, want: direct });
}

/** Rules that match the events which our own source makes of a capture, in their order. */
async function keptMatches(set: RuleSet, bytes: Uint8Array): Promise<string[]> {
  const runner = set.runner(eventFormat);
  const { events } = await decodeContent(sources['kubernetes-audit'], bytes);
  return events.flatMap((event) => runner?.judge(event as unknown as EventRow) ?? []).map(({ rule }) => rule.id);
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
