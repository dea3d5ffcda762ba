import type { ReportFinding } from '../../report-schema.ts';

/** Findings that say the same, the first of them first. */
export type Row = readonly [ReportFinding, ...ReportFinding[]];

/** Findings of one detector with one title and severity as one row, in the order of their first. */
export function alike(findings: readonly ReportFinding[]): Row[] {
  const rows = new Map<string, [ReportFinding, ...ReportFinding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.severity, finding.detector, finding.title]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [finding]);
    else row.push(finding);
  }
  return [...rows.values()];
}
