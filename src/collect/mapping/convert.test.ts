import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../events/mapping.ts';
import { converterOf } from './convert.ts';

const cases: readonly (readonly [Conversion, unknown, unknown])[] = [
  ['text', 'a', 'a'],
  ['text', 1.5, '1.5'],
  ['text', true, 'true'],
  ['text', [1, 'a'], '[1,"a"]'],
  ['lower', 'TCP', 'tcp'],
  ['name', 'WWW.Example.ORG.', 'www.example.org'],
  ['name', '.', '.'],
  ['hex', 'AB:CD', 'abcd'],
  ['integer', '443', 443],
  ['integer', '-0', 0],
  ['integer', '9007199254740991', 9_007_199_254_740_991],
  ['integer', '9007199254740992', undefined],
  ['integer', ' 1', undefined],
  ['integer', '1_000', undefined],
  ['integer', '1e3', undefined],
  ['integer', 1.5, undefined],
  ['integer', '', undefined],
  ['real', '1e-06', 0.000_001],
  ['real', 'nan', undefined],
  ['real', '1.', undefined],
  ['real', '1e999', undefined],
  ['boolean', 'T', true],
  ['boolean', 'false', false],
  ['boolean', 1, undefined],
  ['ip', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['ip', '010.0.0.1', undefined],
  ['ip', 1, undefined],
  ['seconds', '1521911725.396014', 1_521_911_725_396_014],
  ['seconds', 1_521_911_725_396, 1_521_911_725_396_000],
  ['seconds', '2018-03-24T17:15:25.396014Z', 1_521_911_725_396_014],
  ['seconds', 253_402_300_799, 253_402_300_799_000_000],
  ['seconds', 'XXXXXXXXXX.XXXXXX', undefined],
  ['seconds', 1e300, undefined],
  ['iso', '2018-03-24', undefined],
  ['interval', '0.5', 500_000],
  ['interval', -1, -1_000_000],
  ['list', 'a', ['a']],
  ['list', [], []],
  ['list', ['a', null, 1], ['a', '1']],
  ['ips', ['a', '::FFFF:1.2.3.4', '1.2.3.4'], ['1.2.3.4', '1.2.3.4']],
  ['joined', ['a', 'b'], 'a,b'],
  ['json', { a: 1 }, '{"a":1}'],
];

describe('converterOf', () => {
  it.each(cases)('%s of %j', (as, value, want) => {
    expect(converterOf(as)(value)).toEqual(want);
  });

  it('reads the marks of formats that have only text', () => {
    const marks = { empty: '(empty)', listSeparator: ',' };
    expect(converterOf('list', marks)('(empty)')).toEqual([]);
    expect(converterOf('list', marks)('a,b')).toEqual(['a', 'b']);
    expect(converterOf('text', marks)('(empty)')).toBe('');
  });
});
