import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRegularity, type RegularityFloor } from './regularity.ts';

const sample = (intervals: readonly number[], dead = 0, resolution = 0): Parameters<typeof findRegularity>[0] => ({
  sorted: Float64Array.from(intervals).sort(),
  dead,
  resolution,
});

describe('findRegularity', () => {
  it('tells the period and the spread of a clock', () => {
    const found = findRegularity(sample(Array.from({ length: 50 }, () => 300)));
    expect(found).toMatchObject({ spread: 0.01, multiples: 1, inside: 50, intervals: 50 });
    expect(found?.period).toBeCloseTo(300, 0);
    expect(found?.evidence).toBeGreaterThan(200);
  });

  it('follows missed calls by whole periods', () => {
    const intervals = Array.from({ length: 60 }, (_none, index) => 300 * (1 + (index % 3 === 0 ? 1 : 0)) + (index % 7));
    expect(findRegularity(sample(intervals))).toMatchObject({ inside: 60 });
  });

  it('does not take a clock of whole seconds for the regularity of what it measures', () => {
    const memoryless = Array.from({ length: 400 }, (_none, index) => Math.ceil(-3 * Math.log((index + 0.5) / 400)));
    const fine = findRegularity(sample(memoryless, 0, 0));
    const coarse = findRegularity(sample(memoryless, 0, 1));
    expect(fine?.evidence).toBeGreaterThan(16);
    expect(coarse?.evidence ?? 0).toBeLessThan(16);
  });

  it('says nothing about fewer than three intervals', () => {
    expect(findRegularity(sample([1, 1]))).toBeUndefined();
    expect(findRegularity(sample([]))).toBeUndefined();
  });

  it('gives finite numbers whatever the intervals are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { maxLength: 60 }), (intervals) => {
        const found = findRegularity(sample(intervals));
        if (found === undefined) return;
        expect(Number.isFinite(found.evidence) && Number.isFinite(found.information)).toBe(true);
        expect(found.inside).toBeLessThanOrEqual(found.intervals);
      }),
    );
  });

  it('passes over what cannot reach the floor, and finds the same above it', () => {
    const floor: RegularityFloor = { evidence: 12, information: 0.25 };
    const gap = fc.oneof(fc.double({ min: 250, max: 350, noNaN: true }), fc.double({ min: 1, max: 5000, noNaN: true }));
    fc.assert(
      fc.property(fc.array(gap, { minLength: 3, maxLength: 60 }), fc.constantFrom(0, 1), (gaps, resolution) => {
        const found = findRegularity(sample(gaps, 0.1, resolution));
        const isTold =
          found !== undefined && found.evidence >= floor.evidence && found.information >= floor.information;
        expect(findRegularity(sample(gaps, 0.1, resolution), floor)).toEqual(isTold ? found : undefined);
      }),
    );
  });
});
