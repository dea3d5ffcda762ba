import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../tests/support/processor-time.ts';
import { compileForeignPattern, type ForeignPattern, type PatternFlags } from './regex.ts';

function compiled(pattern: string, flags?: PatternFlags): ForeignPattern {
  const result = compileForeignPattern(pattern, flags);
  if ('fault' in result) throw new Error(`${pattern}: ${result.fault}`);
  return result;
}

describe('a foreign pattern', () => {
  it.each([
    ['(?=a)', 'invalid perl operator: RE2 has no such group', 0],
    [String.raw`(a)\1`, 'invalid escape sequence', 3],
    ['a**', 'bad repetition operator', 1],
    ['x(', 'missing closing )', 1],
    ['ab)', 'unexpected )', 2],
    ['[b-a]', 'invalid character class range', 1],
    ['a{1001}', 'invalid repetition size', 1],
    ['((a{100}){100}){100}', 'invalid repetition size', 9],
    [String.raw`\p{Klingon}`, 'unknown character class', 0],
    [String.raw`\pL{1000}`, 'pattern too large', 0],
    ['('.repeat(5000), 'nested too deeply', 1000],
    ['a'.repeat(60_000), 'pattern too large', 0],
  ])('is refused with place and reason', (pattern, fault, at) => {
    expect(compileForeignPattern(pattern)).toEqual({ fault, at });
  });

  it.each<[string, PatternFlags, string, boolean]>([
    ['b', {}, 'abc', true],
    ['b', { isWhole: true }, 'abc', false],
    ['a|bc', { isWhole: true }, 'bc', true],
    ['a.c', {}, 'a\nc', false],
    ['a.c', { isDotAll: true }, 'a\nc', true],
    ['^b$', {}, 'a\nb\nc', false],
    ['^b$', { isMultiline: true }, 'a\nb\nc', true],
    ['k', { ignoreCase: true }, '\u212a', true],
    ['straße', { ignoreCase: true }, 'STRAẞE', true],
    ['(?i)a(?-i)b', {}, 'Ab', true],
    ['(?i)a(?-i)b', {}, 'AB', false],
    ['^.$', {}, '😀', true],
    ['^[^a]{2}$', {}, '😀', false],
    ['[😀-😎]', {}, 'x😃', true],
    [String.raw`\bfoo\b`, {}, 'a foo.', true],
    [String.raw`^\d+$`, {}, '٣', false],
    [String.raw`\Qa.b\E+$`, {}, 'a.bb', true],
    [String.raw`^\p{Greek}+\PL$`, {}, 'Σσ1', true],
    ['(|a)*b', { isWhole: true }, 'aab', true],
  ])('means what it means in RE2: %s %o on %j', (pattern, flags, text, matches) => {
    const foreign = compiled(pattern, flags);
    expect(foreign.test(text)).toBe(matches);
    expect(RE2JS.compile(foreign.re2).test(text)).toBe(matches);
  });

  it('takes time linear in the text where backtracking would not end', () => {
    const text = `${'a'.repeat(200_000)}!`;
    const takenMs = processorClock();
    for (const pattern of ['^(a+)+$', '(a|aa)*b', 'a.*a.*a.*b', '(.*a){20}$', '([a-z]+)*0', 'a*'.repeat(30) + 'b']) {
      expect(compiled(pattern).test(text)).toBe(false);
    }
    expect(takenMs()).toBeLessThan(5000);
  });

  it('matches the same whether JavaScript or re2js runs it', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      'é',
      '😀',
      '.',
      '[^a]',
      '[a-c]',
      String.raw`\w`,
      String.raw`\b`,
      '^',
      '$',
      '(a|bc)',
      '(?:a|é)*',
    );
    const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{1,2}')).map((parts) => parts.join(''));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'é', '😀', '\n', ' '), { maxLength: 8 })
      .map((letters) => letters.join(''));
    const flags = fc.record({
      ignoreCase: fc.boolean(),
      isMultiline: fc.boolean(),
      isDotAll: fc.boolean(),
      isWhole: fc.boolean(),
    });
    fc.assert(
      fc.property(pattern, flags, fc.array(text, { minLength: 5, maxLength: 5 }), (source, chosen, texts) => {
        const result = compileForeignPattern(source, chosen);
        if ('fault' in result) return;
        const linear = RE2JS.compile(result.re2);
        for (const sample of texts) expect([sample, result.test(sample)]).toEqual([sample, linear.test(sample)]);
      }),
      { numRuns: 1000 },
    );
  });
});
