import { VakthundError } from '../base/errors.ts';
import { formatIso, parseIsoMicros, type Micros } from '../base/time.ts';
import { isDetectorNamed } from '../events/detector-id.ts';
import type { Report, ReportFinding, ReportIncident } from './report-schema.ts';

/** The part of a verdict that somebody wants to see. */
export interface LookBack {
  readonly since?: Micros;
  readonly until?: Micros;
  /** Detectors, by id or a part of it; empty means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Incidents, by id or its beginning, with or without `inc-`; absent or empty means all, and what is in none as well. */
  readonly incidents?: readonly string[];
}

/**
 * The same verdict with the findings of a time and of some detectors. Nothing is judged anew: an incident of which one finding
 * stays is told whole, with what came before, because half a story is a wrong one. Throws `NOT_FOUND` for an incident that is not there.
 */
export function lookBack(report: Report, want: LookBack): Report {
  const { since, until, only, skip, incidents: names = [] } = want;
  const isAll = only.length === 0 && skip.length === 0 && names.length === 0;
  if (since === undefined && until === undefined && isAll) return report;
  const named = names.length === 0 ? report.incidents : names.flatMap((name) => incidentsNamed(report, name));
  const wanted = new Set(report.findings.filter((finding) => isWanted(finding, want)).map(({ id }) => id));
  const incidents = report.incidents.filter(
    (incident) => named.includes(incident) && incident.findings.some((id) => wanted.has(id)),
  );
  const told = new Set([...(names.length === 0 ? wanted : []), ...incidents.flatMap(({ findings }) => findings)]);
  return {
    ...report,
    incidents,
    findings: report.findings.filter(({ id }) => told.has(id)),
    part: {
      since: since === undefined ? null : formatIso(since),
      until: until === undefined ? null : formatIso(until),
      only: [...only],
      skip: [...skip],
      ...(names.length === 0 ? {} : { incidents: incidents.map(({ id }) => id) }),
    },
  };
}

function incidentsNamed({ incidents }: Report, name: string): ReportIncident[] {
  const beginning = name.startsWith('inc-') ? name : `inc-${name}`;
  const found = incidents.filter(({ id }) => id.startsWith(beginning));
  if (found.length > 0 && beginning !== 'inc-') return found;
  throw new VakthundError('NOT_FOUND', `the verdict has no incident ${JSON.stringify(name)}`, {
    hint:
      incidents.length === 0
        ? 'it has none'
        : `it has ${incidents
            .slice(0, 8)
            .map(({ id }) => id)
            .join(', ')}`,
  });
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
  const inside = part.incidents === undefined ? '' : `Only ${part.incidents.join(', ')}`;
  if (bounds.length === 0) return inside;
  const isPast = span !== null && part.since !== null && span.last_seen < part.since;
  const past = isPast ? `; the last event of the case is older: ${minute(span.last_seen)}` : '';
  return `${inside === '' ? '' : `${inside}; `}Only what was seen ${bounds.join(', ')}${past}`;
}
