import { VakthundError } from '../../../base/errors.ts';
import { reasons } from '../../../inspect/packages/compare/explain.ts';
import { lineUp, type Comparison, type LinedUp } from '../../../inspect/packages/compare/line-up.ts';
import { readReport } from '../../../inspect/packages/compare/read-report.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { judgeSubject } from './judge-subject.ts';
import type { AssessmentOptions } from './scan-options.ts';

export interface CompareOptions extends AssessmentOptions {
  readonly with: readonly string[];
}

/** Lines of one kind that are shown; the rest is in the JSON. */
const shownLines = 12;

/** Prints how other scanners' reports differ from our own list, and why. */
export async function runCompare(reference: string, options: CompareOptions, terminal: Terminal): Promise<ExitCode> {
  const reports = distinctNames(options.with.map((path) => readReport(path)));
  const { subject, assessment, book, asOf } = await judgeSubject(reference, options, terminal);
  const comparison = lineUp(reports, { subject, assessment, book, asOf });
  terminal.out(terminal.json ? asJson(comparison) : asText(comparison, subject.name));
  return 0;
}

/** Two reports of one scanner are told apart by their files. */
function distinctNames<Report extends { readonly scanner: string; readonly path: string }>(
  reports: readonly Report[],
): Report[] {
  if (new Set(reports.map(({ path }) => path)).size < reports.length) {
    throw new VakthundError('USAGE', 'a report was given twice');
  }
  const names = reports.map(({ scanner }) => scanner);
  const isTwice = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return reports.map((report) =>
    isTwice(report.scanner) ? { ...report, scanner: `${report.scanner} (${report.path})` } : report,
  );
}

function asJson({ tallies, lines }: Comparison): string {
  const report = {
    scanners: tallies.map(({ scanner, rows, unique, withFix, doubles }) => ({
      scanner,
      rows,
      unique,
      with_fix: withFix,
      doubles,
    })),
    vulnerabilities: lines.map(({ id, aliases, package: name, version, isOurs, theirs, missing, absent }) => ({
      id,
      aliases,
      package: name,
      version,
      listed_by: { ...(isOurs ? { Vakthund: 1 } : {}), ...theirs },
      not_listed_by: {
        ...(missing === undefined ? {} : { Vakthund: { reason: missing.reason, why: whyText(missing) } }),
        ...absent,
      },
    })),
  };
  return `${visibleJson(JSON.stringify(report, undefined, 1))}\n`;
}

function whyText({ reason, detail }: NonNullable<LinedUp['missing']>): string {
  return detail === '' ? reasons[reason] : `${reasons[reason]} (${detail})`;
}

function asText({ tallies, lines }: Comparison, name: string): string {
  const width = Math.max(...tallies.map(({ scanner }) => scanner.length), 'scanner'.length);
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(width) : String(cell).padStart(8))).join(' ');
  const differing = lines.filter(({ missing, absent }) => missing !== undefined || Object.keys(absent).length > 0);
  return [
    visibleText(name),
    '',
    row(['scanner', 'rows', 'unique', 'with fix', 'doubles']),
    ...tallies.map(({ scanner, rows, unique, withFix, doubles }) =>
      row([visibleText(scanner), rows, unique, withFix, doubles]),
    ),
    '',
    `${lines.length - differing.length} of ${lines.length} pairs of vulnerability and package are listed by all.`,
    ...missingBlocks(differing),
    ...absentBlocks(differing),
    '',
  ].join('\n');
}

/** What others list and we do not, by the reason. */
function missingBlocks(lines: readonly LinedUp[]): string[] {
  const groups = Map.groupBy(
    lines.filter(({ missing }) => missing !== undefined),
    ({ missing }) => missing?.reason ?? 'no-advice',
  );
  return [...groups].flatMap(([reason, group]) => [
    '',
    `${group.length} not in our list: ${reasons[reason]}`,
    ...shortened(group, ({ theirs, missing }) => [Object.keys(theirs).join(', '), missing?.detail ?? '']),
  ]);
}

/** What we list and another does not, by the scanner. */
function absentBlocks(lines: readonly LinedUp[]): string[] {
  const scanners = new Set(lines.filter(({ isOurs }) => isOurs).flatMap(({ absent }) => Object.keys(absent)));
  return [...scanners].flatMap((scanner) => {
    const group = lines.filter(({ isOurs, absent }) => isOurs && absent[scanner] !== undefined);
    return [
      '',
      `${group.length} in our list and not in that of ${visibleText(scanner)}`,
      ...shortened(group, ({ absent }) => [absent[scanner] ?? '']),
    ];
  });
}

function shortened(lines: readonly LinedUp[], notesOf: (line: LinedUp) => readonly string[]): string[] {
  const shown = lines.slice(0, shownLines).map((line) => {
    const notes = notesOf(line).filter((note) => note !== '');
    return `  ${visibleText(line.id).padEnd(17)} ${visibleText(`${line.package} ${line.version}`)}  ${visibleText(notes.join(': '))}`.trimEnd();
  });
  return lines.length > shownLines ? [...shown, `  … ${lines.length - shownLines} more; --json has all`] : shown;
}
