import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beaconScore, dataSizeScore, durationScore, timestampScore } from '../../../src/detect/rita/beacon-score.ts';
import {
  bimodalFitScore,
  createHistogram,
  frequencyCounts,
  histogramEdges,
  histogramScore,
  variationScore,
} from '../../../src/detect/rita/histogram.ts';
import {
  bowleySkewness,
  deviationScore,
  distinctCounts,
  statisticalScore,
} from '../../../src/detect/rita/statistical-score.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/** RITA's unit vectors: a table per function, named as its test is, a row per case. */
const file = 'network/rita/scoring_vectors.json';
const tolerance = 0.001;

type Row = Readonly<Record<string, unknown>>;
/** What ours gave, under the names of the row's `expected…` fields; undefined for an error. */
type Answer = Readonly<Record<string, unknown>> | undefined;

const number = (row: Row, name: string): number => Number(row[name] ?? 0);
const list = (row: Row, name: string): readonly number[] => (row[name] ?? []) as readonly number[];
const counts = (row: Row, name: string): ReadonlyMap<number, number> =>
  new Map(Object.entries((row[name] ?? {}) as Record<string, number>).map(([key, value]) => [Number(key), value]));
const plain = (map: ReadonlyMap<number, number>): Record<string, number> => Object.fromEntries(map);

const functions: Readonly<Record<string, (row: Row) => Answer>> = {
  TestGetBeaconScore: (row) => {
    const part = (suffix: string): Parameters<typeof beaconScore>[0] => ({
      timestamps: number(row, `ts${suffix}`),
      sizes: number(row, `ds${suffix}`),
      duration: number(row, `dur${suffix}`),
      histogram: number(row, `hist${suffix}`),
    });
    const score = beaconScore(part('Score'), part('Weight'));
    return score === undefined ? undefined : { expectedScore: score };
  },
  TestGetTimestampScore: (row) => {
    const score = timestampScore(list(row, 'tsList'));
    return (
      score && {
        expectedScore: score.score,
        expectedSkew: score.skewness,
        expectedMAD: score.deviation,
        expectedUniqueIntervals: score.distinct.values,
        expectedUniqueIntervalCounts: score.distinct.counts,
        expectedTSMode: score.distinct.mode,
        expectedTSModeCount: score.distinct.modeCount,
      }
    );
  },
  TestGetDataSizeScore: (row) => {
    const score = dataSizeScore(list(row, 'bytesList'));
    return (
      score && {
        expectedScore: score.score,
        expectedSkew: score.skewness,
        expectedMAD: score.deviation,
        expectedUniqueSizes: score.distinct.values,
        expectedUniqueSizeCounts: score.distinct.counts,
        expectedDSMode: score.distinct.mode,
        expectedDSModeCount: score.distinct.modeCount,
        expectedRange: (score.distinct.values.at(-1) ?? 0) - (score.distinct.values[0] ?? 0),
      }
    );
  },
  TestCalculateStatisticalScore: (row) => {
    const score = statisticalScore(list(row, 'values'), number(row, 'defaultMadScore'));
    return score && { expectedScore: score.score, expectedSkew: score.skewness, expectedMAD: score.deviation };
  },
  TestGetDurationScore: (row) => {
    const score = durationScore({
      datasetStart: number(row, 'datasetMin'),
      datasetEnd: number(row, 'datasetMax'),
      first: number(row, 'histMin'),
      last: number(row, 'histMax'),
      bars: number(row, 'totalBars'),
      longestRun: number(row, 'longestConsecutiveRun'),
      minimumHours: number(row, 'minHoursThreshold'),
      idealHours: number(row, 'idealConsistencyHours'),
    });
    return (
      score && { expectedScore: score.score, expectedCoverage: score.coverage, expectedConsistency: score.consistency }
    );
  },
  TestGetHistogramScore: (row) => {
    const score = histogramScore(number(row, 'datasetMin'), number(row, 'datasetMax'), list(row, 'tsList'), {
      sensitivity: number(row, 'modalSensitivity'),
      outliers: number(row, 'bimodalOutlierRemoval'),
      minimumHours: number(row, 'minHoursForBimodalAnalysis'),
      bins: number(row, 'beaconTimeSpan'),
    });
    return score && { ...histogramAnswer(score), expectedBinEdges: score.edges, expectedScore: score.score };
  },
  TestCalculateBowleySkewness: (row) => {
    const skew = bowleySkewness(list(row, 'intervalsBetweenTimestamps'));
    return skew && { expectedSkewness: skew.skewness, expectedSkewnessScore: skew.score };
  },
  TestCalculateDistinctCounts: (row) => {
    const distinct = distinctCounts(list(row, 'sortedInput'));
    return (
      distinct && {
        expectedDistinct: distinct.values,
        expectedCounts: distinct.counts,
        expectedMode: distinct.mode,
        expectedMaxCount: distinct.modeCount,
      }
    );
  },
  TestCalculateMedianAbsoluteDeviation: (row) => {
    const mad = deviationScore(list(row, 'inputData'), number(row, 'defaultScore'));
    return mad && { expectedMAD: mad.deviation, expectedScore: mad.score };
  },
  TestComputeHistogramBins: (row) => {
    const edges = histogramEdges(number(row, 'startTime'), number(row, 'endTime'), number(row, 'numBins'));
    return edges && { expectedBinEdges: edges };
  },
  TestCalculateCoefficientOfVariationScore: (row) => {
    const score = variationScore(list(row, 'freqList'));
    return score === undefined ? undefined : { expectedScore: score };
  },
  TestCalculateBimodalFitScore: (row) => {
    const score = bimodalFitScore(
      counts(row, 'freqCount'),
      number(row, 'totalBars'),
      number(row, 'modalOutlierRemoval'),
      number(row, 'minHoursForBimodalAnalysis'),
    );
    return score === undefined ? undefined : { expectedScore: score };
  },
  TestCreateHistogram: (row) => {
    const histogram = createHistogram(list(row, 'binEdges'), list(row, 'tsList'), number(row, 'modalSensitivity'));
    return histogram && histogramAnswer(histogram);
  },
  TestGetFrequencyCounts: (row) => {
    const frequencies = frequencyCounts(list(row, 'histogram'), number(row, 'bimodalSensitivity'));
    return (
      frequencies && {
        expectedCounts: plain(frequencies.heights),
        totalBars: frequencies.bars,
        longestRun: frequencies.longestRun,
      }
    );
  },
};

