import { severityRank, type VulnerabilitySeverity } from '../../../inspect/packages/matching/severity.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { judgeSubject } from './judge-subject.ts';
import { scanAsJson } from './print-scan-json.ts';
import { scanAsText } from './print-scan-text.ts';
import type { AssessmentOptions } from './scan-options.ts';

export interface ScanOptions extends AssessmentOptions {
  readonly failOn?: Exclude<VulnerabilitySeverity, 'unknown' | 'negligible'>;
}

/** Prints the vulnerabilities of an image, a root or a bill of materials. Exit code 1 when one is as bad as `--fail-on`. */
export async function runScan(reference: string, options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const judged = await judgeSubject(reference, options, terminal);
  terminal.out(terminal.json ? scanAsJson(judged) : scanAsText(judged, terminal));
  const limit = options.failOn === undefined ? Infinity : severityRank(options.failOn);
  return judged.assessment.vulnerabilities.some(({ severity }) => severityRank(severity) >= limit) ? 1 : 0;
}
