import type { CaseService } from '../../../case/service.ts';
import type { RuleQuery } from '../../../detect/rules/rule-language.ts';
import { columnEntries, type EventRow, type KindId } from '../../../events/event.ts';
import type { ReadStore, UserQueryResult } from '../../../store/store.ts';
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
  const { QuestionFilter } = await import('../../../detect/rules/rule-matches.ts');
  const macros = createMacros([]);
  const ask = async (sql: string, most: number): Promise<UserQueryResult> =>
    service.query({ sql, timeoutMs: hunt.timeoutMs, maxRows: most }, { signal: terminal.signal });
  const filter = new QuestionFilter(storeOf(ask));
  const rows: UserQueryResult['rows'][number][] = [];
  let columns: UserQueryResult['columns'] = [];
  let isCut = false;
  let unasked: RuleQuery | undefined;
  for (const rule of sets.flatMap(({ set }) => set.rules).filter(({ isEnabled }) => isEnabled)) {
    const search = rule.search(macros);
    if (search.queries.length === 0) {
      const [first] = search.missing;
      terminal.talk(`${rule.title} cannot be run over stored events: ${first?.field ?? ''} ${first?.why ?? ''}\n`);
      continue;
    }
    const maxRows = Math.max(1, hunt.maxRows - rows.length);
    const queries: RuleQuery[] = [];
    for (const query of search.queries) {
      if (await filter.canAnswer(query)) queries.push(query);
      else unasked = query;
    }
    const said = queries.filter(({ test }) => test === undefined);
    if (said.length > 0) {
      const result = await ask(matchesSql(rule.title, said), maxRows);
      ({ columns } = result);
      rows.push(...result.rows);
      isCut ||= result.isCut;
    }
    for (const query of queries) {
      if (query.test === undefined) continue;
      const found = await testRows(rule.title, query, query.test, maxRows, ask);
      ({ columns } = found);
      rows.push(...found.rows);
    }
  }
  // Where nothing can have an answer, there are still columns to show.
  if (columns.length === 0 && unasked !== undefined) {
    ({ columns } = await ask(`${matchesSql('', [unasked])} LIMIT 0`, 1));
  }
  return { columns, rows: rows.slice(0, hunt.maxRows), isCut: isCut || rows.length > hunt.maxRows };
}

/** What a filter of questions needs of a store, asked of the case. */
function storeOf(ask: (sql: string, maxRows: number) => Promise<UserQueryResult>): Pick<ReadStore, 'count' | 'query'> {
  return {
    count: async (kind) => Number((await ask(`SELECT count(*) AS n FROM "${kind}"`, 1)).rows[0]?.[0] ?? 0),
    query: async (sql) => {
      const { columns, rows } = await ask(sql, 1);
      return rows.map((values) => Object.fromEntries(columns.map(({ name }, at) => [name, values[at] ?? null])));
    },
  };
}

const order = 'ORDER BY time, evidence_id, evidence_at';

function matchesSql(title: string, queries: readonly RuleQuery[]): string {
  return `${queries.map((query) => `SELECT ${shownColumns(title, query)} FROM (${query.sql})`).join(' UNION ALL ')} ${order}`;
}

function shownColumns(title: string, { kind }: RuleQuery): string {
  const known = new Set(kind === undefined ? [] : columnEntries(kind).map(([name]) => name));
  const what = shown.map((name) => (known.has(name) ? `"${name}"` : `NULL AS "${name}"`));
  return `${quoted(title)} AS rule, ${quoted(kindName(kind))} AS kind, time, ${what.join(', ')}, evidence_id, evidence_at`;
}

/** Rows fetched at a time to be tested. */
const pageRows = 20_000;
/** What a test reads besides the kind, behind the columns that are shown. */
const tested = ['event_dataset', 'fields'] as const;

/** Rows whose test is no SQL, page by page in the order of time: each page begins with the last time of the one before. */
async function testRows(
  title: string,
  query: RuleQuery,
  test: NonNullable<RuleQuery['test']>,
  maxRows: number,
  ask: (sql: string, maxRows: number) => Promise<UserQueryResult>,
): Promise<Pick<UserQueryResult, 'columns' | 'rows'>> {
  const rows: UserQueryResult['rows'][number][] = [];
  let [since, size] = ['', pageRows];
  for (;;) {
    const sql = `SELECT ${shownColumns(title, query)}, ${tested.join(', ')}, epoch_us(time) AS micros
      FROM (${query.sql}) ${since} ${order} LIMIT ${size}`;
    const page = await ask(sql, size);
    const names = page.columns.map(({ name }) => name);
    const width = names.length - tested.length - 1;
    const isLast = page.rows.length < size;
    const end = Number(page.rows.at(-1)?.at(-1));
    const whole = isLast ? page.rows : page.rows.filter((values) => Number(values.at(-1)) < end);
    for (const values of whole) {
      const row = Object.fromEntries(names.map((name, at) => [name, values[at] ?? null])) as EventRow;
      if (test({ ...row, time: Number(row['micros']) })) rows.push(values.slice(0, width));
    }
    if (isLast || rows.length >= maxRows) return { columns: page.columns.slice(0, width), rows };
    // More events of one moment than a page holds.
    if (whole.length === 0) size *= 2;
    else since = `WHERE time >= make_timestamp(${end})`;
  }
}

function kindName(kind: KindId | undefined): string {
  return kind ?? 'correlation';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;
}
