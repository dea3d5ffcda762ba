import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEvent, type EventRow } from '../events/event.ts';
import { fieldSubject, type Condition, type Subject } from '../match/condition/condition.ts';
import { conditionSql } from '../match/condition/sql/condition-sql.ts';
import { compileCondition } from '../match/condition/stream/rule-set.ts';
import { columnTypes, eventFormat } from '../match/event-format.ts';
import { createMacros } from './duckdb/macros.ts';
import { eventColumns } from './event-columns.ts';

const macros = createMacros([]);
const row = {
  ...newEvent('process'),
  process_executable: '/usr/bin/curl',
  process_args: ['curl', '-s', 'http://x'],
  process_pid: 17,
  fields: JSON.stringify({
    Image: 'C:\\Windows\\cmd.exe',
    EventID: 4688,
    Data: ['one', 'C:\\two'],
    'a.b': 'dotted',
    object: { inner: { deep: 'found' } },
    'quo"te': 'yes',
    empty: '',
  }),
} as unknown as EventRow;

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  const names = Object.entries(row).filter(([name]) => name !== 'kind');
  const literal = (value: unknown): string => {
    if (value === null) return 'NULL';
    if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value as number);
  };
  const typed = (name: string, value: unknown): string => {
    if (value !== null) return literal(value);
    return columnTypes.get(name) === 'text[]' ? 'NULL::VARCHAR[]' : 'NULL::VARCHAR';
  };
  const columns = names.map(([name, value]) => `${typed(name, value)} AS "${name}"`);
  await connection.run(`CREATE TABLE process AS SELECT ${columns.join(', ')}`);
});

afterAll(() => connection.closeSync());

/** Whether a subject has the text, by the stream and by the store. */
async function answers(subject: Subject, text: string): Promise<boolean[]> {
  const condition: Condition = { kind: 'text', subject, operator: 'equals', values: [text], ignoreCase: false };
  const { sql } = conditionSql(condition, eventColumns('process', macros), macros.conditions);
  const found = await connection.runAndReadAll(`SELECT count(*) FROM process WHERE ${sql}`);
  return [compileCondition(condition, eventFormat.resolver).test(row), Number(found.getRowsJS()[0]?.[0]) === 1];
}

describe('fields of events', () => {
  it.each([
    ['process_executable', undefined, '/usr/bin/curl'],
    ['process_pid', undefined, '17'],
    ['process_args', undefined, '-s'],
    ['process_args', '1', '-s'],
    ['fields', 'Image', 'C:\\Windows\\cmd.exe'],
    ['fields', 'EventID', '4688'],
    ['fields', 'Data[]', 'C:\\two'],
    ['fields', 'Image[]', 'C:\\Windows\\cmd.exe'],
    ['fields', 'a.b', 'dotted'],
    ['fields', 'object.inner.deep', 'found'],
    ['fields', 'quo"te', 'yes'],
    ['fields', 'empty', ''],
  ] as const)('are the same live and stored: %s[%s]', async (name, argument, text) => {
    expect(await answers(fieldSubject(name, argument), text)).toEqual([true, true]);
    expect(await answers(fieldSubject(name, argument), 'other')).toEqual([false, false]);
  });

  it('finds keywords in columns, lists and members, and not in bookkeeping', async () => {
    const anywhere: Subject = { kind: 'all-fields' };
    for (const text of ['/usr/bin/curl', '-s', 'C:\\Windows\\cmd.exe', '4688']) {
      expect(await answers(anywhere, text)).toEqual([true, true]);
    }
    expect(await answers(anywhere, '0')).toEqual([false, false]);
  });

  it('says what is not there', () => {
    expect(eventFormat.resolver.field({ name: 'no_column' })).toHaveProperty('absent');
    expect(eventColumns('process', macros).field({ name: 'dns_question_name' })).toHaveProperty('absent');
    expect(eventColumns('process', macros).field({ name: 'process_args', argument: 'x' })).toHaveProperty('absent');
  });
});
