import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VakthundError } from '../../base/errors.ts';
import { fieldSubject, not, type Condition, type TextTest } from '../../match/condition/condition.ts';
import { foldedCodePoints } from '../../match/condition/fold.ts';
import type { SqlResolver } from '../../match/condition/resolver.ts';
import { conditionSql } from '../../match/condition/sql/condition-sql.ts';
import { duckdbConditions } from './condition-dialect.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const fields: SqlResolver = {
  field: ({ name }) => (name === 'word' ? { sql: 'word', type: 'text' } : { absent: `there is no ${name}` }),
  allFields: () => ({ sql: 'word', type: 'text' }),
};
const equals = (name: string, ...values: string[]): TextTest => ({
  kind: 'text',
  subject: fieldSubject(name),
  operator: 'equals',
  values,
  ignoreCase: false,
});

/** The words for which the condition holds. */
async function found(condition: Condition, words: readonly (string | null)[]): Promise<unknown[]> {
  const rows = words.map((word) => `(${word === null ? 'NULL' : duckdbConditions.text(word)})`).join(', ');
  const { sql } = conditionSql(condition, fields, duckdbConditions);
  const reader = await connection.runAndReadAll(`SELECT word FROM (VALUES ${rows}) AS t(word) WHERE ${sql}`);
  return reader.getRows().map(([word]) => word);
}

describe('a condition as SQL', () => {
  it('has two values: negation holds where the column is null', async () => {
    expect(await found(not(equals('word', 'a')), ['a', 'b', null])).toEqual(['b', null]);
  });

  it('never lets a value of a rule out of its quotes', async () => {
    const hostile = [`'; DROP TABLE x; --`, `\\'`, `''`, `a\0b`, `$$`, `E'\\n'`, `"`];
    for (const value of hostile) expect(await found(equals('word', value), [...hostile, 'a'])).toEqual([value]);
  });

  it('reads a number of 39 digits as the double it is to streams, on both sides', async () => {
    const literal = { kind: 'literal', value: 10n ** 38n } as const;
    const limit = 10n ** 38n - 1n;
    const over = (operator: '<' | '>'): Condition => ({
      kind: 'number',
      subject: literal,
      quantor: 'every',
      operator,
      values: [limit],
    });
    expect(await found(over('>'), ['x'])).toEqual([]);
    expect(await found(over('<'), ['x'])).toEqual(['x']);
    const same: Condition = {
      kind: 'fields',
      subject: literal,
      quantor: 'every',
      operator: 'equals',
      right: fieldSubject('word'),
      as: 'number',
      ignoreCase: false,
    };
    expect(await found(same, [String(10n ** 38n), String(limit), '1'])).toEqual([String(10n ** 38n)]);
  });

  it('names the field that is absent, and tests on it are false', async () => {
    const condition = not(equals('gone', 'a'));
    expect(conditionSql(condition, fields, duckdbConditions).missing).toEqual([
      { field: { name: 'gone' }, reason: 'there is no gone' },
    ]);
    expect(await found(condition, ['x'])).toEqual(['x']);
  });

  it('takes thousands of values, and refuses what would keep the planner busy for minutes', async () => {
    const values = Array.from({ length: 5000 }, (_none, index) => `value ${index}!`);
    expect(await found({ ...equals('word', ...values), operator: 'contains' }, ['a value 4999!', 'value 1'])).toEqual([
      'a value 4999!',
    ]);
    const wide: Condition = {
      kind: 'any',
      of: values.flatMap((value) => [equals('word', value), not(equals('word', value))]),
    };
    expect(() => conditionSql(wide, fields, duckdbConditions)).toThrow(VakthundError);
    let deep: Condition = equals('word', 'a');
    for (let depth = 0; depth < 101; depth++) deep = { kind: 'all', of: [deep] };
    expect(() => conditionSql(deep, fields, duckdbConditions)).toThrow('too large');
  });

  it('folds case as streams do, for every code point', async () => {
    const reader = await connection.runAndReadAll(
      `WITH points AS (SELECT range::INTEGER AS i FROM range(1, 55296) UNION ALL SELECT range::INTEGER FROM range(57344, 1114112))
       SELECT i, unicode(lower(chr(i))), length(lower(chr(i))) FROM points WHERE lower(chr(i)) <> chr(i) ORDER BY i`,
    );
    expect(reader.getRows()).toEqual(foldedCodePoints().map(([point, folded]) => [point, folded, 1n]));
  });
});
