import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf, splitCsv } from './csv.ts';

describe('splitCsv', () => {
  it.each([
    ['a,b,,c', ['a', 'b', '', 'c']],
    ['', ['']],
    ['a,', ['a', '']],
    ['"a,b","c ""d""",e', ['a,b', 'c "d"', 'e']],
    ['"a"b,c', ['ab', 'c']],
    ['a"b,c', ['a"b', 'c']],
  ])('splits %j', (line, fields) => {
    expect(splitCsv(line)).toEqual(fields);
  });

  it('takes another separator, and refuses an open quote', () => {
    expect(splitCsv('a|b', '|')).toEqual(['a', 'b']);
    expect(splitCsv('a,"b')).toBeUndefined();
  });

  it('gives back what was written', () => {
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 9 }), (fields) => {
        expect(splitCsv(fields.map(quoted).join(','))).toEqual(fields);
      }),
    );
  });

  it('bounds the columns', () => {
    const fields = splitCsv(','.repeat(10_000));
    expect(fields).toHaveLength(4096);
    expect(rowOf(['a'], ['1', '2'])).toBeUndefined();
    expect(rowOf(['a', 'b'], ['1'])).toEqual({ a: '1' });
  });
});
