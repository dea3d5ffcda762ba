import { append } from '../../../base/multimap.ts';
import { severityRank } from '../../../events/finding.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { alike } from './alike.ts';
import { reasonLine, whereLine } from './proof.ts';
import { counted, formatSpan } from '../../words.ts';
import { paintSeverity } from '../../paint-severity.ts';
import type { View } from './view.ts';
import { hangCommand } from '../../text/command.ts';
import { hang } from '../../text/wrap.ts';

/** Shown without `--all`: past these, a tired reader finds nothing any more. */
const maxIncidents = 10;
const maxProofs = 6;
const maxEntities = 8;
/** Of an incident that is told in short. */
const maxSteps = 4;

export function* incidents(report: Report, view: View): Generator<string[]> {
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  const shown = view.showAll ? report.incidents : report.incidents.slice(0, maxIncidents);
  const isAskedFor = view.showAll || report.part?.incidents !== undefined;
  for (const [at, incident] of shown.entries()) {
    const isWhole = isAskedFor || at === 0 || severityRank(incident.severity) >= severityRank('high');
    yield [...(isWhole ? incidentLines(incident, byId, view) : shortLines(incident, view)), ''];
  }
  const hidden = report.incidents.length - shown.length;
  const how = view.isInspection ? '--all' : `vakthund report${view.caseOption} --all`;
  if (hidden > 0) yield [`${counted(hidden, 'more incident')} of lower risk: ${how}`, ''];
}

function incidentLines(incident: ReportIncident, byId: ReadonlyMap<string, ReportFinding>, view: View): string[] {
  const { width, colors } = view;
  return [
    ...headLines(incident, view),
    colors.dim('  What happened (UTC)'),
    ...storyLines(incident, width),
    colors.dim(`  Why the risk is ${incident.risk}`),
    ...riskLines(incident, width),
    colors.dim('  Proof'),
    ...proofLines(incident, byId, view),
    ...(incident.next.length === 0 ? [] : [colors.dim('  What to do')]),
    ...incident.next.flatMap((step, at) => hang(`    ${at + 1}. `, visibleText(step), width)),
  ];
}

/** What is less than high, and not the worst: what happened and what to do first; the rest by its own command. */
function shortLines(incident: ReportIncident, view: View): string[] {
  const { width } = view;
  const [first] = incident.next;
  const hidden = incident.story.length - maxSteps;
  return [
    ...headLines(incident, view),
    ...storyLines({ ...incident, story: incident.story.slice(0, maxSteps) }, width),
    ...(hidden > 0 ? [`    and ${counted(hidden, 'more step')}`] : []),
    ...(first === undefined ? [] : hang('    To do: ', visibleText(first), width)),
    ...hangCommand(
      '    Numbers and proof: ',
      view.isInspection ? '--all' : `vakthund report${view.caseOption} --incident ${incident.id}`,
      width,
    ),
  ];
}

function headLines(incident: ReportIncident, { width, colors }: View): string[] {
  const mark = `${String(incident.risk).padStart(3)} ${incident.severity.toUpperCase()}`;
  const [first = mark, ...more] = hang(`${mark}  `, visibleText(incident.title), width);
  return [
    `${paintSeverity(colors, incident.severity, mark)}${colors.bold(first.slice(mark.length))}`,
    ...more.map(colors.bold),
    ...hang('    ', `${formatSpan(incident.first_seen, incident.last_seen)}, ${incident.id}`, width),
    ...hang('    ', entitiesText(incident), width),
  ];
}

/** `host web01 (mail server), 10.1.2.3; address 203.0.113.7`: each kind once. */
function entitiesText(incident: ReportIncident): string {
  const byKind = new Map<string, string[]>();
  for (const { kind, value, about } of incident.entities.slice(0, maxEntities)) {
    const who = about === undefined ? '' : ` (${visibleText(about, 100)})`;
    append(byKind, kind, `${visibleText(value, 80)}${who}`);
  }
  const told = [...byKind].map(([kind, values]) => `${kind} ${values.join(', ')}`).join('; ');
  const hidden = incident.entities.length - maxEntities;
  return hidden > 0 ? `${told}; ${hidden} more` : told;
}

/** The day stands where it changes. */
function storyLines(incident: ReportIncident, width: number): string[] {
  let day = '';
  return incident.story.flatMap((step) => {
    const date = step.time.slice(5, 10);
    const shown = date === day ? '     ' : date;
    day = date;
    return hang(`    ${shown} ${step.time.slice(11, 19)}  `, visibleText(step.text), width);
  });
}

/** The parts that the risk is the sum of. */
function riskLines(incident: ReportIncident, width: number): string[] {
  return incident.risk_parts.flatMap(({ what, value, points }) => {
    const sum = `${points < 0 ? '' : '+'}${points.toFixed(1)}`;
    return hang(`    ${sum.padStart(5)}  `, `${visibleText(what, 60)}: ${visibleText(value, 200)}`, width);
  });
}

/** The strongest findings, each with its numbers and where it stands. */
function proofLines(incident: ReportIncident, byId: ReadonlyMap<string, ReportFinding>, view: View): string[] {
  const { width, colors, showAll } = view;
  const findings = incident.findings
    .flatMap((id) => byId.get(id) ?? [])
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.score - a.score);
  const rows = showAll ? findings.map((finding) => [finding] as const) : alike(findings);
  const shown = showAll ? rows : rows.slice(0, maxProofs);
  const lines = shown.flatMap((row) => {
    const [finding] = row;
    const times = row.length === 1 ? '' : `; ${counted(row.length, 'finding')} alike, this is the strongest`;
    const facts = `${finding.severity} ${finding.score.toFixed(2)}, ${visibleText(finding.detector, 120)}${times}`;
    return [
      ...hang('    ', `${visibleText(finding.title)} [${facts}]`, width),
      ...hang('      ', reasonLine(finding), width),
      ...hang('      ', whereLine(finding, view), width).map(colors.dim),
    ];
  });
  const hidden = findings.length - shown.reduce((sum, row) => sum + row.length, 0);
  return hidden > 0 ? [...lines, `    and ${counted(hidden, 'more finding')}`] : lines;
}
