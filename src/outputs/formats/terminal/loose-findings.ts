import type { Report, ReportFinding } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { alike, type Row } from './alike.ts';
import { whereLine } from './proof.ts';
import { counted } from '../../words.ts';
import { paintSeverity } from '../../paint-severity.ts';
import type { View } from './view.ts';
import { hang, wrap } from '../../text/wrap.ts';

const maxRows = 10;
const severityColumn = 9;
const maxEntities = 3;

/** Findings that are in no incident, the most severe first; those that say the same are one row. */
export function* looseFindings(report: Report, view: View): Generator<readonly string[]> {
  const inside = new Set(report.incidents.flatMap((incident) => incident.findings));
  const loose = report.findings.filter((finding) => !inside.has(finding.id));
  if (loose.length === 0) return;
  yield [view.colors.bold(report.incidents.length === 0 ? 'Findings' : 'Findings in no incident')];
  const rows = view.showAll ? loose.map((finding) => [finding] as const) : alike(loose);
  const shown = view.showAll ? rows : rows.slice(0, maxRows);
  for (const row of shown) yield rowLines(row, view);
  const hidden = loose.length - shown.reduce((sum, row) => sum + row.length, 0);
  const more =
    hidden === 0
      ? []
      : wrap(
          `${counted(hidden, 'more finding')}, none more severe: ${view.isInspection ? '' : `vakthund report${view.caseOption} `}--all`,
          view.width,
        );
  yield [...more, ''];
}

function rowLines(row: Row, view: View): string[] {
  const [finding] = row;
  const { width, colors } = view;
  const mark = finding.severity.padEnd(severityColumn);
  const when = finding.first_seen.slice(0, 16).replace('T', ' ');
  const title = visibleText(finding.title);
  const times = row.length === 1 ? '' : `, ${counted(row.length, 'finding')} alike, the strongest:`;
  const [first = mark, ...more] = hang(mark, `${when} ${title}${times}`, width);
  const places = view.showAll || view.isInspection ? [whereLine(finding, view)] : [];
  const about = [...unsaidEntities(finding), visibleText(finding.detector, 120), ...places].join(', ');
  return [
    `${paintSeverity(view.colors, finding.severity, mark)}${first.slice(mark.length)}`,
    ...more,
    ...hang(' '.repeat(severityColumn), about, width).map((line) => colors.dim(line)),
  ];
}

function unsaidEntities(finding: ReportFinding): string[] {
  const unsaid = finding.entities.filter(({ value }) => !finding.title.includes(value));
  return unsaid.slice(0, maxEntities).map(({ value }) => visibleText(value, 80));
}
