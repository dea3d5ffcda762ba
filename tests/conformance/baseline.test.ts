import { describe, expect, it } from 'vitest';
import { findRegressions, updateBaseline, type SuiteReport } from './baseline.ts';

const report = (id: string, passed: number, total: number): SuiteReport => ({
  id,
  total,
  passed,
  skipped: 0,
  failed: Array.from({ length: total - passed }, (_, index) => ({ case: `case ${index}`, got: 'a', want: 'b' })),
});

describe('the conformance baseline', () => {
  const baseline = { 'rita/vectors': { passed: 8, total: 10 } };

  it('accepts as many passes as before, and more', () => {
    expect(findRegressions(baseline, [report('rita/vectors', 8, 10)])).toEqual([]);
    expect(findRegressions(baseline, [report('rita/vectors', 10, 10)])).toEqual([]);
  });

  it('names a suite that passes less', () => {
    expect(findRegressions(baseline, [report('rita/vectors', 7, 10)])).toEqual([
      'rita/vectors passes 7 of 10, was 8 of 10',
    ]);
  });

  it('does not hold missing data against a suite', () => {
    expect(findRegressions(baseline, [report('rita/vectors', 0, 0)])).toEqual([]);
    expect(updateBaseline(baseline, [report('rita/vectors', 0, 0)], ['rita/vectors'])).toEqual(baseline);
  });

  it('reports a suite that broke, whether it has a baseline or not', () => {
    const broken: SuiteReport = {
      ...report('new/suite', 0, 1),
      failed: [{ case: '(suite)', got: 'boom\n at x', want: '' }],
    };
    expect(findRegressions(baseline, [broken])).toEqual(['new/suite did not run: boom']);
  });

  it('reports a suite whose file is gone, and forgets it on update', () => {
    expect(findRegressions(baseline, [], [])).toEqual(['rita/vectors stands in the baseline and is gone']);
    expect(updateBaseline(baseline, [report('a/b', 1, 2)], ['a/b'])).toEqual({ 'a/b': { passed: 1, total: 2 } });
  });
});
