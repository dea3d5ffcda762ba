import type { AdvisoryBook } from '../advisories/book.ts';
import type { ReleaseEnd, SupportLimit } from '../advisories/format.ts';
import type { Distribution, Package } from '../package.ts';

import { knownEnds } from './known-ends.ts';

/** A release or a package whose maker repairs it no more, or not for every use. */
export interface SupportNote {
  /** `Alpine Linux v3.11`, `source package webkit2gtk`. */
  readonly what: string;
  readonly why: string;
  /** The release itself: nothing that came after that day is known for any package. */
  readonly isRelease: boolean;
}

/** Names of distributions at endoflife.date. */
const products: Readonly<Record<string, string>> = {
  alpine: 'alpine-linux',
  amzn: 'amazon-linux',
  ol: 'oracle-linux',
  rocky: 'rocky-linux',
  'opensuse-leap': 'opensuse',
};

/** What is known about the support of the distribution and of its packages on a day. */
export function supportNotes(
  distribution: Distribution | undefined,
  packages: readonly Package[],
  book: AdvisoryBook,
  day: string,
): SupportNote[] {
  if (distribution === undefined) return [];
  const ended = endedRelease(distribution, book, day);
  const notes: SupportNote[] = ended === undefined ? [] : [ended];
  return distribution.id === 'debian' ? [...notes, ...packageNotes(distribution, packages, book, day)] : notes;
}

/** What is known of the release that a distribution has; undefined when nothing is. */
export function releaseEndOf(distribution: Distribution, book: AdvisoryBook): ReleaseEnd | undefined {
  const { id, versionId, repositoryRelease } = distribution;
  const version = repositoryRelease ?? versionId ?? '';
  const product = products[id] ?? id;
  const fits = ({ release }: ReleaseEnd): boolean => version === release || version.startsWith(`${release}.`);
  const longestFirst = (a: ReleaseEnd, b: ReleaseEnd): number => b.release.length - a.release.length;
  // The older interface has some products under a shorter name too.
  const ends = [...book.releaseEnds(product), ...(product === id ? [] : book.releaseEnds(id))];
  const loaded = ends.filter(fits).sort(longestFirst)[0];
  return loaded ?? knownEnds(product).filter(fits).sort(longestFirst)[0];
}

/** Why a release gets no regular repairs any more on a day; false while it does, undefined when that is not known. */
export function whyEnded(distribution: Distribution, book: AdvisoryBook, day: string): string | false | undefined {
  if (releaseEndOf(distribution, book) === undefined) return undefined;
  return endedRelease(distribution, book, day)?.why ?? false;
}

function endedRelease(distribution: Distribution, book: AdvisoryBook, day: string): SupportNote | undefined {
  const { end, extendedEnd } = releaseEndOf(distribution, book) ?? {};
  if (end === undefined || (end !== 'past' && end > day)) return undefined;
  const since = end === 'past' ? '' : ` on ${end}`;
  const isExtended = extendedEnd !== undefined && extendedEnd > day;
  const why = isExtended
    ? `its regular support ended${since}; until ${extendedEnd} some packages are repaired by long-term or paid support`
    : `its support ended${since}: what was found later is not repaired, and mostly not even listed for it`;
  return { what: distribution.prettyName, why, isRelease: true };
}

function packageNotes(
  { versionId }: Distribution,
  packages: readonly Package[],
  book: AdvisoryBook,
  day: string,
): SupportNote[] {
  const release = versionId?.split('.')[0];
  const limits = book.supportLimits().filter((limit) => limit.release === undefined || limit.release === release);
  if (limits.length === 0) return [];
  const sources = new Set(
    packages.filter(({ type }) => type === 'deb').map(({ name, source }) => source?.name ?? name),
  );
  return [...sources].sort().flatMap((name) => {
    const limit = limits.find((one) => isNamed(name, one) && (one.since === undefined || one.since <= day));
    if (limit === undefined) return [];
    const verb =
      limit.level === 'ended' ? `has no security support since ${limit.since}` : 'has limited security support';
    return [
      { what: `source package ${name}`, why: `${verb}${limit.why === '' ? '' : `: ${limit.why}`}`, isRelease: false },
    ];
  });
}

/** The lists are patterns, of which only the open end is used. */
function isNamed(name: string, limit: SupportLimit): boolean {
  const { package: pattern } = limit;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}
