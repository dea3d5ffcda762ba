import { severityRank, type Severity } from '../events/finding.ts';
import type { Report } from './report-schema.ts';

/** Findings and incidents at or over a severity: with `--fail-on`, any of them makes the exit code 1. */
export function countAtOrOver(report: Pick<Report, 'findings' | 'incidents'>, severity: Severity): number {
  const rank = severityRank(severity);
  return [...report.findings, ...report.incidents].filter((one) => severityRank(one.severity) >= rank).length;
}
