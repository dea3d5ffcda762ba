import { createColors } from 'picocolors';
import { severities, type Severity } from '../../../events/finding.ts';
import type { Report, ReportFinding } from '../../../outputs/report-schema.ts';
import { paintSeverity, type Colors } from '../../../outputs/paint-severity.ts';
import { hang } from '../../../outputs/text/wrap.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import { counted } from '../../../outputs/words.ts';

export interface CheckTextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly showAll: boolean;
}

interface View {
  readonly width: number;
  readonly showAll: boolean;
  readonly colors: Colors;
}

/** Places told of one check, and severities told one by one, unless all are asked for. */
const maxPlaces = 5;
const toldFrom: Severity = 'medium';
const column = 9;

/** What was found, for people: the worst first, each check once with its places, why it matters and how to mend it. */
export function* checkText(report: Report, { width, color, showAll }: CheckTextOptions): Generator<string> {
  const view: View = { width, showAll, colors: createColors(color) };
  const groups = groupsOf(report.findings);
  const isTold = (severity: Severity): boolean =>
    showAll || severities.indexOf(severity) >= severities.indexOf(toldFrom);
  for (const group of groups) if (isTold(group[0].severity)) yield `${groupLines(group, view).join('\n')}\n\n`;
  yield* unseenLines(report, view);
  const hidden = groups.filter(([first]) => !isTold(first.severity));
  const lesser = hidden.reduce((sum, group) => sum + group.length, 0);
  const counts = severities.toReversed().flatMap((severity) => {
    const count = report.findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const ran = (report.ran ?? []).length;
  if (ran === 0 && counts.length === 0) yield 'Nothing was checked: nothing here is of a kind that checks know\n';
  else yield `${counts.length === 0 ? 'Nothing found' : counts.join(', ')}, by ${counted(ran, 'check')}\n`;
  if (lesser > 0) yield `${counted(lesser, 'finding')} below ${toldFrom} not shown: --all\n`;
}

type Group = readonly [ReportFinding, ...ReportFinding[]];

/** Findings of one check and severity: the worst first, then by the name of the check. */
function groupsOf(findings: readonly ReportFinding[]): Group[] {
  const groups = new Map<string, [ReportFinding, ...ReportFinding[]]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.detector}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const rank = ([{ severity }]: Group): number => -severities.indexOf(severity);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || (a[0].detector < b[0].detector ? -1 : 1));
}

function groupLines(group: Group, view: View): string[] {
  const [first] = group;
  const mark = first.severity.padEnd(column);
  const [head = '', ...more] = hang(
    mark,
    `${visibleText(first.title)} (${visibleText(first.detector, 120)})`,
    view.width,
  );
  const shown = view.showAll ? group : group.slice(0, maxPlaces);
  const indent = ' '.repeat(column);
  const lines = [`${paintSeverity(view.colors, first.severity, mark)}${head.slice(mark.length)}`, ...more];
  for (const finding of shown) lines.push(...hang(`${indent}- `, placeText(finding), view.width));
  if (group.length > shown.length) lines.push(`${indent}- and ${group.length - shown.length} more: --all`);
  const told = [
    ['why', reasonOf(first, 'why')],
    ['fix', visibleText(first.next)],
    ['see', reasonOf(first, 'reference')],
  ];
  for (const [name = '', text = ''] of told) {
    if (text !== '') lines.push(...hang(`${indent}${name}: `, text, view.width).map((line) => view.colors.dim(line)));
  }
  return lines;
}

function placeText({ sentence, title, evidence }: ReportFinding): string {
  const [place] = evidence;
  const line = place === undefined || place.at === 0 ? '' : `:${place.at}`;
  return `${visibleText(sentence ?? title)}: ${visibleText(place?.path ?? '')}${line}`;
}

function reasonOf({ reasons }: ReportFinding, what: string): string {
  return visibleText(reasons.find((reason) => reason.what === what)?.value ?? '');
}

function* unseenLines(report: Report, view: View): Generator<string> {
  const lines = [
    ...report.not_checked.map(({ what, why }) => `${what}: ${why}`),
    ...report.problems.map(({ at, message }) => `${at}: ${message}`),
  ];
  if (lines.length === 0) return;
  const shown = view.showAll ? lines : lines.slice(0, 10);
  yield `${view.colors.bold('Not checked')}\n`;
  for (const line of shown) yield `${hang('  ', visibleText(line), view.width).join('\n')}\n`;
  if (lines.length > shown.length) yield `  and ${lines.length - shown.length} more: --all\n`;
  yield '\n';
}
