import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureText } from './text-statistics.ts';

const words = [
  'customer',
  'portal',
  'gateway',
  'static',
  'nyheter',
  'winkel',
  'update',
  'metrics',
  'europe',
  'account',
  'cluster',
  'backup',
] as const;

function randomPieces(alphabet: string): fc.Arbitrary<string[]> {
  const character = fc.nat(alphabet.length - 1).map((place) => alphabet.charAt(place));
  const piece = fc.array(character, { minLength: 28, maxLength: 28 }).map((characters) => characters.join(''));
  return fc.noBias(fc.array(piece, { minLength: 30, maxLength: 60 }));
}

const wordedPieces = fc.noBias(
  fc.array(
    fc
      .tuple(fc.constantFrom(...words), fc.constantFrom(...words), fc.nat(99))
      .map(([a, b, number]) => `${a}-${b}${number}`),
    { minLength: 60, maxLength: 90 },
  ),
);

describe('statistics of a text', () => {
  it.each([
    '0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyz234567',
    'abcdefghijklmnopqrstuvwxyz0123456789-_',
    'abcdefghijklmnop',
  ])('finds no order in random text over %s', (alphabet) => {
    const property = fc.property(randomPieces(alphabet), (pieces) => {
      const text = measureText(pieces);
      expect(text.foretelling).toBeLessThan(0.12);
      expect(text.evenness).toBeGreaterThan(0.95);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('finds the order of words and of names that are built', () => {
    const property = fc.property(wordedPieces, (pieces) => {
      expect(measureText(pieces).foretelling).toBeGreaterThan(0.5);
    });
    fc.assert(property, { numRuns: 40 });
    const hosts = Array.from(
      { length: 60 },
      (_none, index) => `srv-ams-${String((index * 37) % 1000).padStart(3, '0')}`,
    );
    expect(measureText(hosts).foretelling).toBeGreaterThan(0.5);
  });

  it('counts changes between digits and letters', () => {
    expect(measureText(['a1b2', 'words']).mixing).toBeCloseTo(3 / 9);
    expect(measureText(['12', 'ab']).mixing).toBe(0);
  });

  it('says nothing about nothing, and stays bounded with much', () => {
    expect(measureText([])).toEqual({ characters: 0, bits: 0, evenness: 0, mixing: 0, foretelling: 0 });
    expect(measureText(['', 'a'])).toMatchObject({ characters: 1, bits: 0, evenness: 0 });
    expect(measureText(Array.from({ length: 100_000 }, () => 'abcdef0123')).characters).toBe(20_000);
  });

  it('gives the same numbers every time', () => {
    const pieces = ['6bd65144cbf97f880c61618b6aac', '76de7430cd5bf965cbaa56c6679d'];
    expect(measureText(pieces)).toEqual(measureText(pieces));
  });
});
