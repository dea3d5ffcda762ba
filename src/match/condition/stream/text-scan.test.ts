import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countGrams } from './fragments.ts';
import { textScan, type Wakers } from './text-scan.ts';
import type { Place } from './triggers.ts';

const word = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('a', 'b', 'c', '.', '\\', 'é', '\u0161', '😀', '\uD83D'), { minLength, maxLength })
    .map((parts) => parts.join(''));

const stands: Readonly<Record<Place, (text: string, literal: string) => boolean>> = {
  whole: (text, literal) => text === literal,
  start: (text, literal) => text.startsWith(literal),
  end: (text, literal) => text.endsWith(literal),
  inside: (text, literal) => text.includes(literal),
};

function wakers(literals: readonly string[]): Wakers {
  return new Map([...new Set(literals)].map((literal, rule) => [literal, [rule]]));
}

function woken(places: Record<Place, Wakers>, text: string): ReadonlySet<number> {
  const found = new Set<number>();
  const grams = countGrams(Object.values(places).flatMap((one) => [...one.keys()]));
  textScan(places, grams, (rules) => rules.forEach((rule) => found.add(rule)))?.(text);
  return found;
}

const none: Record<Place, Wakers> = { whole: new Map(), start: new Map(), end: new Map(), inside: new Map() };

describe('a scan of a text', () => {
  it.each(['whole', 'start', 'end'] as const)('wakes exactly those whose literal stands at its place: %s', (place) => {
    fc.assert(
      fc.property(fc.array(word(1, 12), { minLength: 1, maxLength: 30 }), word(0, 12), (literals, text) => {
        const own = wakers(literals);
        const expected = [...own].filter(([literal]) => stands[place](text, literal)).flatMap(([, rules]) => rules);
        expect(woken({ ...none, [place]: own }, text)).toEqual(new Set(expected));
      }),
    );
  });

  it.each([
    ['long', 5, 14],
    ['short and long', 1, 14],
  ])('wakes all whose literal stands inside: %s ones', (_name, shortest, longest) => {
    fc.assert(
      fc.property(
        fc.array(word(shortest, longest), { minLength: 1, maxLength: 30 }),
        fc.array(word(0, 8), { maxLength: 4 }),
        (literals, around) => {
          const own = wakers(literals);
          const text = around.map((part, at) => part + (literals[at] ?? '')).join('');
          const expected = [...own].filter(([literal]) => text.includes(literal)).flatMap(([, rules]) => rules);
          expect([...woken({ ...none, inside: own }, text)]).toEqual(expect.arrayContaining(expected));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds a literal wherever it stands in a text of many parts', () => {
    const own = wakers(['needle-a', 'pin']);
    for (let before = 16_350; before < 16_400; before++) {
      const text = `${'x'.repeat(before)}needle-a${'x'.repeat(20_000)}pin`;
      expect(woken({ ...none, inside: own }, text).size).toBe(2);
    }
    expect(woken({ ...none, inside: own }, 'x'.repeat(50_000)).size).toBe(0);
  });

  it('leaves asleep what has no piece in the text', () => {
    const own = wakers(['certutil.exe', 'bitsadmin', 'šé']);
    expect([...woken({ ...none, inside: own }, 'c:\\windows\\system32\\certutil.exe -urlcache')]).toEqual([0]);
  });
});
