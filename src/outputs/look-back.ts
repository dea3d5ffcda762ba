import { formatIso, parseIsoMicros, type Micros } from '../base/time.ts';
import { isDetectorNamed } from '../events/detector-id.ts';
import type { Report, ReportFinding } from './report-schema.ts';

/** The part of a verdict that somebody wants to see. */
export interface LookBack {
  readonly since?: Micros;
  readonly until?: Micros;
  /** Detectors, by id or a part of it; empty means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * The same verdict with the findings of a time and of some detectors. Nothing is judged anew: an incident of which one finding
 * stays is told whole, with what came before, because half a story is a wrong one.
 */
export function lookBack(report: Report, want: LookBack): Report {
  const { since, until, only, skip } = want;
  if (since === undefined && until === undefined && only.length === 0 && skip.length === 0) return report;
  const wanted = new Set(report.findings.filter((finding) => isWanted(finding, want)).map(({ id }) => id));
  const incidents = report.incidents.filter(({ findings }) => findings.some((id) => wanted.has(id)));
  const told = new Set([...wanted, ...incidents.flatMap(({ findings }) => findings)]);
  return {
    ...report,
    incidents,
    findings: report.findings.filter(({ id }) => told.has(id)),
    part: {
      since: since === undefined ? null : formatIso(since),
      until: until === undefined ? null : formatIso(until),
      only: [...only],
      skip: [...skip],
    },
  };
}

function isWanted({ first_seen: first, last_seen: last, detector }: ReportFinding, want: LookBack): boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, only, skip } = want;
  const names = (name: string): boolean => isDetectorNamed(detector, name);
  if ((parseIsoMicros(last) ?? 0) < since || (parseIsoMicros(first) ?? 0) >= until) return false;
  return (only.length === 0 || only.some(names)) && !skip.some(names);
}

/** What a reader must know of a report that is a part: `Only what was seen since 2026-03-10 12:00 UTC`. Empty for a whole one. */
export function partText({ part, span }: Report): string {
  if (part === undefined) return '';
  const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
  const bounds = [
    ...(part.since === null ? [] : [`since ${minute(part.since)}`]),
    ...(part.until === null ? [] : [`before ${minute(part.until)}`]),
    ...(part.only.length === 0 ? [] : [`by ${part.only.join(', ')}`]),
    ...(part.skip.length === 0 ? [] : [`not by ${part.skip.join(', ')}`]),
  ];
  const isPast = span !== null && part.since !== null && span.last_seen < part.since;
  const past = isPast ? `; the last event of the case is older: ${minute(span.last_seen)}` : '';
  return `Only what was seen ${bounds.join(', ')}${past}`;
}
