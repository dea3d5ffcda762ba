import type { Verdict } from './service.ts';

/** Several verdicts as one: rows of evidence are numbered anew, everything else stands side by side. */
export function joinVerdicts(verdicts: readonly Verdict[], caseFolder: string): Verdict {
  let last = 0;
  const moved = verdicts.map((verdict) => {
    const offset = last;
    last = verdict.evidence.reduce((most, { evidence_id: id }) => Math.max(most, id + offset), offset);
    return withIds(verdict, offset);
  });
  const spans = moved.flatMap(({ span }) => span ?? []);
  return {
    caseFolder,
    evidence: moved.flatMap(({ evidence }) => evidence),
    findings: moved.flatMap(({ findings }) => findings),
    incidents: moved.flatMap(({ incidents }) => incidents).sort((left, right) => right.risk - left.risk),
    suppressed: moved.flatMap(({ suppressed = [] }) => suppressed),
    problems: moved.flatMap(({ problems }) => problems),
    notChecked: moved.flatMap(({ notChecked }) => notChecked),
    ran: [...new Set(moved.flatMap(({ ran }) => ran))],
    span:
      spans.length === 0
        ? undefined
        : { first: Math.min(...spans.map(({ first }) => first)), last: Math.max(...spans.map(({ last: end }) => end)) },
  };
}

/** The same verdict with every number of evidence raised; 0, which stands for none, stays. */
function withIds(verdict: Verdict, offset: number): Verdict {
  const raised = <T extends { readonly evidence_id: number }>(row: T): T =>
    row.evidence_id === 0 ? row : { ...row, evidence_id: row.evidence_id + offset };
  return {
    ...verdict,
    evidence: verdict.evidence.map(raised),
    findings: verdict.findings.map((finding) => ({ ...finding, evidence: finding.evidence.map(raised) })),
  };
}
