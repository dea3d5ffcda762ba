import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beaconScore, createBeaconScorer, dataSizeScore, durationScore, timestampScore } from './beacon-score.ts';
import { bimodalFitScore, createHistogram, frequencyCounts, histogramEdges } from './histogram.ts';
import { bowleySkewness, deviationScore, distinctCounts } from './statistical-score.ts';
import { ritaCode } from './profile.ts';
import { medianAbsoluteDeviation, medianOf, sortedCopy } from './quartiles.ts';

const evenly = (count: number, step: number): number[] => Array.from({ length: count }, (_none, index) => index * step);

describe('timestampScore', () => {
  it('is 1 for a clock and drops repeated seconds before it scores', () => {
    expect(timestampScore(evenly(10, 60))?.score).toBe(1);
    expect(timestampScore([0, 0, 60, 60, 120, 180])).toMatchObject({
      score: 1,
      distinct: { values: [0, 60], counts: [2, 3] },
    });
  });
  it('refuses fewer than four times and fewer than three intervals that are not zero', () => {
    expect(timestampScore([1, 2, 3])).toBeUndefined();
    expect(timestampScore([1, 1, 1, 2, 3])).toBeUndefined();
  });
});

describe('dataSizeScore', () => {
  it('scores bytes that are all zero by their symmetry alone', () => {
    expect(dataSizeScore([0, 0, 0])?.score).toBe(0.5);
  });
  it('needs three sizes', () => {
    expect(dataSizeScore([1, 2])).toBeUndefined();
  });
});

describe('bowleySkewness', () => {
  it('is taken as 0 where the quartiles lie closer than 10', () => {
    expect(bowleySkewness([1, 1, 2, 9, 9])).toEqual({ skewness: 0, score: 1 });
    expect(bowleySkewness([0, 1, 2, 100, 200])?.skewness).toBeGreaterThan(0.9);
  });
});

describe('deviationScore', () => {
  it('falls back to the default below a median of 1 and never goes below 0', () => {
    expect(deviationScore([0, 0, 5], 1)).toEqual({ deviation: 0, score: 1 });
    expect(deviationScore([1, 1, 1, 9, 9, 9, 9], 0)?.score).toBe(1);
    expect(deviationScore([-5, 1, 40, 41, 42], 0)?.score).toBeGreaterThanOrEqual(0);
  });
});

describe('distinctCounts', () => {
  it('takes the smallest of the most frequent as the mode', () => {
    expect(distinctCounts([3, 1, 3, 1])).toEqual({ values: [1, 3], counts: [2, 2], mode: 1, modeCount: 2 });
  });
});

describe('createHistogram', () => {
  it('counts what lies outside the edges into the outer bins', () => {
    expect(createHistogram([10, 20, 30], [1, 15, 20, 30, 99], 0.05)?.histogram).toEqual([2, 3]);
  });
  it('refuses a range without length and a list without times', () => {
    expect(histogramEdges(5, 5, 24)).toBeUndefined();
    expect(createHistogram([0, 1], [], 0.05)).toBeUndefined();
  });
});

describe('frequencyCounts', () => {
  it('follows a run around the end of the day', () => {
    expect(frequencyCounts([1, 1, 0, 0, 1], 0.05)?.longestRun).toBe(3);
    expect(frequencyCounts([1, 1, 1], 0.05)?.longestRun).toBe(3);
  });
});

describe('bimodalFitScore', () => {
  it('is 0 below the minimum of hours and leaves one outlier out above it', () => {
    expect(bimodalFitScore(new Map([[1, 5]]), 5, 1, 11)).toBe(0);
    expect(
      bimodalFitScore(
        new Map([
          [1, 6],
          [2, 5],
          [3, 1],
        ]),
        12,
        1,
        11,
      ),
    ).toBe(1);
  });
});

describe('durationScore', () => {
  it('is 0 when seen in fewer hours than the minimum', () => {
    const input = {
      datasetStart: 0,
      datasetEnd: 86_400,
      first: 0,
      last: 80_000,
      bars: 5,
      longestRun: 5,
      minimumHours: 6,
      idealHours: 12,
    };
    expect(durationScore(input)?.score).toBe(0);
    expect(durationScore({ ...input, bars: 6 })?.score).toBe(0.926);
    expect(durationScore({ ...input, last: 0 })).toBeUndefined();
  });
});

describe('beaconScore', () => {
  it('insists on weights that sum to exactly 1', () => {
    const parts = { timestamps: 1, sizes: 1, duration: 1, histogram: 1 };
    const quarter = { timestamps: 0.25, sizes: 0.25, duration: 0.25, histogram: 0.25 };
    expect(beaconScore(parts, quarter)).toBe(1);
    expect(beaconScore(parts, { ...quarter, sizes: 0.2 })).toBeUndefined();
    expect(beaconScore({ ...parts, sizes: 1.1 }, quarter)).toBeUndefined();
  });
});

describe('createBeaconScorer', () => {
  const score = createBeaconScorer(0, 86_400, ritaCode.beacon);
  it('gives 1 to a clock with one size over a whole day', () => {
    expect(score(Float64Array.from(evenly(289, 300)), new Float64Array(289).fill(400))?.score).toBe(1);
  });
  it('gives nothing where one part cannot be told', () => {
    expect(score(Float64Array.of(0, 1, 2), Float64Array.of(1, 1, 1))).toBeUndefined();
  });
});

describe('medianAbsoluteDeviation', () => {
  it('is the median of all distances from the median', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), (values) => {
        const sorted = sortedCopy(values);
        const distances = sortedCopy(values.map((value) => Math.abs(value - medianOf(sorted))));
        expect(medianAbsoluteDeviation(sorted)).toBe(medianOf(distances));
      }),
    );
  });
});
