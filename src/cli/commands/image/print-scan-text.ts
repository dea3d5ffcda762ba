import pc from 'picocolors';
import type { Vulnerability, VulnerabilityCounts } from '../../../inspect/packages/matching/vulnerabilities.ts';
import type { PendingUpdate } from '../../../inspect/packages/updates/pending-updates.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import type { Terminal } from '../../terminal.ts';
import type { Judged } from './judge-subject.ts';

/** Vulnerabilities that are shown one by one; the rest is in the JSON. */
const shownVulnerabilities = 40;
const shownUpdates = 4;
const shownNotes = 12;
const shownPending = 10;

/** One vulnerability with all packages that have it, in the order of the worst. */
interface Line {
  readonly worst: Vulnerability;
  readonly packages: readonly Vulnerability[];
}

/** For a person: what matters first, how much of it, and what was not looked at. */
export function scanAsText(result: Judged, terminal: Terminal): string {
  const { subject, assessment, asOf, dataDate, updates } = result;
  const { counts, vulnerabilities, problems, notChecked } = assessment;
  const colors = pc.createColors(terminal.color);
  const lines = linesOf(vulnerabilities);
  const system = subject.distribution?.prettyName ?? 'no distribution';
  const dated = dataDate === undefined ? '' : `, advisories of ${dataDate}`;
  const known = asOf === undefined ? dated : `, as known on ${asOf}`;
  const text = [
    colors.bold(`${visibleText(subject.name)}: ${visibleText(system)}, ${subject.packages.length} packages${known}`),
    '',
    ...countLines(counts),
    ...maliciousLines(vulnerabilities, colors),
    '',
    ...lines.slice(0, shownVulnerabilities).map((line) => lineText(line, colors)),
    ...(lines.length > shownVulnerabilities ? [`  … ${lines.length - shownVulnerabilities} more; --json has all`] : []),
    ...updateLines(updates, lines.length > 0),
    ...(lines.length > 0 ? ['', ...nextSteps(lines)] : []),
  ];
  const notes = [
    ...problems.map(({ at, message }) => `${at.path === undefined ? '' : `${at.path}: `}${message}`),
    ...notChecked.map(({ what, why }) => `${what}: ${why}`),
  ];
  const unique = [...new Set(notes)];
  if (unique.length > 0) text.push('', colors.bold('Not seen, not known, or left out'));
  text.push(...unique.slice(0, shownNotes).map((note) => `  ${visibleText(note)}`));
  if (unique.length > shownNotes) text.push(`  … ${unique.length - shownNotes} more; --json has all`);
  return `${text.join('\n')}\n`;
}

/** The three numbers that scanners mix up, with what each means. */
function countLines({ rows, unique, actionable }: VulnerabilityCounts): string[] {
  const line = (value: number, what: string): string => `${String(value).padStart(6)} ${what}`;
  return [
    line(unique, `known ${unique === 1 ? 'vulnerability' : 'vulnerabilities'}, each counted once`),
    line(actionable, 'of them with a fix: what you can do something about today'),
    line(rows, `${rows === 1 ? 'row' : 'rows'}, one for each vulnerability and package: what most scanners count`),
  ];
}

function linesOf(vulnerabilities: readonly Vulnerability[]): Line[] {
  const groups = Map.groupBy(vulnerabilities, ({ id }) => id);
  return [...groups.values()].flatMap((packages) =>
    packages[0] === undefined ? [] : [{ worst: packages[0], packages }],
  );
}

/** What the archives have newer, security first, each source once. */
function updateLines(updates: readonly PendingUpdate[], isBelowList: boolean): string[] {
  if (updates.length === 0) return [];
  const sources = [...Map.groupBy(updates, ({ package: pkg }) => pkg.source?.name ?? pkg.name)].flatMap(
    ([source, [first]]) => (first === undefined ? [] : [{ source, first }]),
  );
  const security = sources.filter(({ first }) => first.isSecurity === true);
  const others = sources.length - security.length;
  const told = security.length > 0 ? security : sources;
  const parts = [
    ...(security.length > 0 ? [`${security.length} security ${security.length === 1 ? 'update' : 'updates'}`] : []),
    ...(others > 0 ? [`${others} other ${others === 1 ? 'update' : 'updates'}`] : []),
  ];
  const rows = told.slice(0, shownPending).map(({ source, first }) => {
    const { package: pkg, candidate, suite } = first;
    return `  ${visibleText(source)} ${visibleText(pkg.version)} → ${visibleText(candidate)} (${visibleText(suite)})`;
  });
  const more = told.length > shownPending ? [`  … ${told.length - shownPending} more; --json has all`] : [];
  return [
    ...(isBelowList ? [''] : []),
    `Pending in the archive, whether an advisory is known or not: ${parts.join(', ')}`,
    ...rows,
    ...more,
  ];
}

