import { columnEntries } from '../../events/event.ts';
import type { Macros } from '../../store/macros.ts';
import type { ReadStore } from '../../store/store.ts';
import { pointerColumns } from '../make-finding.ts';
import { askByRow } from './row-questions.ts';
import { aboutColumns, type GroupedMatch, type RuleQuestion } from './rule-question.ts';
import type { GroupField, Rule, RuleQuery } from './rule-language.ts';

export interface FailedQuestion {
  readonly rule: Rule;
  readonly error: unknown;
}

/** Questions that go into one query: more make the planner slow, fewer cost a round trip each. */
const batchSize = 40;

/**
 * Runs questions about events, many in one query. When a query fails, its questions are asked one by one, so that one
 * rule that the store refuses leaves the others alone.
 */
export async function* askRules(
  questions: readonly RuleQuestion[],
  store: ReadStore,
  timeCondition: string,
): AsyncIterable<GroupedMatch | FailedQuestion> {
  const [tested, said] = [questions.filter(isTested), questions.filter((question) => !isTested(question))];
  yield* askByRow(tested, store, timeCondition);
  for (const [, own] of Map.groupBy(said, ({ query }) => query.kind)) {
    for (let from = 0; from < own.length; from += batchSize) {
      yield* askBatch(own.slice(from, from + batchSize), store, timeCondition);
    }
  }
}

function isTested({ query }: RuleQuestion): boolean {
  return query.test !== undefined;
}

async function* askBatch(
  batch: readonly RuleQuestion[],
  store: ReadStore,
  timeCondition: string,
): AsyncIterable<GroupedMatch | FailedQuestion> {
  try {
    const rows = await store.query(matchesQuery(batch, store.macros, timeCondition));
    for (const row of rows) {
      const question = batch[Number(row['rule'])];
      if (question !== undefined) yield { rule: question.rule, row };
    }
  } catch (error) {
    const [only, ...more] = batch;
    if (only !== undefined && more.length === 0) yield { rule: only.rule, error };
    else for (const question of batch) yield* askBatch([question], store, timeCondition);
  }
}

/** One row for each rule, machine, program and group, with counts, times, pointers and what it is about. */
function matchesQuery(batch: readonly RuleQuestion[], m: Macros, timeCondition: string): string {
  const union = batch.map(({ query }, index) => eventRows(query, index, timeCondition, m));
  const about = aboutColumns.map((name) => `${m.firstBy(name, 'time')} AS ${name}`);
  const own = 'rule, host, program, shared';
  return `SELECT ${own}, ${about.join(', ')}, sum(weight) AS n,
    ${m.micros('min(first_time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
    FROM (${union.join(' UNION ALL ')}) GROUP BY ${own} ORDER BY first, ${own}`;
}

function eventRows(query: RuleQuery, index: number, timeCondition: string, m: Macros): string {
  const { kind, sql, group = [] } = query;
  const columns = columnsOf(query);
  const column = (name: string): string => columns.get(name) ?? 'NULL';
  const about = aboutColumns.map((name) => `CAST(${column(name)} AS VARCHAR) AS ${name}`);
  const host = `coalesce(${column('host_name')}, '')`;
  const program = columns.has('process_executable')
    ? `coalesce(${column('process_executable')}, ${column('process_name')}, '')`
    : `''`;
  const counted = kind === undefined ? 'first_time, matches AS weight' : 'time AS first_time, 1 AS weight';
  return `SELECT ${index} AS rule, ${host} AS host, ${program} AS program, ${sharedText(group, m)} AS shared,
    ${about.join(', ')}, time, ${counted}, evidence_id, evidence_at FROM (${sql}) WHERE ${timeCondition}`;
}

/** Columns of events that the rows of a question have, each with what to select for it. */
function columnsOf({ kind, group = [] }: RuleQuery): ReadonlyMap<string, string> {
  if (kind !== undefined) return new Map(columnEntries(kind).map(([name]) => [name, `"${name}"`]));
  return new Map(group.flatMap(({ from, column }) => (from === undefined ? [] : [[from, column]])));
}

/** `User=mallory Computer=web1`. */
function sharedText(group: readonly GroupField[], { conditions }: Macros): string {
  if (group.length === 0) return `''`;
  return group.map(({ field, column }) => `${conditions.text(`${field}=`)} || ${column}`).join(` || ' ' || `);
}

/** Which questions can have an answer: their kind has events, and their probes find rows. Each probe is run once. */
export class QuestionFilter {
  readonly #store: Pick<ReadStore, 'count' | 'query'>;
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(store: Pick<ReadStore, 'count' | 'query'>) {
    this.#store = store;
  }

  async canAnswer({ kind, probes }: RuleQuery): Promise<boolean> {
    if (kind === undefined) return true;
    if (!(await this.#once(kind, async () => (await this.#store.count(kind)) > 0))) return false;
    for (const probe of probes ?? []) {
      const sql = `SELECT 1 AS found FROM "${kind}" WHERE ${probe} LIMIT 1`;
      if (!(await this.#once(sql, async () => (await this.#store.query(sql)).length > 0))) return false;
    }
    return true;
  }

  #once(key: string, ask: () => Promise<boolean>): Promise<boolean> {
    const known = this.#answers.get(key) ?? ask();
    this.#answers.set(key, known);
    return known;
  }
}
