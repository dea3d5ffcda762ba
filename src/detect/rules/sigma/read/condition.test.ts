import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigmaError } from '../error.ts';
import type { Search } from '../model.ts';
import { parseCondition } from './condition.ts';

const names = ['a', 'b', 'sel_1', 'sel_2_x', 'filter-x', '_hidden'];

function show(search: Search): string {
  if (search.kind === 'identifier') return search.name;
  if (search.kind === 'not') return `!${show(search.of)}`;
  return `(${search.of.map(show).join(search.kind === 'and' ? ' & ' : ' | ')})`;
}

const parse = (text: string): Search => parseCondition(text, names, { line: 7, column: 1, offset: 0 });
const shown = (text: string): string => show(parse(text));

function faultOf(text: string): string {
  try {
    return shown(text);
  } catch (error) {
    if (error instanceof SigmaError) return `${error.at.line} ${error.message}`;
    throw error;
  }
}

describe('parseCondition', () => {
  it('binds or least, then and, not, parentheses', () => {
    expect(shown('not a or b and a')).toBe('(!a | (b & a))');
    expect(shown('not (a or b) and a')).toBe('(!(a | b) & a)');
    expect(shown('not not a')).toBe('a');
    expect(shown('((a))and(b)')).toBe('(a & b)');
    expect(shown('filter-x and a')).toBe('(filter-x & a)');
  });

  it('resolves selectors, and leaves hidden searches out unless they are asked for', () => {
    expect(shown('1 of sel_*')).toBe('(sel_1 | sel_2_x)');
    expect(shown('any of sel_*')).toBe('(sel_1 | sel_2_x)');
    expect(shown('all of *_x and a')).toBe('(sel_2_x & a)');
    expect(shown('1 of sel_*_x')).toBe('sel_2_x');
    expect(shown('all of them')).toBe('(a & b & sel_1 & sel_2_x & filter-x)');
    expect(shown('1 of _h*')).toBe('_hidden');
  });

  it('says what is wrong and where', () => {
    expect(faultOf('')).toBe('7 the condition is empty');
    expect(faultOf('a and')).toBe('7 the condition ends where a search was expected');
    expect(faultOf('a AND b')).toBe('7 "AND" was not expected here; operators are lower case (character 3)');
    expect(faultOf('a and sel_3')).toBe('7 the detection has no "sel_3"; did you mean "sel_1"? (character 7)');
    expect(faultOf('(a')).toBe('7 a parenthesis is not closed (character 1)');
    expect(faultOf('a)')).toBe('7 a parenthesis closes that was not opened (character 2)');
    expect(faultOf('2 of them')).toBe('7 only "1 of", "any of" and "all of" are known, not "2 of" (character 1)');
    expect(faultOf('all of (a)')).toBe('7 "of" needs "them" or a pattern of search identifiers (character 8)');
    expect(faultOf('1 of nothing*')).toBe('7 no search identifier fits "nothing*" (character 6)');
    expect(faultOf('a | count() > 5')).toBe(
      '7 aggregation behind "|" is no longer part of Sigma: write a correlation rule (character 3)',
    );
  });

  it('bounds hostile conditions', () => {
    expect(faultOf(`${'('.repeat(5000)}a`)).toBe('7 parentheses are nested deeper than 100 (character 101)');
    expect(faultOf('a or '.repeat(2_000_000))).toBe('7 the condition is longer than 100000 characters');
    expect(shown(`${'not '.repeat(20_001)}a`)).toBe('!a');
    const many = Array.from({ length: 1000 }, (_none, index) => `s${index}`);
    const selectors = `1 of them${' or 1 of them'.repeat(200)}`;
    expect(() => parseCondition(selectors, many, { line: 1, column: 1, offset: 0 })).toThrow(
      'selectors stand for more than',
    );
  });

  it('never fails but with a Sigma error', () => {
    const token = fc.constantFrom('a', 'b', 'and', 'or', 'not', '(', ')', '1', 'all', 'of', 'them', 'sel_*', '|', 'x');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 20 }), (tokens) => {
        expect(typeof faultOf(tokens.join(' '))).toBe('string');
      }),
    );
  });
});
