import { append } from '../../../base/multimap.ts';
import { visibleText } from '../../visible-text.ts';
import type { Report } from '../../report-schema.ts';
import { counted, formatCount, formatSpan } from '../../words.ts';
import { partText } from '../../look-back.ts';
import type { View } from './view.ts';
import { hang, wrap } from '../../text/wrap.ts';

/** What was looked at: logs, events, time, detectors. */
export function header(report: Report, view: View): string[] {
  const events = report.evidence.flatMap((row) => Object.values(row.events)).reduce((sum, count) => sum + count, 0);
  const partial = report.evidence.filter((row) => row.source === null || !row.is_complete).length;
  const inspected = view.isInspection;
  const logs = `${counted(report.evidence.length, 'log')}${partial === 0 ? '' : ` (${partial} not or not wholly read)`}`;
  const facts = inspected
    ? [report.findings.length === 0 ? 'nothing found' : `findings in ${counted(report.evidence.length, 'place')}`]
    : [logs, counted(events, 'event')];
  if (report.span !== null) facts.push(formatSpan(report.span.first_seen, report.span.last_seen));
  const { ran } = report;
  return [
    ...wrap(`Vakthund, ${inspected ? 'inspection of' : 'case'} ${visibleText(report.case)}`, view.width).map(
      view.colors.bold,
    ),
    ...wrap(facts.join(', '), view.width),
    ...(view.folder === '' ? [] : wrap(`Evidence below ${visibleText(view.folder)}`, view.width)),
    ...(ran === undefined || ran.length === 0
      ? []
      : hang(
          `Ran ${counted(ran.length, 'detector')}: `,
          visibleText((view.showAll ? ran : inShort(ran)).join(', '), 20_000),
          view.width,
        )),
    ...wrap(visibleText(partText(report)), view.width),
    ...wrap(summary(report), view.width),
    '',
  ];
}

/** Members of a family that are named; a larger one is told by its number. */
const maxNamed = 6;

/** Detectors by id, but the many rules of one language, and the many members of a large family, as their number. */
function inShort(ran: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const id of ran) {
    const [family = '', plugin = '', rule] = id.split('/', 3);
    const group = rule === undefined ? family : `${family}/${plugin}`;
    append(groups, group, id);
  }
  const isShort = (ids: readonly string[]): boolean =>
    ids.length <= maxNamed && ids.every((id) => id.split('/').length === 2);
  const all = [...groups];
  return [
    ...all.flatMap(([, ids]) => (isShort(ids) ? ids : [])),
    ...all.flatMap(([group, ids]) => (isShort(ids) ? [] : [`${formatCount(ids.length)} of ${group}`])),
  ];
}

function summary(report: Report): string {
  if (report.findings.length === 0) return '';
  const inside = new Set(report.incidents.flatMap((incident) => incident.findings)).size;
  const alone = report.findings.length - inside;
  const rest = `${counted(alone, 'finding')} in no incident`;
  if (report.incidents.length === 0) return `No incident; ${rest}`;
  return `${counted(report.incidents.length, 'incident')} from ${counted(inside, 'finding')}; ${rest}`;
}
