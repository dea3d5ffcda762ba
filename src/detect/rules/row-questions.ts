import { columnEntries, type EventRow, type KindId } from '../../events/event.ts';
import type { Macros } from '../../store/macros.ts';
import type { ColumnChunk, ReadStore, SqlRow } from '../../store/store.ts';
import { maxPointers } from '../make-finding.ts';
import { aboutColumns, type GroupedMatch, type RuleQuestion } from './rule-question.ts';

/** What the tests of rules see of a stored row, beside its kind; a kind without the column has null there. */
const testedColumns = ['time', 'evidence_id', 'evidence_at', 'event_dataset', 'fields', 'host_name'] as const;
const numbers: ReadonlySet<string> = new Set(['time', 'evidence_id', 'evidence_at']);

/** Questions whose rows are tested one by one: each set of rows is read once for all rules that ask it. */
export async function* askByRow(
  questions: readonly RuleQuestion[],
  store: ReadStore,
  timeCondition: string,
): AsyncIterable<GroupedMatch> {
  for (const [, asked] of Map.groupBy(questions, ({ query }) => `${query.kind ?? ''} ${query.sql}`)) {
    const [first] = asked;
    if (first?.query.kind === undefined) continue;
    yield* askRows(asked, testedRows(first.query.kind, first.query.sql, store, timeCondition));
  }
}

/** Rows in the order of time. */
async function* testedRows(
  kind: KindId,
  sql: string,
  store: ReadStore,
  timeCondition: string,
): AsyncGenerator<EventRow> {
  const has = new Set(columnEntries(kind).map(([name]) => name));
  const names = [...new Set([...testedColumns, ...aboutColumns])];
  const selected = names.map((name) => selectedColumn(name, has, store.macros));
  const chunks = store.scan(`SELECT ${selected.join(', ')} FROM (${sql}) WHERE ${timeCondition} ORDER BY time`);
  for await (const chunk of chunks) yield* rowsOf(chunk, kind, names);
}

function selectedColumn(name: string, has: ReadonlySet<string>, macros: Macros): string {
  if (!has.has(name)) return `NULL AS "${name}"`;
  if (name === 'time') return `${macros.micros('time')} AS time`;
  return numbers.has(name) ? `"${name}"` : `CAST("${name}" AS VARCHAR) AS "${name}"`;
}

function* rowsOf(chunk: ColumnChunk, kind: KindId, names: readonly string[]): Generator<EventRow> {
  const columns = names.map((name, at) => (numbers.has(name) ? chunk.numbers(at) : chunk.texts(at)));
  for (let index = 0; index < chunk.rowCount; index++) {
    const row: EventRow = { kind };
    for (const [at, name] of names.entries()) row[name] = columns[at]?.[index] ?? null;
    yield row;
  }
}

interface Group {
  readonly question: RuleQuestion;
  readonly first: EventRow;
  last: EventRow;
  count: number;
  readonly pointers: EventRow[];
}

async function* askRows(
  questions: readonly RuleQuestion[],
  rows: AsyncIterable<EventRow>,
): AsyncGenerator<GroupedMatch> {
  const groups = new Map<string, Group>();
  for await (const row of rows) {
    for (const [index, question] of questions.entries()) {
      const key = `${index} ${String(row['host_name'] ?? '')}`;
      if (question.query.test?.(row) === true) note(groups, key, question, row);
    }
  }
  for (const group of groups.values()) yield { rule: group.question.rule, row: groupedRow(group) };
}

function note(groups: Map<string, Group>, key: string, question: RuleQuestion, row: EventRow): void {
  const group = groups.get(key) ?? { question, first: row, last: row, count: 0, pointers: [] };
  groups.set(key, group);
  group.count++;
  group.last = row;
  if (group.pointers.length < maxPointers - 1) group.pointers.push(row);
}

/** The row that `matchesQuery` would give. */
function groupedRow({ first, last, count, pointers }: Group): SqlRow {
  const about = aboutColumns.map((name) => [name, (first[name] ?? null) as string | null] as const);
  return {
    ...Object.fromEntries(about),
    host: String(first['host_name'] ?? ''),
    program: '',
    shared: '',
    n: count,
    first: Number(first['time']),
    last: Number(last['time']),
    pointer_ids: pointers.map((row) => Number(row['evidence_id'])),
    pointer_places: pointers.map((row) => Number(row['evidence_at'])),
    last_id: Number(last['evidence_id']),
    last_place: Number(last['evidence_at']),
  };
}
