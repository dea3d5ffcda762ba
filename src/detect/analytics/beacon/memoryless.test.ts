import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergence, memorylessShare } from './memoryless.ts';

/** Share of an exponential density of this rate inside the windows around 1, 2, … periods. */
function exactShare(rate: number, halfWidth: number, multiples: number, dead: number): number {
  let sum = 0;
  for (let k = 1; k <= multiples; k++) {
    const half = halfWidth * Math.sqrt(k);
    sum += Math.exp(-rate * Math.max(0, k - half - dead)) - Math.exp(-rate * (k + half - dead));
  }
  return sum;
}

describe('memorylessShare', () => {
  it('is never passed by any rate', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.8, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.double({ min: 0.001, max: 40, noNaN: true }),
        (halfWidth, multiples, dead, rate) => {
          fc.pre(multiples === 1 || halfWidth * Math.sqrt(multiples) <= 0.5);
          expect(exactShare(rate, halfWidth, multiples, dead)).toBeLessThanOrEqual(
            memorylessShare(halfWidth, multiples, dead) + 1e-12,
          );
        },
      ),
    );
  });

  it('is 1 where the window reaches down to the shortest interval that can occur', () => {
    expect(memorylessShare(0.5, 1, 0.5)).toBe(1);
    expect(memorylessShare(0.5, 1, 0.9)).toBe(1);
  });
});

describe('divergence', () => {
  it('is 0 at or below the bound and grows with what is seen', () => {
    expect(divergence(0.3, 0.4)).toBe(0);
    expect(divergence(1, 0.4)).toBeCloseTo(-Math.log(0.4), 12);
    expect(divergence(0.9, 0.4)).toBeGreaterThan(divergence(0.6, 0.4));
    expect(divergence(1, 1)).toBe(0);
  });
});
