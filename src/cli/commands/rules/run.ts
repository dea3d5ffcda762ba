import { hostname } from 'node:os';
import type { RuleMatch } from '../../../detect/rules/rule-language.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { everySource } from '../../../case/every-source.ts';
import { tellProblems, withSpool } from './evidence-options.ts';
import { loadGoodRules } from '../../rule-files.ts';

export interface RunOptions {
  readonly rules: readonly string[];
  readonly format: 'text' | 'falco-json' | 'jsonl';
  readonly option: readonly string[];
  readonly falcoConfig?: string;
  readonly pipelines: readonly string[];
}

/**
 * Every match as it occurs. Sources whose rules are not named by their files are there all the same: the evidence is
 * what it is. Exit code 1 when a rule matched.
 */
export async function runRuleFiles(
  evidence: readonly string[],
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { runRules } = await import('../../../case/run-rules.ts');
  const sets = await loadGoodRules(options.rules, {
    options: [`hostname=${process.env['FALCO_HOSTNAME'] ?? hostname()}`, everySource, ...options.option],
    falcoConfig: options.falcoConfig,
    pipelines: options.pipelines,
  });
  return withSpool(terminal, async (spool) => {
    const { matches, judged, problems } = await runRules(evidence, sets, {
      ...spool,
      onMatch: (match, path) => terminal.out(`${lineOf(match, path, terminal.json ? 'jsonl' : options.format)}\n`),
    });
    tellProblems(problems, terminal);
    if (!terminal.quiet) terminal.talk(`${matches} matches in ${judged} contents that the rules are for\n`);
    return matches > 0 ? 1 : 0;
  });
}

function lineOf(match: RuleMatch, path: string, format: RunOptions['format']): string {
  if (format === 'text') return match.text;
  if (format === 'falco-json') return match.json;
  const { rule, time } = match;
  const head = { rule: rule.id, title: rule.title, severity: rule.severity, attack: rule.attack, path };
  return JSON.stringify({ time: Number(time / 1000n), ...head, text: match.text });
}
