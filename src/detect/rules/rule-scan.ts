import type { EventRow, KindId } from '../../events/event.ts';
import { fieldsOf } from '../../match/condition/fields.ts';
import { compileKindSet } from '../../match/event-set.ts';
import type { RowFormat } from '../../match/row-format.ts';
import { scanEvents } from '../../store/event-rows.ts';
import type { ReadStore } from '../../store/store.ts';
import type { RuleQuestion } from './rule-question.ts';

export interface RuleScan {
  readonly store: Pick<ReadStore, 'macros' | 'scan'>;
  /** Of all rows that are read. */
  readonly timeCondition: string;
  /** Columns that the caller wants of matching rows. */
  readonly columns: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** A row that the question holds for; it is good until the call returns. */
  readonly onMatch: (question: RuleQuestion, row: EventRow) => void;
  /** Rows of a kind that were judged since the last call. */
  readonly onRows?: (kind: KindId, rows: number) => void;
}

/** Whether a question can be asked of rows as they are read. */
export function isScannable({ query }: RuleQuestion): boolean {
  return query.kind !== undefined && (query.rows !== undefined || query.test !== undefined);
}

/** Rows that are read together, and what is asked of them. */
interface Pass {
  readonly kind: KindId;
  readonly from: string | undefined;
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  readonly judges: readonly Judge[];
}

type Judge = (row: EventRow, found: RuleScan['onMatch']) => void;

/**
 * Asks questions (`isScannable`) about stored rows by reading the rows of each kind once for all of them, in no order: what many rules cost
 * is then reading, and not asking.
 */
export async function scanRules(questions: readonly RuleQuestion[], scan: RuleScan): Promise<void> {
  for (const pass of passesOf(questions, scan)) {
    const condition = `${scan.timeCondition} AND ${pass.where}`;
    for await (const chunk of scanEvents(scan.store, { ...pass, condition })) {
      scan.signal?.throwIfAborted();
      for (let at = 0; at < chunk.rowCount; at++) {
        const row = chunk.row(at);
        for (const judge of pass.judges) judge(row, scan.onMatch);
      }
      scan.onRows?.(pass.kind, chunk.rowCount);
    }
  }
}

function passesOf(questions: readonly RuleQuestion[], { columns }: RuleScan): Pass[] {
  const passes: Pass[] = [];
  const judged = questions.filter(({ query }) => query.rows !== undefined);
  for (const [kind, own] of Map.groupBy(judged, ({ query }) => query.kind)) {
    if (kind !== undefined) passes.push(judgedPass(kind, own, columns));
  }
  const tested = questions.filter(({ query }) => query.rows === undefined && query.test !== undefined);
  for (const [from, own] of Map.groupBy(tested, ({ query }) => query.sql)) {
    const kind = own[0]?.query.kind;
    if (kind !== undefined) passes.push(testedPass(kind, from, own, columns));
  }
  return passes;
}

function judgedPass(kind: KindId, questions: readonly RuleQuestion[], wanted: readonly string[]): Pass {
  const columns = new Set([...wanted, 'event_dataset']);
  const judges: Judge[] = [];
  for (const [format, own] of Map.groupBy(questions, ({ query }) => query.rows?.format)) {
    if (format === undefined) continue;
    judges.push(judgeOf(own, format));
    for (const name of columnsOf(kind, own, format)) columns.add(name);
  }
  return { kind, from: undefined, where: sideCondition(questions), columns, judges };
}

function judgeOf(questions: readonly RuleQuestion[], format: RowFormat): Judge {
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

function columnsOf(kind: KindId, questions: readonly RuleQuestion[], format: RowFormat): Set<string> {
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
function sideCondition(questions: readonly RuleQuestion[]): string {
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

function testedPass(kind: KindId, from: string, questions: readonly RuleQuestion[], wanted: readonly string[]): Pass {
  const judge: Judge = (row, found) => {
    for (const question of questions) if (question.query.test?.(row) === true) found(question, row);
  };
  return { kind, from, where: 'TRUE', columns: new Set([...wanted, ...testedColumns]), judges: [judge] };
}
