import type { ExitCode } from '../../command.ts';
import { loadGoodRules } from '../../rule-files.ts';
import type { Terminal } from '../../terminal.ts';
import { everySource } from '../../../case/every-source.ts';
import { tellProblems, withSpool } from './evidence-options.ts';

export interface TestOptions {
  readonly benign: readonly string[];
  readonly budget: string;
  readonly pipelines: readonly string[];
}

/**
 * Holds rule files against the cases beside them, and against evidence of peaceful days: more matches there than the
 * budget is a failure. Exit code 1 when something failed.
 */
export async function testRules(files: readonly string[], options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const { testRuleFile } = await import('../../../case/test-rules.ts');
  const tests = [];
  const load = { options: [everySource], pipelines: options.pipelines };
  for (const path of files) tests.push(testRuleFile(path, await loadGoodRules([path], load)));
  const failures = tests.flatMap((test) => test.failures);
  const untested = tests.filter((test) => !test.hasCases).map(({ path }) => path);
  const cases = tests.reduce((sum, test) => sum + test.cases, 0);
  const benign = options.benign.length === 0 ? undefined : await countBenign(files, options, terminal);
  const isOverBudget = benign !== undefined && benign.matches > Number(options.budget);
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ cases, failures, without_cases: untested, benign: benign ?? null }, null, 1)}\n`);
  } else {
    for (const { path, case: name, got } of failures) terminal.out(`${path} ${name}: ${got}\n`);
    for (const path of untested) terminal.talk(`${path} has no cases beside it\n`);
    terminal.out(`${cases - failures.length} of ${cases} cases as they must\n`);
    for (const [rule, count] of Object.entries(benign?.by_rule ?? {})) terminal.out(`${count} benign: ${rule}\n`);
    if (isOverBudget) terminal.out(`${benign.matches} matches in benign evidence, at most ${options.budget}\n`);
  }
  return failures.length > 0 || isOverBudget ? 1 : 0;
}

interface Benign {
  readonly matches: number;
  readonly by_rule: Readonly<Record<string, number>>;
}

async function countBenign(files: readonly string[], options: TestOptions, terminal: Terminal): Promise<Benign> {
  const { runRules } = await import('../../../case/run-rules.ts');
  const sets = await loadGoodRules(files, {
    options: [everySource, 'rule_matching=all'],
    pipelines: options.pipelines,
  });
  const counts = new Map<string, number>();
  const { matches, problems } = await withSpool(terminal, (spool) =>
    runRules(options.benign, sets, {
      ...spool,
      onMatch: ({ rule }) => void counts.set(rule.title, (counts.get(rule.title) ?? 0) + 1),
    }),
  );
  tellProblems(problems, terminal);
  return { matches, by_rule: Object.fromEntries(counts) };
}
