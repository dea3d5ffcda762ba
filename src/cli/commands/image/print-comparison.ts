import pc from 'picocolors';
import { absences } from '../../../inspect/packages/compare/absent.ts';
import { reasons } from '../../../inspect/packages/compare/explain.ts';
import type { Comparison, LinedUp, ReportNote, Tally } from '../../../inspect/packages/compare/line-up.ts';
import type { ReportTarget } from '../../../inspect/packages/compare/report.ts';
import type { NotChecked, Subject } from '../../../inspect/packages/matching/assess.ts';
import { hang } from '../../../outputs/text/wrap.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { Terminal } from '../../terminal.ts';

/** Lines of one kind that are shown; the rest is in the JSON. */
const shownLines = 12;
const shownNotes = 6;

/** What each difference is called: our reasons and theirs have the same members. */
interface Why {
  readonly reason: string;
  readonly why: string;
  readonly next: string;
}

function whyMissing({ missing }: LinedUp): (Why & { readonly detail: string }) | undefined {
  return missing === undefined
    ? undefined
    : { reason: missing.reason, ...reasons[missing.reason], detail: missing.detail };
}

function whyAbsent({ absent }: LinedUp, scanner: string): (Why & { readonly detail: string }) | undefined {
  // A report gives itself any name, also one that every object has.
  const one = Object.hasOwn(absent, scanner) ? absent[scanner] : undefined;
  return one === undefined ? undefined : { reason: one.reason, ...absences[one.reason], detail: one.detail };
}

/** For programs: counts, what each report is about, and each pair of vulnerability and package with who lists it and who does not. */
export function comparisonAsJson(
  { tallies, notes, lines }: Comparison,
  subject: Subject,
  notChecked: readonly NotChecked[],
): string {
  const told = (why: (Why & { readonly detail: string }) | undefined): object | undefined =>
    why === undefined
      ? undefined
      : { reason: why.reason, why: why.detail === '' ? why.why : `${why.why} (${why.detail})`, next: why.next };
  const report = {
    image: { name: subject.name, system: subject.distribution?.prettyName ?? null, packages: subject.packages.length },
    scanners: tallies.map(({ scanner, rows, unique, withFix, doubles, day }) => ({
      scanner,
      rows,
      unique,
      with_fix: withFix,
      doubles,
      date: day ?? null,
      ...reportFacts(notes.find(({ report: one }) => one.scanner === scanner)),
    })),
    vulnerabilities: lines.map((line) => ({
      id: line.id,
      aliases: line.aliases,
      package: line.package,
      version: line.version,
      listed_by: {
        ...(line.isOurs ? { Vakthund: 1 } : {}),
        ...Object.fromEntries(Object.entries(line.theirs).map(([scanner, ids]) => [scanner, ids.length])),
      },
      not_listed_by: {
        ...(line.missing === undefined ? {} : { Vakthund: told(whyMissing(line)) }),
        ...Object.fromEntries(Object.keys(line.absent).map((scanner) => [scanner, told(whyAbsent(line, scanner))])),
      },
    })),
    not_checked: notChecked,
  };
  return `${visibleJson(JSON.stringify(report, undefined, 1))}\n`;
}

function reportFacts(note: ReportNote | undefined): object {
  if (note === undefined) return {};
  const { report, sameness } = note;
  const { name, imageId, system } = report.target;
  return {
    report: report.path,
    about: { name: name ?? null, image_id: imageId ?? null, system: system ?? null },
    same_image: sameness.isSame,
    ...(sameness.why === '' ? {} : { another_image: sameness.why }),
    not_compared: report.unread,
  };
}

