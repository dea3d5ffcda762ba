import type { AdvisoryBook } from '../advisories/book.ts';
import { orderOf } from '../advisories/ecosystems.ts';
import { isInside } from '../advisories/intervals.ts';
import type { Assessment } from '../matching/assess.ts';
import { lookupsOf } from '../matching/streams.ts';
import { releaseEndOf } from '../matching/support.ts';
import type { Package } from '../package.ts';
import type { PackageIndex } from './package-index.ts';
import type { ReportedRow } from './report.ts';
import type { ComparedSubject } from './same-image.ts';

/** Why another scanner lists what we do not, and what somebody who reads it does then. */
export const reasons = {
  'left-out': {
    why: 'it was left out on the word of VEX or an ignore',
    next: 'nothing, while that word holds',
  },
  'other-version': {
    why: 'another version of the package is installed here',
    next: 'see that both looked at the same build; if they did, that scanner read another file',
  },
  'no-package': {
    why: 'we found no such package',
    next: 'look at the place where that scanner saw it: a program that no package owns has to be updated by hand',
  },
  development: {
    why: 'a lock file wants it for development only: it is not installed',
    next: 'nothing for the image; --with-development judges it',
  },
  owned: {
    why: 'the distribution owns the files, and answers for them',
    next: "nothing: the distribution's package stands in the list when it is affected",
  },
  'not-affected': {
    why: 'the advisories that we have say that this version is not affected',
    next: "nothing, unless that scanner's source says what the advisory does not: then write to its maker",
  },
  later: {
    why: 'it was published after the day whose knowledge is used',
    next: 'scan without --as-of to have it in the list',
  },
  ended: {
    why: "the release's support had ended when it was found: nobody says any more which of its packages are affected",
    next: 'take it as open, and move to a release that is still repaired',
  },
  'no-stream': {
    why: 'no advisories of its ecosystem are loaded here',
    next: 'load them: "vakthund feeds update", or --advisories',
  },
  cpe: {
    why: "guessed from NVD's names of products, which say nothing about how this distribution built it",
    next: "look it up at the distribution's security tracker: most such guesses are wrong there, and VEX silences those",
  },
  'no-advice': {
    why: 'no advisory that we have names it for this package',
    next: 'update the advisories; what stays is the word of that scanner alone: read the source that it names',
  },
} as const;
export type Reason = keyof typeof reasons;

export interface Explanation {
  readonly reason: Reason;
  /** What is special about this one: a version, a day, a file. */
  readonly detail: string;
}

export interface ExplainContext {
  readonly subject: ComparedSubject;
  readonly assessment: Assessment;
  readonly book: AdvisoryBook;
  /** Day whose knowledge is used, and today. */
  readonly asOf: string | undefined;
  readonly today: string;
  /** Day on which the advisories were gathered; undefined when nobody knows. */
  readonly dataDate: string | undefined;
}

/** Why rows that other scanners have are missing in our list. */
export class Explainer {
  readonly #context: ExplainContext;
  readonly #index: PackageIndex;
  /** Reasons of what was left out, by vulnerability and package. */
  readonly #left: ReadonlyMap<string, string>;

  constructor(context: ExplainContext, index: PackageIndex) {
    this.#context = context;
    this.#index = index;
    this.#left = new Map(context.assessment.notChecked.map(({ what, why }) => [what, why]));
  }

  /** `names` are all names of the vulnerability, `createdAt` is when the report was made. */
  explain(row: ReportedRow, names: ReadonlySet<string>, createdAt: string | undefined): Explanation {
    const packages = this.#index.of(row);
    const [pkg] = packages;
    if (pkg === undefined) return this.#withoutPackage(row);
    const left = [...names].flatMap((id) => this.#left.get(`${id} of ${pkg.name}`) ?? [])[0];
    if (left !== undefined) return { reason: 'left-out', detail: left };
    if (packages.every(({ isDevelopment }) => isDevelopment === true)) return { reason: 'development', detail: '' };
    if (packages.every(({ ownedBy }) => ownedBy !== undefined)) return { reason: 'owned', detail: pkg.ownedBy ?? '' };
    return this.#bySaid(packages, names) ?? this.#withoutAdvice(row, pkg, names, createdAt);
  }

  #withoutPackage({ package: name, location }: ReportedRow): Explanation {
    const others = this.#index.named(name);
    const seen = location === undefined ? '' : `seen in ${location}`;
    if (others.length === 0) return { reason: 'no-package', detail: seen };
    const versions = [...new Set(others.map(({ version }) => version))].slice(0, 3);
    return { reason: 'other-version', detail: `here ${versions.join(', ')}` };
  }

