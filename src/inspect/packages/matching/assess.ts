import type { Problem } from '../../../base/problem.ts';
import type { AdvisoryBook } from '../advisories/book.ts';
import type { VexStatement } from '../advisories/vex/statement.ts';
import type { Distribution, Package } from '../package.ts';
import { guessNotes } from './guesses.ts';
import { findIgnore, type Ignore } from './ignores.ts';
import { matchPackages, maxMatches, type Matched } from './match.ts';
import { releaseEndOf, supportNotes } from './support.ts';
import {
  countVulnerabilities,
  toVulnerabilities,
  type Vulnerability,
  type VulnerabilityCounts,
} from './vulnerabilities.ts';
import { VexIndex } from './vex.ts';

/** What is looked at: the packages of an image, a root or a bill of materials. */
export interface Subject {
  /** As a person calls it. */
  readonly name: string;
  /** Of an image: see `VexSubject`. */
  readonly digests?: readonly string[];
  readonly packages: readonly Package[];
  readonly distribution: Distribution | undefined;
}

export interface AssessOptions {
  /** Today, `2026-11-26`. */
  readonly today: string;
  /** Day whose knowledge is used instead of today's. */
  readonly asOf?: string;
  /** Also judge what lock files want for development only. */
  readonly withDevelopment?: boolean;
  readonly vex: readonly VexStatement[];
  readonly ignores: readonly Ignore[];
}

export interface NotChecked {
  readonly what: string;
  readonly why: string;
}

export interface Assessment {
  readonly counts: VulnerabilityCounts;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly problems: readonly Problem[];
  /** What was not looked at, not known, or left out on somebody's word. */
  readonly notChecked: readonly NotChecked[];
}

/** Vulnerabilities of the packages by the book, without what VEX or an ignore takes away, and what is not known. */
export function assess(subject: Subject, book: AdvisoryBook, options: AssessOptions): Assessment {
  const { packages, distribution, name } = subject;
  const { today, asOf, ignores } = options;
  const matched = matchPackages(packages, book, {
    distribution,
    withDevelopment: options.withDevelopment === true,
    ...(asOf === undefined ? {} : { asOf: `${asOf}T23:59:59.999999Z` }),
  });
  const vex = new VexIndex(options.vex, {
    name,
    digests: subject.digests ?? [],
    purls: packages.map(({ purl }) => purl),
  });
  const kept: Vulnerability[] = [];
  const left: NotChecked[] = [];
  for (const vulnerability of toVulnerabilities(matched.matches, book)) {
    const why = reasonToLeave(vulnerability, vex, ignores, today);
    if (why === undefined) kept.push(laterUnknown(vulnerability, asOf));
    else left.push({ what: `${vulnerability.id} of ${vulnerability.package.name}`, why });
  }
  const support = supportNotes(distribution, packages, book, asOf ?? today);
  return {
    counts: countVulnerabilities(kept),
    vulnerabilities: kept,
    problems: [
      ...support.filter(({ isRelease }) => isRelease).map(({ what, why }) => partly(`${what}: ${why}`)),
      ...endedIgnores(ignores, today),
      ...tooManyMatches(matched),
    ],
    notChecked: [...support.map(({ what, why }) => ({ what, why })), ...unknownParts(matched, book, subject), ...left],
  };
}

/** What a vulnerability is left out for: a statement that it does not matter here, or an ignore. */
function reasonToLeave(
  vulnerability: Vulnerability,
  vex: VexIndex,
  ignores: readonly Ignore[],
  today: string,
): string | undefined {
  const statement = vex.find(vulnerability);
  if (statement?.status === 'not_affected' || statement?.status === 'fixed') {
    const why = statement.why === '' ? 'no justification is given' : statement.why;
    return `VEX says ${statement.status}: ${why} (${statement.from})`;
  }
  const ignore = findIgnore(vulnerability, ignores, today);
  if (ignore === undefined) return undefined;
  const end = ignore.until === undefined ? 'without end' : `until ${ignore.until}`;
  return `ignored ${end}: ${ignore.reason === '' ? 'no reason is given' : ignore.reason} (${ignore.from})`;
}

/** On an earlier day nobody knew that it would be exploited. */
function laterUnknown(vulnerability: Vulnerability, asOf: string | undefined): Vulnerability {
  const { exploitedSince } = vulnerability;
  if (asOf === undefined || exploitedSince === undefined || exploitedSince <= asOf) return vulnerability;
  return { ...vulnerability, exploitedSince: undefined };
}

function endedIgnores(ignores: readonly Ignore[], today: string): Problem[] {
  return ignores
    .filter(({ until }) => until !== undefined && until < today)
    .map(({ id, until, from }) => ({
      code: 'partly-seen',
      at: { path: from },
      message: `the ignore of ${id} ended on ${until} and does not count any more`,
    }));
}

function tooManyMatches({ notMatched }: Matched): Problem[] {
  if (notMatched === 0) return [];
  const message = `more than ${maxMatches} advisories fit: ${notMatched} packages were not looked at`;
  return [{ code: 'limit-reached', at: {}, message }];
}

function unknownParts(matched: Matched, book: AdvisoryBook, { packages, distribution }: Subject): NotChecked[] {
  const parts: NotChecked[] = [];
  for (const [stream, packagesOfIt] of matched.unknownStreams) {
    parts.push({ what: `${packagesOfIt} packages of ${stream}`, why: 'no advisories for them are loaded' });
  }
  for (const [type, packagesOfIt] of matched.withoutStream) {
    const why =
      distribution === undefined ? 'the distribution is not known' : 'nobody publishes advisories by their names';
    parts.push({ what: `${packagesOfIt} packages of type ${type}`, why });
  }
  if (matched.owned.length > 0) {
    const why = 'the distribution owns their files and answers for them: they were judged as its packages';
    parts.push({ what: `${matched.owned.length} language packages by themselves`, why });
  }
  parts.push(...guessNotes(packages));
  if (matched.development.length > 0) {
    const why = 'lock files want them for development only: they are not installed';
    parts.push({ what: `${matched.development.length} packages for development`, why });
  }
  if (matched.notMatched > 0) {
    parts.push({
      what: `${matched.notMatched} packages`,
      why: `those before them fit more than ${maxMatches} advisories`,
    });
  }
  if (packages.length === 0) parts.push({ what: 'vulnerabilities', why: 'no packages were found' });
  if (!book.has.exploited) parts.push({ what: 'known exploitation', why: 'the catalog of CISA is not loaded' });
  if (!book.has.epss) parts.push({ what: 'probability of exploitation', why: 'the scores of EPSS are not loaded' });
  if (distribution !== undefined && releaseEndOf(distribution, book) === undefined) {
    parts.push({
      what: `whether ${distribution.prettyName} is still supported`,
      why: 'its end of life is not known',
    });
  }
  return parts;
}

function partly(message: string): Problem {
  return { code: 'partly-seen', at: {}, message };
}
