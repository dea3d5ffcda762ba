import { describe, expect, it } from 'vitest';
import { coverOf } from './cover.ts';
import { commonPairs, Pairs } from './pairs.ts';

const wordsOf = (label: string): string[] => coverOf(label).parts.map(({ start, end }) => label.slice(start, end));

describe('the words of a label', () => {
  it.each([
    ['weddingportfolio', ['wedding', 'portfolio']],
    ['buffalopaintandwallpaper', ['buffalo', 'paint', 'and', 'wallpaper']],
    ['diving-in-thailand', ['diving', 'in', 'thailand']],
    ['expertsexchange', ['experts', 'exchange']],
    ['x', []],
    ['', []],
  ])('of %s are %j', (label, words) => {
    expect(wordsOf(label)).toEqual(words);
  });

  it('explain little of random letters', () => {
    const { gain, letters } = coverOf('xkqzvbjwtrpq');
    expect(letters).toBeLessThan(5);
    expect(gain).toBeLessThan(2);
    expect(coverOf('weatherstation').gain).toBeGreaterThan(8);
  });
});

describe('pairs of words', () => {
  const areTogether = (label: string): boolean => {
    const [first, second] = coverOf(label).parts;
    return first !== undefined && second !== undefined && commonPairs().has(first.hash, second.hash);
  };

  it('are those of running text', () => {
    expect(
      ['virginiabeach', 'savingsbank', 'disabilitybenefits', 'brownpaper'].filter((label) => !areTogether(label)),
    ).toEqual([]);
    expect(['jumpdish', 'watchpaid', 'moonloud'].filter(areTogether)).toEqual([]);
  });

  it('are found again, and others seldom', () => {
    const pairs = new Pairs();
    for (let number = 0; number < 150_000; number++) pairs.add(number * 7919, number);
    let wrong = 0;
    for (let number = 0; number < 10_000; number++) {
      expect(pairs.has(number * 7919, number)).toBe(true);
      if (pairs.has(number * 7919 + 1, number)) wrong++;
    }
    expect(wrong).toBeLessThan(200);
  });
});
