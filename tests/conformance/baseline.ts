import type { SuiteResult } from './suite.ts';

export interface SuiteReport extends SuiteResult {
  readonly id: string;
}

/** Pass counts that must not fall, by suite id. */
export type Baseline = Readonly<Record<string, { readonly passed: number; readonly total: number }>>;

/**
 * One line for every suite that passes less than it did, fails as a whole, or (when `knownIds` is given) is gone.
 * A suite without its data is no regression: the corpus need not be there.
 */
export function findRegressions(
  baseline: Baseline,
  reports: readonly SuiteReport[],
  knownIds?: readonly string[],
): string[] {
  const lines: string[] = [];
  for (const report of reports) {
    const before = baseline[report.id];
    const isBroken = report.failed.some((failure) => failure.case === '(suite)');
    if (isBroken) lines.push(`${report.id} did not run: ${report.failed[0]?.got.split('\n')[0] ?? ''}`);
    else if (before !== undefined && report.total > 0 && report.passed < before.passed) {
      lines.push(`${report.id} passes ${report.passed} of ${report.total}, was ${before.passed} of ${before.total}`);
    }
  }
  if (knownIds === undefined) return lines;
  const gone = Object.keys(baseline).filter((id) => !knownIds.includes(id));
  return [...lines, ...gone.map((id) => `${id} stands in the baseline and is gone`)];
}

/** The baseline with what ran put in; suites that are gone drop out, those without data stay as they were. */
export function updateBaseline(
  baseline: Baseline,
  reports: readonly SuiteReport[],
  knownIds: readonly string[],
): Baseline {
  const merged = new Map(Object.entries(baseline).filter(([id]) => knownIds.includes(id)));
  for (const { id, passed, total } of reports) if (total > 0) merged.set(id, { passed, total });
  return Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}
