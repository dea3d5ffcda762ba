import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokens } from './lexer.ts';
import { rewriteText } from './sqlite-text.ts';

const tables = new Map([
  ['processes', ['pid', 'name', 'state']],
  ['process_memory_map', ['pid', 'start', 'end', 'offset']],
  ['logged_in_users', ['user', 'tty']],
]);
const rewrite = (sql: string): string => rewriteText(sql, { columnsOf: (table) => tables.get(table) });

describe('the words of a query', () => {
  it.each([
    ['double quotes are a text where no column has the name', 'SELECT * FROM processes WHERE state = "S"', "= 'S'"],
    ['and a name where one has it', 'SELECT "name" FROM processes', 'SELECT "name" FROM'],
    ['or where the query gives it', 'SELECT pid AS "x" FROM processes ORDER BY "x"', 'ORDER BY "x"'],
    ['a quote inside of a text is kept', 'SELECT * FROM processes WHERE state = "it\'s"', "'it''s'"],
    ['backticks and brackets are names', 'SELECT `pid`, [name] FROM processes', 'SELECT "pid" , "name" FROM'],
    [
      'IS between values is a comparison',
      "SELECT 1 FROM processes WHERE state IS 'S'",
      "state IS NOT DISTINCT FROM 'S'",
    ],
    ['and so is IS NOT', "SELECT 1 FROM processes WHERE state IS NOT 'S'", "state IS DISTINCT FROM 'S'"],
    ['IS NOT NULL stays', 'SELECT 1 FROM processes WHERE state IS NOT NULL', 'state IS NOT NULL'],
    ['columns that are keywords', 'SELECT m.end, m.start FROM process_memory_map m', 'm . "end" , m . "start"'],
    ['bare ones too', 'SELECT user FROM logged_in_users', 'SELECT "user" FROM'],
    [
      'END of CASE stays',
      'SELECT CASE WHEN pid THEN 1 END FROM process_memory_map',
      'THEN 1 END AS "CASE WHEN pid THEN 1 END" FROM',
    ],
    ['OFFSET of LIMIT stays', 'SELECT 1 FROM process_memory_map LIMIT 1 OFFSET 2', 'LIMIT 1 OFFSET 2'],
    [
      'commas between tables join from left to right',
      'SELECT 1 FROM a, b LEFT JOIN c ON 1',
      'FROM a CROSS JOIN b LEFT JOIN',
    ],
    [
      'commas elsewhere stay',
      'SELECT f(1, 2), 3 FROM a WHERE x IN (1, 2)',
      '( 1 , 2 ) AS "f(1, 2)" , 3 AS "3" FROM a WHERE x IN ( 1 , 2 )',
    ],
    ['comments and the last semicolon go', 'SELECT 1 -- one\n/* two */ ;', 'SELECT 1'],
  ])('%s', (_what, sql, part) => {
    expect(rewrite(sql)).toContain(part);
  });

  it('are all kept, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), (sql) => {
        const kept = readTokens(sql).map(({ source }) => source);
        expect(sql.replaceAll(/\s/g, '')).toContain(kept[0]?.replaceAll(/\s/g, '') ?? '');
        expect(kept.join('').length).toBeLessThanOrEqual(sql.length);
      }),
    );
  });
});
