import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { everySource } from '../../../case/every-source.ts';
import { tellProblems, withSpool } from './evidence-options.ts';
import { loadGoodRules } from '../../rule-files.ts';

/** Fields that are named in the table; the JSON has all. */
const namedFields = 4;

/** Which rules can never fire on evidence, and what they lack there. */
export async function checkRulesAgainst(
  files: readonly string[],
  evidence: readonly string[],
  pipelines: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { checkAgainst } = await import('../../../case/check-against.ts');
  const sets = await loadGoodRules(files, { options: [everySource], pipelines });
  const { rules, problems } = await withSpool(terminal, (spool) => checkAgainst(evidence, sets, spool));
  tellProblems(problems, terminal);
  if (terminal.json) {
    const list = rules.map(({ rule, canFire, missing }) => ({
      rule: rule.id,
      title: rule.title,
      path: rule.path,
      can_fire: canFire,
      missing,
    }));
    terminal.out(`${JSON.stringify({ rules: list }, null, 1)}\n`);
    return 0;
  }
  const silent = rules.filter(({ canFire }) => !canFire);
  const rows = silent.map(({ rule, missing }) => {
    const fields = missing.slice(0, namedFields).map(({ field }) => field);
    const rest = missing.length - fields.length;
    return [rule.title, `${fields.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`, missing[0]?.why ?? ''];
  });
  const columns = ['rule that cannot fire', 'lacks', 'why'].map((name) => ({ name, type: 'VARCHAR' }));
  if (rows.length > 0) terminal.out(rowsAsTable({ columns, rows, isCut: false }, Math.max(terminal.width, 100)));
  terminal.out(`${rules.length - silent.length} of ${rules.length} rules can fire on this evidence\n`);
  return 0;
}
