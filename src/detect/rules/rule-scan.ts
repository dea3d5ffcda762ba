import type { EventRow, KindId } from '../../events/event.ts';
import { fieldsOf } from '../../match/condition/fields.ts';
import { compileKindSet } from '../../match/event-set.ts';
import type { RowFormat } from '../../match/row-format.ts';
import { scanEvents } from '../../store/event-rows.ts';
import type { ReadStore } from '../../store/store.ts';
import type { RuleQuery } from './rule-language.ts';

/** A question about stored rows. */
export interface ScanQuestion {
  readonly query: Pick<RuleQuery, 'kind' | 'rows' | 'test' | 'sql'>;
}

/** Whether a question can be asked of rows as they are read. */
export function isScannable({ query }: ScanQuestion): boolean {
  return query.kind !== undefined && (query.rows !== undefined || query.test !== undefined);
}

/** Rows that are read together, and what is asked of them. */
export interface ScanPass<Q> {
  readonly kind: KindId;
  /** SELECT of whole rows that alone are meant; undefined for all of the kind. */
  readonly from: string | undefined;
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  readonly judges: readonly Judge<Q>[];
}

/** Tells which questions hold for a row, which is good until the call returns. */
type OnMatch<Q> = (question: Q, row: EventRow) => void;
type Judge<Q> = (row: EventRow, found: OnMatch<Q>) => void;

export interface PassOptions<Q> {
  readonly store: Pick<ReadStore, 'macros' | 'scan'>;
  /** SELECT of the rows to read, where the pass leaves the choice. */
  readonly from?: string;
  readonly onMatch: OnMatch<Q>;
  /** Rows that were judged since the last call. May throw, to stop. */
  readonly onRows: (kind: KindId, rows: number) => void;
}

/** Judges rows as they are read, in no order. */
export async function runPass<Q>(pass: ScanPass<Q>, { store, from, onMatch, onRows }: PassOptions<Q>): Promise<void> {
  for await (const chunk of scanEvents(store, { ...pass, from: pass.from ?? from, condition: pass.where })) {
    for (let at = 0; at < chunk.rowCount; at++) {
      const row = chunk.row(at);
      for (const judge of pass.judges) judge(row, onMatch);
    }
    onRows(pass.kind, chunk.rowCount);
  }
}

/**
 * How questions (`isScannable`) are asked by reading the rows of each kind once for all of them: what many rules cost is then reading,
 * and not asking. `wanted`: columns that the caller looks at in matching rows.
 */
export function scanPasses<Q extends ScanQuestion>(questions: readonly Q[], wanted: readonly string[]): ScanPass<Q>[] {
  const passes: ScanPass<Q>[] = [];
  const judged = questions.filter(({ query }) => query.rows !== undefined);
  for (const [kind, own] of Map.groupBy(judged, ({ query }) => query.kind)) {
    if (kind !== undefined) passes.push(judgedPass(kind, own, wanted));
  }
  const tested = questions.filter(({ query }) => query.rows === undefined && query.test !== undefined);
  for (const [from, own] of Map.groupBy(tested, ({ query }) => query.sql)) {
    const kind = own[0]?.query.kind;
    if (kind !== undefined) passes.push(testedPass(kind, from, own, wanted));
  }
  return passes;
}

function judgedPass<Q extends ScanQuestion>(
  kind: KindId,
  questions: readonly Q[],
  wanted: readonly string[],
): ScanPass<Q> {
  const columns = new Set([...wanted, 'event_dataset']);
  const judges: Judge<Q>[] = [];
  for (const [format, own] of Map.groupBy(questions, ({ query }) => query.rows?.format)) {
    if (format === undefined) continue;
    judges.push(judgeOf(own, format));
    for (const name of columnsOf(kind, own, format)) columns.add(name);
  }
  return { kind, from: undefined, where: sideCondition(questions), columns, judges };
}

function judgeOf<Q extends ScanQuestion>(questions: readonly Q[], format: RowFormat): Judge<Q> {
  const set = compileKindSet(
    questions.map(({ query }) => query.rows?.questions ?? []),
    format,
    format.index,
  );
  return (row, found) => {
    for (const place of set.match(row)) {
      const question = questions[place];
      if (question !== undefined) found(question, row);
    }
  };
}

function columnsOf(kind: KindId, questions: readonly ScanQuestion[], format: RowFormat): Set<string> {
  const columns = new Set(
    Object.values(format.index).flatMap((fields) => fields.flatMap((field) => format.columnsOf(kind, field))),
  );
  for (const { query } of questions) {
    for (const { condition } of query.rows?.questions ?? []) {
      for (const field of fieldsOf(condition)) for (const name of format.columnsOf(kind, field)) columns.add(name);
    }
  }
  return columns;
}

/** Where all rules are for one side of the house, the rows of the other need not be read. */
function sideCondition(questions: readonly ScanQuestion[]): string {
  const platforms = new Set(
    questions.flatMap(({ query }) => (query.rows?.questions ?? []).map(({ platform }) => platform)),
  );
  const [only] = platforms;
  if (platforms.size !== 1 || only === undefined) return 'TRUE';
  const isWindows = `coalesce(event_dataset LIKE 'windows%', FALSE)`;
  return only === 'windows' ? isWindows : `NOT ${isWindows}`;
}

/** What the tests of rules may look at, beside the kind. */
const testedColumns = ['time', 'evidence_at', 'event_dataset', 'fields'];

function testedPass<Q extends ScanQuestion>(
  kind: KindId,
  from: string,
  questions: readonly Q[],
  wanted: readonly string[],
): ScanPass<Q> {
  const judge: Judge<Q> = (row, found) => {
    for (const question of questions) if (question.query.test?.(row) === true) found(question, row);
  };
  return { kind, from, where: 'TRUE', columns: new Set([...wanted, ...testedColumns]), judges: [judge] };
}
