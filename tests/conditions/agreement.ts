import { DuckDBInstance, DuckDBTimestampValue, LIST, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import type { Condition } from '../../src/match/condition/condition.ts';
import { conditionSql } from '../../src/match/condition/sql/condition-sql.ts';
import { compileCondition, compileRuleSet } from '../../src/match/condition/stream/rule-set.ts';
import { duckdbConditions } from '../../src/store/duckdb/condition-dialect.ts';
import { Random } from '../fuzz/random.ts';
import { randomCondition } from './random-condition.ts';
import { columns, randomRow, sqlRows, streamRows, type Row } from './rows.ts';

/** A condition that two executions answer differently for a row. */
export interface Disagreement {
  readonly condition: Condition;
  readonly row: Row;
  readonly stream: boolean;
  readonly set: boolean;
  readonly sql: boolean | null;
  readonly text: string;
}

const rowsPerBatch = 64;
/** So many that a set of them scans texts for their literals. */
const conditionsPerSet = 200;
/** The planner takes more than twice as long for twice as many. */
const conditionsPerQuery = 50;

export interface Agreement {
  readonly conditions: number;
  /** Answers compared, and how many of them were true. */
  readonly answers: number;
  readonly hits: number;
  readonly disagreements: readonly Disagreement[];
}

/** Runs random conditions over random rows as streams, one by one and as an indexed set, and as SQL in DuckDB. */
export async function checkAgreement(
  seed: number,
  conditions: number,
  progress?: (done: number) => void,
): Promise<Agreement> {
  const random = new Random(seed);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const disagreements: Disagreement[] = [];
  let [done, answers, hits] = [0, 0, 0];
  try {
    while (done < conditions && disagreements.length < 20) {
      const rows = Array.from({ length: rowsPerBatch }, () => randomRow(random));
      await fill(connection, rows);
      for (let query = 0; query < 40 && done < conditions; query++) {
        const batch = Array.from({ length: Math.min(conditionsPerSet, conditions - done) }, () =>
          randomCondition(random),
        );
        const found = await compare(connection, rows, batch);
        for (const { condition, row } of found.disagreements.slice(0, 3)) {
          await fill(connection, [row]);
          const inner = await compare(connection, [row], partsOf(condition));
          disagreements.push(...inner.disagreements.slice(-1));
          await fill(connection, rows);
        }
        hits += found.hits;
        done += batch.length;
        answers += batch.length * rows.length;
      }
      progress?.(done);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return { conditions: done, answers, hits, disagreements };
}

/** The condition and all conditions in it, the innermost last. */
function partsOf(condition: Condition): Condition[] {
  const parts = [condition];
  for (const part of parts) {
    if (part.kind === 'not') parts.push(part.of);
    else if ('of' in part) parts.push(...part.of);
  }
  return parts;
}

async function fill(connection: DuckDBConnection, rows: readonly Row[]): Promise<void> {
  const declared = columns.map(([name, , type]) => `"${name}" ${type}`).join(', ');
  await connection.run(`CREATE OR REPLACE TABLE record (id INTEGER, ${declared})`);
  const appender = await connection.createAppender('record');
  for (const [id, row] of rows.entries()) {
    appender.appendInteger(id);
    for (const [name, type] of columns) append(appender, row[name], type);
    appender.endRow();
  }
  appender.closeSync();
}

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>;

function append(appender: Appender, value: Row[string], type: (typeof columns)[number][1]): void {
  if (value === null || value === undefined) appender.appendNull();
  else if (type === 'integer') appender.appendBigInt(BigInt(value as number));
  else if (type === 'real') appender.appendDouble(value as number);
  else if (type === 'boolean') appender.appendBoolean(value as boolean);
  else if (type === 'time') appender.appendTimestamp(new DuckDBTimestampValue(BigInt(value as number)));
  else if (type === 'text[]') appender.appendList([...(value as readonly string[])], LIST(VARCHAR));
  else appender.appendVarchar(value as string);
}

async function compare(
  connection: DuckDBConnection,
  rows: readonly Row[],
  conditions: readonly Condition[],
): Promise<{ hits: number; disagreements: Disagreement[] }> {
  const sqls = conditions.map((condition) => conditionSql(condition, sqlRows, duckdbConditions).sql);
  const answers = await answersOf(connection, sqls);
  const set = compileRuleSet(conditions, streamRows, { discriminators: [{ name: 'word' }, { name: 'digits' }] });
  const singles = conditions.map((condition) => compileCondition(condition, streamRows).test);
  const disagreements: Disagreement[] = [];
  let hits = 0;
  for (const [at, row] of rows.entries()) {
    const matches = new Set(set.match(row));
    for (const [index, condition] of conditions.entries()) {
      const [stream, inSet, sql] = [singles[index]?.(row) ?? false, matches.has(index), answers[at]?.[index] ?? null];
      if (stream) hits++;
      if (stream !== inSet || stream !== (sql === true)) {
        disagreements.push({ condition, row, stream, set: inSet, sql, text: sqls[index] ?? '' });
      }
    }
  }
  return { hits, disagreements };
}

/** Truth of each expression for each row. */
async function answersOf(connection: DuckDBConnection, sqls: readonly string[]): Promise<(boolean | null)[][]> {
  const answers: (boolean | null)[][] = [];
  for (let from = 0; from < sqls.length; from += conditionsPerQuery) {
    const list = sqls.slice(from, from + conditionsPerQuery).map((sql, index) => `${sql} AS c${index}`);
    const reader = await connection.runAndReadAll(`SELECT ${list.join(', ')} FROM record ORDER BY id`);
    for (const [at, row] of reader.getRows().entries()) (answers[at] ??= []).push(...(row as (boolean | null)[]));
  }
  return answers;
}
