import { stableId } from '../base/id.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { Finding } from '../events/finding.ts';
import { correlate } from '../incidents/correlate.ts';
import type { Inspection } from '../inspect/claim.ts';
import type { EvidenceRow } from '../store/store.ts';
import type { EvidenceSummary, InspectedFile, InspectionRequest, Verdict } from './service.ts';

/** What the ledger calls the reader of inspected things. */
const inspectionSource = 'inspection';

/** The verdict over one inspection by itself, without a case. */
export function judgeInspection(request: InspectionRequest, now: Micros): Verdict {
  const { inspection } = request;
  const places = placesOf(request);
  const idOf = new Map(places.map(({ path }, index) => [path, index + 1]));
  const findings = findingsOf(inspection, (path) => idOf.get(path) ?? 0, now);
  const incidents = correlate(findings, {
    prevalence: () => undefined,
    lastEventTime: now,
    evidenceSource: () => inspectionSource,
  });
  const evidence: EvidenceSummary[] = places.map((place, index) => ({
    ...place,
    evidence_id: index + 1,
    source: inspectionSource,
    is_complete: true,
    events: {},
    problems: inspection.problems.filter(({ at }) => at.path === place.path).length,
  }));
  return {
    caseFolder: inspection.subject,
    evidence,
    findings,
    incidents,
    problems: inspection.problems,
    notChecked: inspection.notChecked,
    ran: inspection.ran,
    span: spanOf(findings),
  };
}

function spanOf(findings: readonly Finding[]): Verdict['span'] {
  let [first, last] = [Infinity, -Infinity];
  for (const { first_seen: seen } of findings) {
    first = Math.min(first, seen);
    last = Math.max(last, seen);
  }
  return findings.length === 0 ? undefined : { first, last };
}

/** What a case keeps of an inspection: its findings point at rows of the ledger. */
export interface KeptInspection {
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  readonly notChecked: Inspection['notChecked'];
  readonly ran: readonly string[];
}

/** Puts the places of an inspection into the ledger, each path once, and gives what is to be kept. */
export async function keepInspection(
  request: InspectionRequest,
  ledger: {
    evidence(): Promise<EvidenceRow[]>;
    addEvidence(row: Omit<EvidenceRow, 'evidence_id'>): Promise<number>;
  },
  now: Micros,
): Promise<KeptInspection> {
  const { inspection } = request;
  const known = new Map((await ledger.evidence()).map((row) => [`${row.path} ${row.sha256}`, row.evidence_id]));
  const ids = new Map<string, number>();
  for (const { path, sha256, size } of placesOf(request)) {
    const named = placeIn(inspection, path);
    const id =
      known.get(`${named} ${sha256}`) ??
      (await ledger.addEvidence({
        path: named,
        sha256,
        // Looked at is not read: the same content given as evidence is still to be decoded.
        content_sha256: '',
        head_sha256: '',
        size,
        source: inspectionSource,
        done_byte: size,
        done_line: 0,
        done_state: null,
        is_complete: true,
        added_at: now,
      }));
    ids.set(path, id);
  }
  return {
    findings: findingsOf(inspection, (path) => ids.get(path) ?? 0, now),
    problems: inspection.problems.map((problem) => ({
      ...problem,
      at: { ...problem.at, path: placeIn(inspection, problem.at.path ?? '') },
    })),
    notChecked: inspection.notChecked,
    ran: inspection.ran,
  };
}

/** `image.tar!/etc/passwd`; a path of this machine stands as it is. */
function placeIn({ subject, hasWholePaths }: Inspection, path: string): string {
  if (path === '' || path === subject) return subject;
  return subject === '/' || hasWholePaths === true ? path : `${subject}!${path}`;
}

function placesOf({ inspection, files }: InspectionRequest): InspectedFile[] {
  const hashed = new Map(files.map((file) => [file.path, file]));
  // Without a claim the subject itself is what was looked at.
  const named = inspection.claims.length === 0 ? [inspection.subject] : inspection.claims.map(({ path }) => path);
  const paths = [...new Set(named)].sort();
  return paths.map((path) => hashed.get(path) ?? { path, sha256: '', size: 0 });
}

/** The subject is part of each id: two images may hold the same file. */
function findingsOf({ subject, claims }: Inspection, idOf: (path: string) => number, now: Micros): Finding[] {
  const findings = claims.map((claim): Finding => {
    const { path, key, line, time, about, ...said } = claim;
    const seen = time ?? now;
    return {
      ...said,
      id: stableId('f-', [claim.detector, subject, key ?? path, ...(about ?? [])]),
      first_seen: seen,
      last_seen: seen,
      evidence: [{ evidence_id: idOf(path), at: line ?? 0 }],
      count: 1,
    };
  });
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}