function histogramAnswer(histogram: NonNullable<ReturnType<typeof createHistogram>>): Record<string, unknown> {
  return {
    expectedHistogram: histogram.histogram,
    expectedFreqCount: plain(histogram.heights),
    expectedTotalBars: histogram.bars,
    expectedLongestRun: histogram.longestRun,
  };
}

/** The first difference between a row and our answer; fields that the row does not state are not compared. */
function difference(row: Row, answer: Answer): { got: string; want: string } | undefined {
  const wantsError = row['expectedError'] === true || row['expectError'] === true;
  if (wantsError || answer === undefined) {
    return wantsError === (answer === undefined)
      ? undefined
      : { got: JSON.stringify(answer ?? 'error'), want: wantsError ? 'error' : 'a score' };
  }
  for (const [name, got] of Object.entries(answer)) {
    const want = row[name];
    if (want === undefined || isClose(got, want)) continue;
    return { got: `${name} ${JSON.stringify(got)}`, want: `${name} ${JSON.stringify(want)}` };
  }
  return undefined;
}

function isClose(got: unknown, want: unknown): boolean {
  if (typeof got === 'number' && typeof want === 'number') return Math.abs(got - want) <= tolerance;
  if (typeof got !== 'object' || typeof want !== 'object' || got === null || want === null) return got === want;
  const keys = new Set([...Object.keys(got), ...Object.keys(want)]);
  return [...keys].every((key) => isClose((got as Row)[key], (want as Row)[key]));
}

export const suite: Suite = {
  id: 'rita/vectors',
  async run(corpus: string): Promise<SuiteResult> {
    const path = join(corpus, file);
    if (!existsSync(path)) return { total: 0, passed: 0, skipped: 0, failed: [] };
    const tables = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, readonly Row[]>>;
    const failed: SuiteFailure[] = [];
    let total = 0;
    for (const [table, rows] of Object.entries(tables)) {
      const run = functions[table];
      for (const [index, row] of rows.entries()) {
        total++;
        const name = `${table}/${typeof row['name'] === 'string' ? row['name'] : index}`;
        const wrong =
          run === undefined ? { got: 'no function for this table', want: 'a function' } : difference(row, run(row));
        if (wrong !== undefined) failed.push({ case: name, ...wrong });
      }
    }
    return {
      total,
      passed: total - failed.length,
      skipped: 0,
      failed,
      figures: { tables: Object.keys(tables).length },
    };
  },
};
