import { VakthundError } from '../../../base/errors.ts';
import { lineUp } from '../../../inspect/packages/compare/line-up.ts';
import { readReport } from '../../../inspect/packages/compare/read-report.ts';
import type { ScannerReport } from '../../../inspect/packages/compare/report.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { judgeSubject } from './judge-subject.ts';
import { comparisonAsJson, comparisonAsText } from './print-comparison.ts';
import type { AssessmentOptions } from './scan-options.ts';

export interface CompareOptions extends AssessmentOptions {
  readonly with: readonly string[];
}

/** Prints how other scanners' reports differ from our own list, and why. */
export async function runCompare(reference: string, options: CompareOptions, terminal: Terminal): Promise<ExitCode> {
  const reports = distinctNames(options.with.map((path) => readReport(path)));
  const { subject, assessment, book, asOf, dataDate } = await judgeSubject(reference, options, terminal);
  const today = new Date().toISOString().slice(0, 10);
  const comparison = lineUp(reports, { subject, assessment, book, asOf, today, dataDate });
  terminal.out(
    terminal.json
      ? comparisonAsJson(comparison, subject, assessment.notChecked)
      : comparisonAsText(comparison, subject, assessment.notChecked, terminal),
  );
  return 0;
}

/** Two reports of one scanner, and one of ours beside what we find now, are told apart by their files. */
function distinctNames(reports: readonly ScannerReport[]): ScannerReport[] {
  if (new Set(reports.map(({ path }) => path)).size < reports.length) {
    throw new VakthundError('USAGE', 'a report was given twice');
  }
  const names = ['Vakthund', ...reports.map(({ scanner }) => scanner)];
  const isTwice = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return reports.map((report) =>
    isTwice(report.scanner) ? { ...report, scanner: `${report.scanner} (${report.path})` } : report,
  );
}