  /** Advice of ours on the package under one of the names, and why it does not match. */
  #bySaid(packages: readonly Package[], names: ReadonlySet<string>): Explanation | undefined {
    const { book, asOf, subject } = this.#context;
    for (const pkg of packages) {
      for (const { stream, name, version } of lookupsOf(pkg, subject.distribution)) {
        const order = orderOf(stream);
        for (const advice of book.find(stream, name)) {
          if (![advice.id, ...advice.aliases].some((id) => names.has(id)) || order === undefined) continue;
          if (advice.isNever === true) return { reason: 'not-affected', detail: `${advice.origin}: never had it` };
          const isHit = advice.intervals.some((one) => isInside(version, one, order));
          const day = advice.published?.slice(0, 10);
          if (isHit && asOf !== undefined && day !== undefined && day > asOf) return { reason: 'later', detail: day };
          if (!isHit) return { reason: 'not-affected', detail: `${advice.origin}: ${rangesText(advice.intervals)}` };
        }
      }
    }
    return undefined;
  }

  #withoutAdvice(
    { isByCpe }: ReportedRow,
    pkg: Package,
    names: ReadonlySet<string>,
    createdAt: string | undefined,
  ): Explanation {
    const { book, dataDate, subject } = this.#context;
    const lookups = lookupsOf(pkg, subject.distribution);
    const ended = this.#endBefore(lookups, names);
    if (ended !== undefined) {
      return { reason: 'ended', detail: `${ended}${isByCpe ? "; by NVD's names of products" : ''}` };
    }
    if (isByCpe) return { reason: 'cpe', detail: '' };
    const [first] = lookups;
    if (!lookups.some(({ stream }) => book.streams.has(stream))) {
      return { reason: 'no-stream', detail: first?.stream ?? pkg.type };
    }
    const madeOn = createdAt?.slice(0, 10);
    const isOlder = dataDate !== undefined && madeOn !== undefined && dataDate < madeOn;
    return { reason: 'no-advice', detail: isOlder ? `its report is of ${madeOn}, our advisories of ${dataDate}` : '' };
  }

  /** The end of the release, for a vulnerability whose number was given in its year or later. */
  #endBefore(lookups: readonly { readonly stream: string }[], names: ReadonlySet<string>): string | undefined {
    const { book, asOf, today, subject } = this.#context;
    const isOfRelease = lookups.some(({ stream }) => stream.includes(':'));
    const { distribution } = subject;
    const end = distribution === undefined || !isOfRelease ? undefined : releaseEndOf(distribution, book)?.end;
    if (end === undefined || end === 'past' || end > (asOf ?? today)) return undefined;
    const years = [...names].flatMap((id) => /^CVE-(?<year>\d{4})-/.exec(id)?.groups?.['year'] ?? []);
    return years.some((year) => year >= end.slice(0, 4)) ? `${distribution?.prettyName} until ${end}` : undefined;
  }
}

const shownRanges = 3;

function rangesText(intervals: readonly { from?: string; to?: string; last?: string }[]): string {
  const texts = intervals.slice(0, shownRanges).map(({ from, to, last }) => {
    const end = to === undefined ? '' : ` before ${to}`;
    return `${from === undefined ? '' : `from ${from}`}${end}${last === undefined ? '' : ` until ${last}`}`.trim();
  });
  return `affected ${texts.join(', ')}${intervals.length > shownRanges ? ' and more' : ''}`;
}
