import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microsPerHour } from '../../../base/time.ts';
import { findEqualPieces, type Piece } from './pieces.ts';

/** Transfers an hour apart, each a minute long. */
function hourly(sizes: readonly number[]): Piece[] {
  return sizes.map((size, index) => ({
    size,
    began: index * microsPerHour,
    ended: index * microsPerHour + 60_000_000,
  }));
}

describe('pieces of one size', () => {
  it('are those that are nearly alike and make up the most', () => {
    const sizes = [524_288_000, 12_000_000, 524_290_112, 12_000_000, 12_000_500, 524_288_000, 900_000_000];
    expect(findEqualPieces(hourly(sizes))).toMatchObject({
      count: 3,
      runs: 3,
      size: 524_288_000,
      bytes: 1_572_866_112,
    });
    expect(findEqualPieces(hourly(sizes))?.spread).toBeLessThan(0.001);
  });

  it('are one run when each follows the one before at once', () => {
    const parts = Array.from({ length: 15 }, (_none, index) => ({
      size: 134_217_728,
      began: index * 25_000_000,
      ended: index * 25_000_000 + 22_000_000,
    }));
    expect(findEqualPieces(parts)).toMatchObject({ count: 15, runs: 1 });
    expect(
      findEqualPieces([
        ...parts,
        ...parts.map((part) => ({ ...part, began: part.began + microsPerHour, ended: part.ended + microsPerHour })),
      ]),
    ).toMatchObject({ runs: 2 });
  });

  it.each([
    ['two', [500e6, 500e6]],
    ['small ones', [1e6, 1e6, 1e6, 1e6]],
    ['all sizes', [100e6, 120e6, 150e6, 190e6, 250e6]],
    ['none', []],
  ])('are not %s', (_what, sizes) => {
    expect(findEqualPieces(hourly(sizes))).toBeUndefined();
  });

  it('lie within two hundredths of each other, whatever else there is', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000_000 }), { maxLength: 60 }), (sizes) => {
      const found = findEqualPieces(hourly(sizes));
      if (found === undefined) return;
      expect(found.count).toBeGreaterThanOrEqual(3);
      expect(found.spread).toBeLessThanOrEqual(0.0201);
      expect(found.bytes).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + size, 0));
      expect(found.runs).toBeLessThanOrEqual(found.count);
    });
    fc.assert(property, { numRuns: 100 });
  });
});
