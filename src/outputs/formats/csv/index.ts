import { csvLine } from '../../../base/csv-cell.ts';
import type { EntityKind } from '../../../events/entity.ts';
import { defineOutput } from '../../output.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { placeOf } from '../../words.ts';

/** Spreadsheets stop at 32,767 letters in a cell. */
const maxCell = 8000;

/** Entities have a column each for what people filter by, and one for all others. */
const entityColumns = {
  hosts: ['host', 'device'],
  addresses: ['address'],
  domains: ['domain', 'url'],
  users: ['user'],
  programs: ['process', 'executable'],
  files: ['file', 'file-hash'],
  containers: ['container', 'image'],
} as const satisfies Readonly<Record<string, readonly EntityKind[]>>;
const namedKinds: ReadonlySet<EntityKind> = new Set(Object.values(entityColumns).flat());

const columns = (
  'record id severity risk score title detector first_seen last_seen events attack ' +
  `${Object.keys(entityColumns).join(' ')} other_entities incident why next evidence`
).split(' ');

export const output = defineOutput({
  id: 'csv',
  title: 'CSV of incidents and findings',
  description:
    'For a spreadsheet: a line for each incident, then one for each finding with the id of its incident. Lists in a cell are separated by `; `. No cell is taken for a formula. Problems and what was not checked are left out.',
  references: ['https://www.rfc-editor.org/rfc/rfc4180'],
  mediaType: 'text/csv',
  extension: 'csv',
  render: (report) => lines(report),
});

function* lines(report: Report): Generator<string> {
  yield csvLine(columns);
  const incidentOf = new Map(report.incidents.flatMap(({ id, findings }) => findings.map((finding) => [finding, id])));
  for (const incident of report.incidents) yield lineOf(incidentCells(incident));
  for (const finding of report.findings) yield lineOf(findingCells(finding, incidentOf.get(finding.id) ?? ''));
}

/** Cells by the name of their column; a column without one is empty. */
type Cells = Readonly<Record<string, string>>;

function lineOf(cells: Cells): string {
  return csvLine(columns.map((name) => visibleText(cells[name] ?? '', maxCell)));
}

function incidentCells(incident: ReportIncident): Cells {
  return {
    record: 'incident',
    ...commonCells(incident),
    risk: String(incident.risk),
    events: String(incident.findings.length),
    why: incident.risk_parts.map(({ what, value, points }) => `${what}: ${value} (${points})`).join('; '),
    next: incident.next.join('; '),
  };
}

function findingCells(finding: ReportFinding, incident: string): Cells {
  const { score, detector, count, reasons, next, evidence } = finding;
  return {
    record: 'finding',
    ...commonCells(finding),
    score: score.toFixed(2),
    detector,
    events: String(count),
    incident,
    why: reasons.map(({ what, value }) => `${what}: ${value}`).join('; '),
    next,
    evidence: evidence.map(placeOf).join('; '),
  };
}

function commonCells(told: ReportFinding | ReportIncident): Cells {
  const valuesOf = (kinds: readonly EntityKind[]): string =>
    told.entities.flatMap(({ kind, value }) => (kinds.includes(kind) ? [value] : [])).join('; ');
  const others = told.entities.flatMap(({ kind, value }) => (namedKinds.has(kind) ? [] : [`${kind} ${value}`]));
  return {
    id: told.id,
    severity: told.severity,
    title: told.title,
    first_seen: told.first_seen,
    last_seen: told.last_seen,
    attack: told.attack.join('; '),
    ...Object.fromEntries(Object.entries(entityColumns).map(([name, kinds]) => [name, valuesOf(kinds)])),
    other_entities: others.join('; '),
  };
}
