import { append } from '../../../base/multimap.ts';
import type { Report, ReportProblem } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { table } from './table.ts';
import { counted, formatCount } from '../../words.ts';
import { type View } from './view.ts';
import { hang } from '../../text/wrap.ts';

/** Names of one reason that are shown without `--all`. */
const maxNames = 8;

const columns = [
  { title: 'code', share: 0 },
  { title: 'count', share: 0, isNumber: true },
  { title: 'where', share: 2 },
  { title: 'what and hint', share: 3 },
] as const;

/** What could not be read, by code; and what was not checked, by reason. */
export function blindSpots(report: Report, view: View): string[] {
  const lines: string[] = [];
  if (report.problems.length > 0) {
    lines.push(view.colors.bold('Problems: what could not be read or seen'));
    lines.push(...table(columns, problemRows(report, view), view.width), '');
  }
  if (report.not_checked.length > 0 && report.findings.length > 0) {
    lines.push(view.colors.bold('Not checked'));
    lines.push(...notCheckedTexts(report, view.showAll).flatMap((text) => hang('  ', text, view.width)), '');
  }
  return lines;
}

/** `analytics/a, analytics/b: no dns events`: one text for each reason. */
export function notCheckedTexts(report: Report, showAll: boolean): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of report.not_checked) append(byReason, why, what);
  return [...byReason].map(([why, names]) => {
    const shown = showAll ? names : names.slice(0, maxNames);
    const hidden = names.length - shown.length;
    const more = hidden === 0 ? '' : ` and ${formatCount(hidden)} more`;
    return `${shown.map((name) => visibleText(name, 200)).join(', ')}${more}: ${visibleText(why)}`;
  });
}

function problemRows(report: Report, view: View): string[][] {
  if (view.showAll) return report.problems.map((problem) => rowOf(problem, problem.count, 0));
  const byKind = Map.groupBy(report.problems, ({ code, hint }) => JSON.stringify([code, hint]));
  return [...byKind.values()].flatMap((alike) => {
    const [first] = alike;
    const times = alike.reduce((sum, problem) => sum + problem.count, 0);
    return first === undefined ? [] : [rowOf(first, times, new Set(alike.map(({ at }) => at)).size - 1)];
  });
}

function rowOf(problem: ReportProblem, times: number, otherPlaces: number): string[] {
  const where = `${visibleText(problem.at, 200)}${otherPlaces > 0 ? ` and ${counted(otherPlaces, 'more place')}` : ''}`;
  const hint = problem.hint === null ? '' : `; ${visibleText(problem.hint)}`;
  return [problem.code, formatCount(times), where, `${visibleText(problem.message)}${hint}`];
}
