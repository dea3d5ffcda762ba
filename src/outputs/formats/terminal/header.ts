import { visibleText } from '../../visible-text.ts';
import type { Report } from '../../report-schema.ts';
import { counted, formatCount, formatSpan } from '../../words.ts';
import { type View } from './view.ts';
import { hang, wrap } from '../../text/wrap.ts';

/** What was looked at: logs, events, time, detectors. */
export function header(report: Report, view: View): string[] {
  const events = report.evidence.flatMap((row) => Object.values(row.events)).reduce((sum, count) => sum + count, 0);
  const partial = report.evidence.filter((row) => row.source === null || !row.is_complete).length;
  const logs = `${counted(report.evidence.length, 'log')}${partial === 0 ? '' : ` (${partial} not or not wholly read)`}`;
  const facts = [logs, counted(events, 'event')];
  if (report.span !== null) facts.push(formatSpan(report.span.first_seen, report.span.last_seen));
  const { ran } = report;
  return [
    ...wrap(`Vakthund, case ${visibleText(report.case)}`, view.width).map(view.colors.bold),
    ...wrap(facts.join(', '), view.width),
    ...(ran === undefined || ran.length === 0
      ? []
      : hang(
          `Ran ${counted(ran.length, 'detector')}: `,
          visibleText((view.showAll ? ran : inShort(ran)).join(', '), 20_000),
          view.width,
        )),
    ...wrap(summary(report), view.width),
    '',
  ];
}

/** Detectors by id, but the many rules of one language as their number. */
function inShort(ran: readonly string[]): string[] {
  const rules = new Map<string, number>();
  const short: string[] = [];
  for (const id of ran) {
    const [family = '', plugin = '', rule] = id.split('/', 3);
    if (rule === undefined) short.push(id);
    else rules.set(`${family}/${plugin}`, (rules.get(`${family}/${plugin}`) ?? 0) + 1);
  }
  return [...short, ...[...rules].map(([name, count]) => `${formatCount(count)} of ${name}`)];
}

function summary(report: Report): string {
  if (report.findings.length === 0) return '';
  const inside = new Set(report.incidents.flatMap((incident) => incident.findings)).size;
  const alone = report.findings.length - inside;
  const rest = `${counted(alone, 'finding')} in no incident`;
  if (report.incidents.length === 0) return `No incident; ${rest}`;
  return `${counted(report.incidents.length, 'incident')} from ${counted(inside, 'finding')}; ${rest}`;
}
