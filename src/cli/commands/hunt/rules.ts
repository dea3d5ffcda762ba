import type { CaseService } from '../../../case/service.ts';
import type { RuleSearch } from '../../../detect/rules/rule-language.ts';
import { columnEntries, type KindId } from '../../../events/event.ts';
import type { UserQueryResult } from '../../../store/store.ts';
import type { LoadedRules } from '../../rule-files.ts';
import type { Terminal } from '../../terminal.ts';

/** What is shown of a match; a kind without the column shows nothing there. */
const shown = [
  'host_name',
  'user_name',
  'process_name',
  'process_command_line',
  'file_path',
  'destination_ip',
  'destination_port',
] as const;

interface Hunt {
  readonly timeoutMs: number;
  readonly maxRows: number;
}

/** Matches of rule files over everything stored, in the order of the rules and of time. */
export async function huntRules(
  sets: readonly LoadedRules[],
  service: CaseService,
  hunt: Hunt,
  terminal: Terminal,
): Promise<UserQueryResult> {
  const { createMacros } = await import('../../../store/duckdb/macros.ts');
  const macros = createMacros([]);
  const rows: UserQueryResult['rows'][number][] = [];
  let columns: UserQueryResult['columns'] = [];
  let isCut = false;
  for (const rule of sets.flatMap(({ set }) => set.rules).filter(({ isEnabled }) => isEnabled)) {
    const search = rule.search(macros);
    if (search.queries.length === 0) {
      const [first] = search.missing;
      terminal.talk(`${rule.title} cannot be run over stored events: ${first?.field ?? ''} ${first?.why ?? ''}\n`);
      continue;
    }
    const maxRows = Math.max(1, hunt.maxRows - rows.length);
    const request = { sql: matchesSql(rule.title, search), timeoutMs: hunt.timeoutMs, maxRows };
    const result = await service.query(request, { signal: terminal.signal });
    ({ columns } = result);
    rows.push(...result.rows);
    isCut ||= result.isCut;
  }
  return { columns, rows: rows.slice(0, hunt.maxRows), isCut: isCut || rows.length > hunt.maxRows };
}

function matchesSql(title: string, { queries }: RuleSearch): string {
  const parts = queries.map(({ kind, sql }) => {
    const known = new Set(kind === undefined ? [] : columnEntries(kind).map(([name]) => name));
    const what = shown.map((name) => (known.has(name) ? `"${name}"` : `NULL AS "${name}"`));
    return `SELECT ${quoted(title)} AS rule, ${quoted(kindName(kind))} AS kind, time, ${what.join(', ')}, evidence_id, evidence_at FROM (${sql})`;
  });
  return `${parts.join(' UNION ALL ')} ORDER BY time, evidence_id, evidence_at`;
}

function kindName(kind: KindId | undefined): string {
  return kind ?? 'correlation';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
}
