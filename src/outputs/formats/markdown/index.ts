import { severityRank } from '../../../events/finding.ts';
import { defineOutput } from '../../output.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { partText } from '../../look-back.ts';
import { counted, formatSpan, placeOf } from '../../words.ts';
import { caseOption } from '../../text/command.ts';
import { code, inline } from './escape.ts';

/** Findings that are told one by one under an incident, and outside of all. */
const maxProofs = 8;
const maxLoose = 20;
const maxProblems = 20;

export const output = defineOutput({
  id: 'markdown',
  title: 'Markdown',
  description:
    'For a ticket, a wiki or a chat: each incident with its story, what to do and the strongest findings, then the most severe loose findings and what was not seen. Leaves out reasons and evidence rows.',
  references: ['https://spec.commonmark.org/0.31.2/', 'https://github.github.com/gfm/'],
  mediaType: 'text/markdown',
  extension: 'md',
  render: (report) => sections(report),
});

function* sections(report: Report): Generator<string> {
  const events = report.evidence.flatMap((row) => Object.values(row.events)).reduce((sum, count) => sum + count, 0);
  const span = report.span === null ? '' : `, ${formatSpan(report.span.first_seen, report.span.last_seen)}`;
  yield `# Vakthund: ${inline(report.case)}\n\n`;
  yield `${counted(report.evidence.length, 'log')}, ${counted(events, 'event')}${span}. `;
  yield `${counted(report.incidents.length, 'incident')}, ${counted(report.findings.length, 'finding')}.\n`;
  if (report.part !== undefined) yield `${inline(partText(report))}.\n`;
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  for (const incident of report.incidents) yield incidentText(incident, byId);
  yield looseText(report);
  yield unseenText(report);
}

function incidentText(incident: ReportIncident, byId: ReadonlyMap<string, ReportFinding>): string {
  const findings = incident.findings
    .flatMap((id) => byId.get(id) ?? [])
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.score - a.score);
  const hidden = findings.length - maxProofs;
  return [
    `\n## ${incident.severity.toUpperCase()} ${incident.risk}: ${inline(incident.title)}\n`,
    `${formatSpan(incident.first_seen, incident.last_seen)}, ${code(incident.id)}${techniques(incident)}\n`,
    ...section(
      'What happened (UTC)',
      incident.story.map(({ time, text }) => `- ${time.slice(0, 19).replace('T', ' ')} ${inline(text)}`),
    ),
    ...section(
      'What to do',
      incident.next.map((step, at) => `${at + 1}. ${inline(step)}`),
    ),
    ...section('Proof', [
      ...findings.slice(0, maxProofs).map(findingLine),
      ...(hidden > 0 ? [`- and ${counted(hidden, 'more finding')}`] : []),
    ]),
  ].join('\n');
}

function techniques({ attack }: ReportIncident): string {
  return attack.length === 0 ? '' : `, ATT&CK ${attack.map(inline).join(', ')}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`\n### ${title}\n`, ...lines, ''];
}

function findingLine(finding: ReportFinding): string {
  const [first] = finding.evidence;
  const place = first === undefined ? '' : `, ${code(placeOf(first))}`;
  return `- **${finding.severity}** ${inline(finding.title)} (${code(finding.detector)}, score ${finding.score.toFixed(2)}${place})`;
}

function looseText(report: Report): string {
  const inside = new Set(report.incidents.flatMap((incident) => incident.findings));
  const loose = report.findings.filter((finding) => !inside.has(finding.id));
  if (loose.length === 0) return report.findings.length === 0 ? '\nNo finding. What was not seen stands below.\n' : '';
  const hidden = loose.length - maxLoose;
  const more = hidden > 0 ? [`- and ${counted(hidden, 'more finding')}, none more severe`] : [];
  return ['\n## Findings in no incident\n', ...loose.slice(0, maxLoose).map(findingLine), ...more, ''].join('\n');
}

/** A verdict never goes without what it could not see. */
function unseenText({ case: folder, problems, not_checked: notChecked, suppressed = [] }: Report): string {
  if (problems.length === 0 && notChecked.length === 0 && suppressed.length === 0) return '';
  const hidden = problems.length + notChecked.length - 2 * maxProblems;
  return [
    '\n## What was not seen\n',
    ...suppressedLines(suppressed),
    ...problems
      .slice(0, maxProblems)
      .map(({ code: id, count, at, message }) => `- ${code(id)} ${count} × ${code(at)}: ${inline(message)}`),
    ...notChecked.slice(0, maxProblems).map(({ what, why }) => `- not checked: ${inline(what)}: ${inline(why)}`),
    ...(hidden > 0 ? [`- and more: ${code(`vakthund report${caseOption(folder)} --all`)}`] : []),
    '',
  ].join('\n');
}

/** A line for each suppression that covered something: who said so, why, until when, and how much. */
function suppressedLines(suppressed: NonNullable<Report['suppressed']>): string[] {
  return [...Map.groupBy(suppressed, ({ by }) => by)].flatMap(([by, entries]) =>
    entries
      .slice(0, 1)
      .map(
        ({ reason, author, expires }) =>
          `- suppressed by ${code(by)} (${inline(author)}, ${expires === null ? 'without end' : `until ${expires}`}): ${inline(reason)}; ${counted(entries.length, 'finding')}`,
      ),
  );
}
