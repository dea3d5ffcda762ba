import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { loadGoodRules } from '../../rule-files.ts';

/** Rules as SQL over the events of a case, for `hunt` and for eyes. A rule that has none says why. */
export async function convertRules(
  files: readonly string[],
  pipelines: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { createMacros } = await import('../../../store/duckdb/macros.ts');
  const macros = createMacros([]);
  const sets = await loadGoodRules(files, { pipelines });
  const converted = sets.flatMap(({ set }) => set.rules.map((rule) => ({ rule, search: rule.search(macros) })));
  if (terminal.json) {
    const rules = converted.map(({ rule, search }) => ({ rule: rule.id, title: rule.title, ...search }));
    terminal.out(`${JSON.stringify({ rules }, null, 1)}\n`);
    return 0;
  }
  for (const { rule, search } of converted) {
    terminal.out(`-- ${rule.title.replaceAll(/\s+/g, ' ')}\n`);
    for (const { sql, test } of search.queries) {
      if (test !== undefined) terminal.out('-- each of these rows is then tested: the condition itself has no SQL\n');
      terminal.out(`${sql};\n`);
    }
    if (search.queries.length > 0) continue;
    for (const { field, why } of search.missing) terminal.out(`-- no query: ${field}: ${why}\n`);
  }
  return 0;
}
