import { describe, expect, it } from 'vitest';
import { rowsAsCsv, rowsAsJson, rowsAsTable } from './rows.ts';

const result = {
  columns: [
    { name: 'name', type: 'VARCHAR' },
    { name: 'n', type: 'BIGINT' },
    { name: 'at', type: 'TIMESTAMP' },
  ],
  rows: [
    ['a,"b"', 12, 1_772_000_000_000_000],
    ['\u001B[31mred', null, null],
    ['=1+1', 3, null],
  ],
  isCut: false,
};

describe('rows for people and programs', () => {
  it('aligns columns, right for numbers, and lets no control character through', () => {
    const text = rowsAsTable(result, 100);
    expect(text).toContain('name       n  at');
    expect(text).toContain('2026-02-25T06:13:20.000000Z');
    expect(text).not.toContain('\u001B');
    expect(text).toContain('3 rows');
  });

  it('cuts lines at the width of the terminal', () => {
    for (const line of rowsAsTable(result, 30).split('\n')) expect(line.length).toBeLessThanOrEqual(30);
  });

  it('quotes CSV and takes the power from formulas', () => {
    expect(rowsAsCsv(result).split('\r\n')).toEqual([
      'name,n,at',
      '"a,""b""",12,2026-02-25T06:13:20.000000Z',
      '\uFFFD[31mred,,',
      "'=1+1,3,",
      '',
    ]);
  });

  it('writes texts by name as pairs, and keeps them apart in JSON', () => {
    const grouped = {
      columns: [{ name: 'group', type: 'MAP(VARCHAR, VARCHAR)' }],
      rows: [[{ User: 'mallory', Computer: 'web1' }]],
      isCut: false,
    };
    expect(rowsAsCsv(grouped)).toBe('group\r\nUser=mallory Computer=web1\r\n');
    expect(rowsAsTable(grouped, 80)).toContain('User=mallory Computer=web1');
    const parsed = JSON.parse(rowsAsJson(grouped, '.vakthund')) as { rows: unknown[] };
    expect(parsed.rows).toEqual([{ group: { User: 'mallory', Computer: 'web1' } }]);
  });

  it('prints the report shape with rows as objects', () => {
    const parsed = JSON.parse(rowsAsJson(result, '.vakthund')) as { schema: string; rows: unknown[] };
    expect(parsed.schema).toBe('vakthund.report/1');
    expect(parsed.rows[0]).toEqual({ name: 'a,"b"', n: 12, at: '2026-02-25T06:13:20.000000Z' });
  });
});
