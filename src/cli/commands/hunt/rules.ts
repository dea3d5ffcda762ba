import { resolve } from 'node:path';
import type { CaseService, RuleHunt, RuleHuntRequest } from '../../../case/service.ts';
import { createProgress } from '../../progress.ts';
import { rowsAsCsv, rowsAsJson, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';

/** Asks rule files and folders of them of everything stored, and says in how long. */
export async function huntWithRules(
  request: RuleHuntRequest,
  service: CaseService,
  terminal: Terminal,
): Promise<RuleHunt> {
  const progress = createProgress(terminal);
  const startedAt = performance.now();
  try {
    const rules = request.rules.map((path) => resolve(path));
    const hunt = await service.huntRules(
      { ...request, rules },
      { signal: terminal.signal, onProgress: (step) => progress.show(step) },
    );
    progress.end();
    tell(hunt, (performance.now() - startedAt) / 1000, terminal);
    return hunt;
  } finally {
    progress.end();
  }
}

function tell({ matched, rules, events, problems, notChecked }: RuleHunt, seconds: number, terminal: Terminal): void {
  if (terminal.quiet) return;
  for (const { at, message } of problems) terminal.talk(`${at.path ?? 'rules'}: ${message}\n`);
  for (const { what, why } of notChecked) terminal.talk(`not asked: ${what}: ${why}\n`);
  const asked = `${grouped(rules)} ${rules === 1 ? 'rule' : 'rules'} over ${grouped(events)} events`;
  terminal.talk(`${asked} in ${seconds.toFixed(1)} s: ${grouped(matched.length)} matched\n`);
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** The matches, for people behind a table of the rules that matched. */
export function huntText(
  hunt: RuleHunt,
  options: { readonly case: string; readonly format: string },
  terminal: Terminal,
): string {
  if (terminal.json || options.format === 'json') {
    return rowsAsJson(hunt, options.case, hunt, { rules: hunt.matched, rules_asked: hunt.rules, events: hunt.events });
  }
  if (options.format === 'csv') return rowsAsCsv(hunt);
  const rows = rowsAsTable(hunt, terminal.width);
  return hunt.matched.length > 1 ? `${rulesTable(hunt, terminal.width)}\n${rows}` : rows;
}

function rulesTable({ matched }: RuleHunt, width: number): string {
  const columns = [
    { name: 'severity', type: 'VARCHAR' },
    { name: 'matches', type: 'BIGINT' },
    { name: 'rule', type: 'VARCHAR' },
    { name: 'technique', type: 'VARCHAR' },
  ];
  const rows = matched.map(({ severity, matches, title, attack }) => [severity, matches, title, attack.join(' ')]);
  return rowsAsTable({ columns, rows, isCut: false }, width);
}