/** For a person: the counts, whether the reports are about this image, then the differences by their reason, each with what to do. */
export function comparisonAsText(
  { tallies, notes, lines }: Comparison,
  subject: Subject,
  notChecked: readonly NotChecked[],
  terminal: Pick<Terminal, 'color' | 'width'>,
): string {
  const colors = pc.createColors(terminal.color);
  const writer: Writer = { width: Math.max(terminal.width, 60), bold: colors.bold };
  const differing = lines.filter(({ missing, absent }) => missing !== undefined || Object.keys(absent).length > 0);
  const system = subject.distribution === undefined ? '' : `: ${subject.distribution.prettyName}`;
  return [
    colors.bold(`${visibleText(subject.name)}${visibleText(system)}, ${subject.packages.length} packages`),
    '',
    ...tallyLines(tallies),
    ...noteLines(notes, writer, colors.yellow),
    '',
    `${lines.length - differing.length} of ${lines.length} pairs of vulnerability and package are listed by all.`,
    ...missingBlocks(differing, writer),
    ...absentBlocks(differing, writer),
    ...doubleBlocks(lines, writer),
    ...leftLines(notChecked, writer),
    '',
  ].join('\n');
}

interface Writer {
  readonly width: number;
  readonly bold: (text: string) => string;
}

