import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatLocation, VakthundError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { RuleMatch } from '../../../detect/rules/rule-language.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRules } from './load.ts';

export interface RunOptions {
  readonly rules: readonly string[];
  readonly format: 'text' | 'falco-json' | 'jsonl';
  readonly option: readonly string[];
  readonly falcoConfig?: string;
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
  const { defaultOpenLimits } = await import('../../../collect/open/limits.ts');
  const sets = await loadRules(options.rules, {
    options: [`hostname=${process.env['FALCO_HOSTNAME'] ?? hostname()}`, `sources=${everySource}`, ...options.option],
    configuration: options.falcoConfig === undefined ? [] : [configurationOf(options.falcoConfig)],
  });
  const bad = sets.flatMap(({ set }) => set.files).find((file) => !file.isOk);
  if (bad !== undefined) {
    throw new VakthundError('CONFIG', `${bad.path} has errors: ${bad.problems[0]?.message ?? ''}`, {
      hint: `vakthund rules check ${options.rules.join(' ')}`,
    });
  }
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-rules-'));
  try {
    const { matches, judged, problems } = await runRules(evidence, sets, {
      limits: defaultOpenLimits,
      spoolFolder,
      logger: silentLogger,
      signal: terminal.signal,
      onMatch: (match, path) => terminal.out(`${lineOf(match, path, terminal.json ? 'jsonl' : options.format)}\n`),
    });
    for (const { at, code, message } of problems) terminal.talk(`${formatLocation(at)}: ${message} [${code}]\n`);
    if (!terminal.quiet) terminal.talk(`${matches} matches in ${judged} contents that the rules are for\n`);
    return matches > 0 ? 1 : 0;
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
}

const everySource = 'k8s_audit,aws_cloudtrail,okta,github,gcp_auditlog';

function lineOf(match: RuleMatch, path: string, format: RunOptions['format']): string {
  if (format === 'text') return match.text;
  if (format === 'falco-json') return match.json;
  const { rule, time } = match;
  const head = { rule: rule.id, title: rule.title, severity: rule.severity, attack: rule.attack, path };
  return JSON.stringify({ time: Number(time / 1000n), ...head, text: match.text });
}

function configurationOf(path: string): { readonly path: string; readonly text: string } {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause: error });
  }
}
