import type { Entity } from '../../../events/entity.ts';
import { severityRank, type VulnerabilitySeverity } from '../../../inspect/packages/matching/severity.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import type { GlobalOptions } from '../../context.ts';
import { judgeSubject, type Judged } from './judge-subject.ts';
import { scanAsJson } from './print-scan-json.ts';
import { scanAsText } from './print-scan-text.ts';
import type { AssessmentOptions } from './scan-options.ts';

export interface ScanOptions extends AssessmentOptions, GlobalOptions {
  readonly join?: boolean;
  readonly failOn?: Exclude<VulnerabilitySeverity, 'unknown' | 'negligible'>;
}

/** Prints the vulnerabilities of an image, a root or a bill of materials. Exit code 1 when one is as bad as `--fail-on`. */
export async function runScan(reference: string, options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const judged = await judgeSubject(reference, options, terminal);
  if (options.join === true) await joinCase(reference, judged, options, terminal);
  else if (!terminal.json) terminal.out(scanAsText(judged, terminal));
  else for (const text of scanAsJson(judged)) terminal.out(text);
  const limit = options.failOn === undefined ? Infinity : severityRank(options.failOn);
  return judged.assessment.vulnerabilities.some(({ severity }) => severityRank(severity) >= limit) ? 1 : 0;
}

/** Keeps the vulnerabilities in the case, and tells the verdict over everything that it holds. */
async function joinCase(reference: string, judged: Judged, options: ScanOptions, terminal: Terminal): Promise<void> {
  const { claimsOf } = await import('../../../inspect/packages/matching/claims.ts');
  const { printInspection } = await import('../../print-inspection.ts');
  const { vulnerabilities, problems, notChecked } = judged.assessment;
  const { failOn: _ownLimit, ...others } = options;
  const inspection = {
    subject: reference,
    claims: claimsOf(placeOf(judged), vulnerabilities),
    problems,
    notChecked,
    by: 'image scan',
    ran: ['advisories'],
  };
  await printInspection(inspection, { ...others, join: true }, terminal);
}

/** An image is known by its name; a root that names its machine stands for that machine. */
function placeOf({ subject: { name, hostName } }: Judged): Entity {
  return hostName === undefined ? { kind: 'image', value: name } : { kind: 'host', value: hostName };
}