function tallyLines(tallies: readonly Tally[]): string[] {
  const width = Math.max(...tallies.map(({ scanner }) => visibleText(scanner).length), 'scanner'.length);
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(8)).join(' ')}`.trimEnd();
  return [
    `${row('scanner', ['rows', 'unique', 'with fix', 'doubles'])}   as of`,
    ...tallies.map(
      ({ scanner, rows, unique, withFix, doubles, day }) =>
        `${row(visibleText(scanner), [rows, unique, withFix, doubles])}   ${visibleText(day ?? 'not told')}`,
    ),
  ];
}

/** What makes a report another matter than the image: told before anything is concluded from it. */
function noteLines(notes: readonly ReportNote[], { width }: Writer, paint: (text: string) => string): string[] {
  const texts = notes.flatMap(({ report, sameness }) => {
    const scanner = visibleText(report.scanner);
    const about =
      sameness.isSame === 'no' ? [`${scanner} looked at another image${nameOf(report.target)}: ${sameness.why}.`] : [];
    const results = report.unread === 1 ? '1 result' : `${report.unread} results`;
    const unread =
      report.unread === 0
        ? []
        : [`${results} of ${scanner} are no vulnerabilities of packages, and were not compared.`];
    return [...about.map((text) => `${text} What differs may be the images.`), ...unread];
  });
  return texts.length === 0 ? [] : ['', ...texts.flatMap((text) => hang('! ', visibleText(text), width)).map(paint)];
}

function nameOf({ name }: ReportTarget): string {
  return name === undefined ? '' : ` (${name})`;
}

/** What others list and we do not, by the reason. */
function missingBlocks(lines: readonly LinedUp[], writer: Writer): string[] {
  const missing = lines.flatMap((line) => {
    const why = whyMissing(line);
    return why === undefined ? [] : [{ line, why, who: Object.keys(line.theirs).join(', ') }];
  });
  const groups = [...Map.groupBy(missing, ({ why }) => why.reason).values()].sort((a, b) => b.length - a.length);
  return groups.flatMap((group) => {
    const who = sameText(group, (one) => one.who);
    return block(who === undefined ? 'not in our list' : `in the list of ${who} and not in ours`, group, writer);
  });
}

/** What we list and another does not, by the scanner and the reason. */
function absentBlocks(lines: readonly LinedUp[], writer: Writer): string[] {
  const scanners = new Set(lines.filter(({ isOurs }) => isOurs).flatMap(({ absent }) => Object.keys(absent)));
  return [...scanners].flatMap((scanner) => {
    const ofScanner = lines.flatMap((line) => {
      const why = line.isOurs ? whyAbsent(line, scanner) : undefined;
      return why === undefined ? [] : [{ line, why, who: '' }];
    });
    const groups = [...Map.groupBy(ofScanner, ({ why }) => why.reason).values()].sort((a, b) => b.length - a.length);
    return groups.flatMap((group) => block(`in our list and not in that of ${scanner}`, group, writer));
  });
}

interface Difference {
  readonly line: LinedUp;
  readonly why: Why & { readonly detail: string };
  /** Scanners that list it. */
  readonly who: string;
}

/** The text that all have; undefined when they differ. */
function sameText(group: readonly Difference[], textOf: (one: Difference) => string): string | undefined {
  const texts = new Set(group.map(textOf));
  return texts.size === 1 ? [...texts][0] : undefined;
}

/** One reason: how many, why, what to do, and which; packages of one vulnerability in one line. */
function block(head: string, group: readonly Difference[], { width, bold }: Writer): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const [who, detail] = [sameText(group, (one) => one.who), sameText(group, ({ why }) => why.detail)];
  const rows = Map.groupBy(group, (one) => JSON.stringify([one.line.id, one.line.version, one.why.detail, one.who]));
  const texts = [...rows.values()].slice(0, shownLines).flatMap((same) => {
    const { line, why, who: scanners } = same[0] ?? first;
    const notes = [who === undefined ? scanners : '', detail === undefined ? why.detail : ''];
    const note = notes.filter((text) => text !== '').join(': ');
    const names = [...new Set(same.map((one) => one.line.package))].join(', ');
    const text = `${names} ${line.version}${note === '' ? '' : ` (${note})`}`;
    return hang(`  ${visibleText(line.id).padEnd(17)} `, visibleText(text, 400), width);
  });
  const unique = new Set(group.map(({ line }) => line.id)).size;
  const count = unique === group.length ? '' : ` (${unique} ${unique === 1 ? 'vulnerability' : 'vulnerabilities'})`;
  const why = `${first.why.why}${(detail ?? '') === '' ? '' : ` (${detail})`}`;
  return [
    '',
    ...hang('', visibleText(`${group.length} ${head}${count}: ${why}`), width).map(bold),
    ...hang('  next: ', first.why.next, width),
    ...texts,
    ...(rows.size > shownLines ? [`  … ${rows.size - shownLines} more; --json has all`] : []),
  ];
}

/** Rows of one report that say the same: what makes its number larger. */
function doubleBlocks(lines: readonly LinedUp[], { width, bold }: Writer): string[] {
  const scanners = new Set(lines.flatMap(({ theirs }) => Object.keys(theirs)));
  return [...scanners].flatMap((scanner) => {
    const twice = lines.filter(({ theirs }) => Object.hasOwn(theirs, scanner) && (theirs[scanner]?.length ?? 0) > 1);
    const count = twice.reduce((sum, { theirs }) => sum + (theirs[scanner]?.length ?? 1) - 1, 0);
    if (count === 0) return [];
    const what = `${count} ${count === 1 ? 'row' : 'rows'} of ${scanner} ${count === 1 ? 'says' : 'say'} again`;
    const why = 'what another row says, under another name or of another place: nothing to do';
    const texts = twice.slice(0, shownLines).flatMap((line) => {
      const ids = [...new Set(line.theirs[scanner])];
      const text = ids.length > 1 ? ids.join(' = ') : `${ids.join('')}, ${line.theirs[scanner]?.length} times`;
      return hang('  ', visibleText(`${line.package} ${line.version}: ${text}`, 400), width);
    });
    const rest = twice.length > shownLines ? [`  … ${twice.length - shownLines} more; --json has all`] : [];
    return ['', ...hang('', visibleText(`${what} ${why}`), width).map(bold), ...texts, ...rest];
  });
}

function leftLines(notChecked: readonly NotChecked[], { width, bold }: Writer): string[] {
  if (notChecked.length === 0) return [];
  const texts = notChecked
    .slice(0, shownNotes)
    .flatMap(({ what, why }) => hang('  ', visibleText(`${what}: ${why}`, 400), width));
  const rest = notChecked.length > shownNotes ? [`  … ${notChecked.length - shownNotes} more; --json has all`] : [];
  return ['', bold('Not known to us, or left out of our list'), ...texts, ...rest];
}
