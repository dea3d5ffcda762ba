import { formatLocation } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import { formatIso, type Micros } from '../base/time.ts';
import type { KindId } from '../events/event.ts';
import { maxBins, severityRank, type Finding, type Series } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import type { EvidenceRow } from '../store/store.ts';
import type { Report, ReportFinding, ReportIncident, ReportSuppressed } from './report-schema.ts';

/** One leaf of the ledger with what came out of it. */
export interface ReportEvidence extends Pick<
  EvidenceRow,
  'evidence_id' | 'path' | 'sha256' | 'source' | 'size' | 'is_complete'
> {
  readonly events: Readonly<Partial<Record<KindId, number>>>;
  readonly problems: number;
}

/** Who wants a finding to be silent, and why. */
export interface ReportSuppression {
  readonly id: string;
  readonly reason: string;
  readonly author: string;
  readonly expires?: string | undefined;
}

/** Everything that a report is made of, as the case holds it. */
export interface ReportInput {
  readonly caseFolder: string;
  readonly evidence: readonly ReportEvidence[];
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  readonly suppressed?: readonly { readonly finding: Finding; readonly by: ReportSuppression }[];
  /** With the path of their evidence. */
  readonly problems: readonly Problem[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
  readonly span: { readonly first: Micros; readonly last: Micros } | undefined;
  /** Ids of the detectors that were run. */
  readonly ran?: readonly string[];
}

/** The verdict in the shape of `vakthund.report/1`: ledger rows become paths, times become text, the worst comes first. */
export function buildReport(input: ReportInput): Report {
  const paths = new Map(input.evidence.map((row) => [row.evidence_id, row.path]));
  return {
    schema: 'vakthund.report/1',
    case: input.caseFolder,
    evidence: input.evidence.map((row) => ({
      path: row.path,
      sha256: row.sha256,
      source: row.source,
      events: { ...row.events },
      problems: row.problems,
      size: row.size,
      is_complete: row.is_complete,
    })),
    incidents: [...input.incidents].sort(byRisk).map(incidentOf),
    findings: [...input.findings].sort(bySeverity).map((finding) => findingOf(finding, paths)),
    problems: input.problems.map(({ code, at, message, hint, count }) => ({
      code,
      at: formatLocation(at),
      message,
      hint: hint ?? null,
      count: count ?? 1,
    })),
    not_checked: input.notChecked.map(({ what, why }) => ({ what, why })),
    span:
      input.span === undefined
        ? null
        : { first_seen: formatIso(input.span.first), last_seen: formatIso(input.span.last) },
    ...(input.suppressed === undefined || input.suppressed.length === 0
      ? {}
      : { suppressed: input.suppressed.map(suppressedOf) }),
    ...(input.ran === undefined ? {} : { ran: [...input.ran].sort() }),
  };
}

function findingOf(finding: Finding, paths: ReadonlyMap<number, string>): ReportFinding {
  return {
    id: finding.id,
    detector: finding.detector,
    title: finding.title,
    severity: finding.severity,
    score: Number.isFinite(finding.score) ? Math.min(Math.max(finding.score, 0), 1) : 0,
    first_seen: formatIso(finding.first_seen),
    last_seen: formatIso(finding.last_seen),
    entities: finding.entities.map(({ kind, value }) => ({ kind, value })),
    attack: [...finding.attack],
    reasons: finding.reasons.map(({ what, value, weight }) => ({
      what,
      value,
      ...(weight === undefined || !Number.isFinite(weight) ? {} : { weight }),
    })),
    evidence: finding.evidence.map(({ evidence_id, at }) => ({
      path: paths.get(evidence_id) ?? `evidence ${evidence_id}`,
      at,
    })),
    count: finding.count,
    vanishes: finding.vanishes,
    next: finding.next,
    ...(finding.series === undefined ? {} : { series: finding.series.map(seriesOf) }),
    ...(finding.sentence === undefined ? {} : { sentence: finding.sentence }),
  };
}

function suppressedOf({ finding, by }: NonNullable<ReportInput['suppressed']>[number]): ReportSuppressed {
  const { id, detector, title, severity, entities } = finding;
  return {
    finding: id,
    detector,
    title,
    severity,
    entities: entities.map(({ kind, value }) => ({ kind, value })),
    by: by.id,
    reason: by.reason,
    author: by.author,
    expires: by.expires ?? null,
  };
}

function seriesOf({ title, unit, bins }: Series): NonNullable<ReportFinding['series']>[number] {
  return {
    title,
    unit,
    bins: bins.slice(0, maxBins).map(({ label, value }) => ({ label, value: Number.isFinite(value) ? value : 0 })),
  };
}

function incidentOf(incident: Incident): ReportIncident {
  return {
    id: incident.id,
    title: incident.title,
    risk: incident.risk,
    severity: incident.severity,
    first_seen: formatIso(incident.first_seen),
    last_seen: formatIso(incident.last_seen),
    entities: incident.entities.map(({ kind, value, about }) => ({
      kind,
      value,
      ...(about === undefined ? {} : { about }),
    })),
    attack: [...incident.attack],
    findings: [...incident.findings],
    story: incident.story.map(({ time, text, finding }) => ({ time: formatIso(time), text, finding })),
    risk_parts: incident.risk_parts.map(({ what, value, points }) => ({ what, value, points })),
    next: [...incident.next],
    links: (incident.links ?? []).map(({ from, to, why, weight }) => ({ from, to, why, weight })),
  };
}

function byRisk(a: Incident, b: Incident): number {
  return b.risk - a.risk || b.last_seen - a.last_seen || inOrder(a.id, b.id);
}

function bySeverity(a: Finding, b: Finding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    b.score - a.score ||
    a.first_seen - b.first_seen ||
    inOrder(a.id, b.id)
  );
}

function inOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