type Colors = ReturnType<typeof pc.createColors>;

function lineText({ worst, packages }: Line, colors: Colors): string {
  const { id, severity, exploitedSince, epss, summary } = worst;
  const paint = severity === 'critical' || severity === 'high' ? colors.red : (text: string): string => text;
  const marks = [
    ...(exploitedSince === undefined ? [] : [colors.red(`exploited since ${exploitedSince}`)]),
    ...(epss === undefined ? [] : [`EPSS ${Math.round(epss * 1000) / 10} %`]),
  ];
  const groups = [...Map.groupBy(packages, updateOf)].map(
    ([update, all]) => `${[...new Set(all.map(({ package: pkg }) => pkg.name))].join(', ')} ${update}`,
  );
  const more = groups.length > shownUpdates ? `; and ${groups.length - shownUpdates} more` : '';
  const head = `  ${paint(severity.padEnd(10))} ${visibleText(id).padEnd(17)} ${marks.join(', ')}`.trimEnd();
  const what = summary === undefined ? [] : [`             ${visibleText(summary, 120)}`];
  return [head, ...what, `             ${visibleText(groups.slice(0, shownUpdates).join('; '))}${more}`].join('\n');
}

/** From which version to which: the same for all packages of one source. */
function updateOf(one: Vulnerability): string {
  const { package: pkg, fixed, fixState } = one;
  return isMalicious(one) ? `${pkg.version}, malicious` : `${pkg.version} → ${fixed ?? fixState}`;
}

/** Not a fault in a package, but a package that somebody made to do harm, by the records of OpenSSF. */
function isMalicious({ id }: Vulnerability): boolean {
  return id.startsWith('MAL-');
}

/** Such a package is told first, and by itself: nobody waits for its next version. */
function maliciousLines(vulnerabilities: readonly Vulnerability[], colors: Colors): string[] {
  const names = vulnerabilities.filter(isMalicious).map(({ package: pkg }) => `${pkg.name} ${pkg.version}`);
  const packages = [...new Set(names)];
  if (packages.length === 0) return [];
  const shown = packages.slice(0, shownPending).map((name) => visibleText(name));
  const more = packages.length > shown.length ? ` and ${packages.length - shown.length} more` : '';
  const what = packages.length === 1 ? 'package was made to do harm' : 'packages were made to do harm';
  return [
    '',
    colors.red(`${packages.length} ${what}: ${shown.join(', ')}${more}`),
    '       Take out what is named, exchange all secrets that it could read, and look at what ran it as broken into.',
  ];
}

const distributionTypes: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm']);

/** What to do first: rebuild for the packages of the distribution, raise those of languages. */
function nextSteps(all: readonly Line[]): string[] {
  const lines = all.filter(({ worst }) => !isMalicious(worst));
  if (lines.length < all.length && lines.length === 0) return ['Next: build again without the packages that do harm.'];
  const fixable = lines.flatMap(({ packages }) => packages.filter(({ fixState }) => fixState === 'fixed'));
  if (fixable.length === 0) return ['Next: none has a fix in this release; see whether a newer release has.'];
  const system = fixable.filter(({ package: pkg }) => distributionTypes.has(pkg.type));
  const others = fixable.filter(({ package: pkg }) => !distributionTypes.has(pkg.type));
  const rebuild = mostRepaired(system, ({ package: pkg }) => pkg.source?.name ?? pkg.name);
  const raise = mostRepaired(others, ({ package: pkg }) => `${pkg.name} ${pkg.version}`);
  return [
    ...(rebuild === '' ? [] : [`Next: rebuild on an updated base image; most is repaired in ${rebuild}.`]),
    ...(raise === '' ? [] : [`Next: raise ${raise}.`]),
  ];
}

/** The three that repair most vulnerabilities, with how many. */
function mostRepaired(fixable: readonly Vulnerability[], nameOf: (one: Vulnerability) => string): string {
  const repairs = Map.groupBy(fixable, nameOf);
  const counted = [...repairs].map(([name, all]) => [name, new Set(all.map(({ id }) => id)).size] as const);
  const best = counted.sort(([, a], [, b]) => b - a).slice(0, 3);
  return best.map(([name, count]) => `${visibleText(name)} (${count})`).join(', ');
}
