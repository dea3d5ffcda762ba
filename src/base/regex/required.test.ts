import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForeignPattern, textsRequiredBy } from '../regex.ts';

const lower = (letter: string): string => letter.toLowerCase();

describe('texts that a pattern requires', () => {
  it.each<[string, readonly string[] | undefined]>([
    [String.raw`ping\s+-n.{6,64}echo EEEE.?>`, ['echo eeee']],
    ['https?://[0-9]+', ['https://', 'http://']],
    ['(?i)Kiwi', ['kiwi']],
    ['(?:foo|ba[rz])+qux', ['foo', 'bar', 'baz']],
    ['a{3}b', ['aaab']],
    ['(?:longer|x).*', ['longer', 'x']],
    ['[0-9a-z]{8}', undefined],
    ['abc|', undefined],
    ['(?:abc)*', undefined],
    ['(', undefined],
  ])('%s', (pattern, texts) => {
    const found = textsRequiredBy(pattern, {}, lower);
    expect(found === undefined ? undefined : [...found].sort()).toEqual(
      texts === undefined ? undefined : [...texts].sort(),
    );
  });

  it('stand in every text that matches', () => {
    const piece = fc.constantFrom(
      'ab',
      'K',
      '[xy]',
      '(?:a|bc)',
      '(?:a|b)?',
      'c{2}',
      'd{2,3}',
      '(?i:s)',
      '.',
      'e*',
      '^',
      String.raw`\b`,
    );
    const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'k', 'K', 's', 'S', 'ſ', 'x', 'y', ' ');
    const text = fc.array(letter, { maxLength: 14 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (source, texts) => {
        const compiled = compileForeignPattern(source);
        const required = textsRequiredBy(source, {}, lower);
        if ('fault' in compiled || required === undefined) return;
        for (const one of texts.filter((each) => compiled.test(each))) {
          const folded = one.toLowerCase();
          expect(required.some((each) => folded.includes(each))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
