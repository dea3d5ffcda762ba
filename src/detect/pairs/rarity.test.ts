import { describe, expect, it } from 'vitest';
import { commonHosts, rarityOf } from './rarity.ts';

describe('commonHosts', () => {
  it('is a twentieth of the network between six and twenty, and never more than there are', () => {
    expect([1, 3, 10, 100, 200, 400, 5000].map(commonHosts)).toEqual([2, 3, 6, 6, 10, 20, 20]);
  });
});

describe('rarityOf', () => {
  it('falls from 1 for one host to 0 for a common destination', () => {
    expect(rarityOf(1, 400)).toBe(1);
    expect(rarityOf(3, 400)).toBeCloseTo(0.633, 3);
    expect(rarityOf(20, 400)).toBe(0);
    expect(rarityOf(4, 4)).toBe(0);
  });
  it('says nothing in a network of one or two', () => {
    expect(rarityOf(1, 2)).toBeUndefined();
  });
});
