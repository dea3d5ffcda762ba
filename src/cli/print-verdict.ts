import { relative } from 'node:path';
import type { Verdict } from '../case/service.ts';
import type { Severity } from '../events/finding.ts';
import { lookBack, type LookBack } from '../outputs/look-back.ts';
import { buildReport } from '../outputs/report.ts';
import type { Report } from '../outputs/report-schema.ts';
import { printReport, writeReports, type ReportFiles } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface PrintOptions {
  readonly showAll: boolean;
  readonly failOn?: Severity;
  /** The part that is wanted; everything when left out. */
  readonly part?: LookBack;
}

/** Prints a verdict and writes the files that were asked for. Returns the report that was told. */
export function printVerdict(
  verdict: Verdict,
  files: ReportFiles,
  terminal: Terminal,
  { part, ...options }: PrintOptions,
): Report {
  const whole = buildReport(withShortPaths(verdict, process.cwd()));
  const report = part === undefined ? whole : lookBack(whole, part);
  printReport(report, files, terminal, options);
  writeReports(report, files, terminal);
  return report;
}

/** Paths as their user would type them: below the current folder without it, everything else whole. */
function withShortPaths(verdict: Verdict, folder: string): Verdict {
  const short = (path: string): string => {
    const below = relative(folder, path);
    return below !== '' && !below.startsWith('..') ? below : path;
  };
  return {
    ...verdict,
    caseFolder: short(verdict.caseFolder),
    evidence: verdict.evidence.map((row) => ({ ...row, path: short(row.path) })),
    problems: verdict.problems.map((problem) =>
      problem.at.path === undefined ? problem : { ...problem, at: { ...problem.at, path: short(problem.at.path) } },
    ),
    notChecked: verdict.notChecked.map(({ what, why }) => ({ what: what.startsWith('/') ? short(what) : what, why })),
  };
}
