import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRules, type LoadedRules } from '../../rule-files.ts';

const columnNames = ['language', 'rule', 'origin', 'severity', 'enabled', 'attack', 'file'] as const;

/** Every rule with what it judges; without files those that are shipped. Exit code 2 when a file has an error: its rules are then missing. */
export async function listRules(
  files: readonly string[],
  pipelines: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = files.length === 0 ? await loadShipped() : await loadRules(files, { pipelines });
  const rules = loaded.flatMap(({ language, set }) =>
    set.rules.map((rule) => ({
      language: language.id,
      id: rule.id,
      title: rule.title,
      description: rule.description,
      origin: rule.origin,
      event_types: rule.eventTypes ?? null,
      severity: rule.severity,
      is_enabled: rule.isEnabled,
      attack: rule.attack,
      tags: rule.tags,
      path: rule.path,
      line: rule.line,
    })),
  );
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ rules }, null, 1)}\n`);
  } else {
    const rows = rules.map((rule) => [
      rule.language,
      rule.title,
      rule.origin,
      rule.severity,
      rule.is_enabled ? 'yes' : 'no',
      rule.attack.join(' '),
      `${rule.path}:${rule.line}`,
    ]);
    const columns = columnNames.map((name) => ({ name, type: 'VARCHAR' }));
    terminal.out(rowsAsTable({ columns, rows, isCut: false }, Math.max(terminal.width, 100)));
  }
  const bad = loaded.flatMap(({ set }) => set.files.filter((file) => !file.isOk));
  for (const file of bad) terminal.talk(`${file.path} has errors and gave no rules: vakthund rules check\n`);
  return bad.length === 0 ? 0 : 2;
}

async function loadShipped(): Promise<LoadedRules[]> {
  const { loadRuleSets } = await import('../../../case/search-rules.ts');
  return loadRuleSets([]);
}
