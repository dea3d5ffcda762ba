import type { Advice } from '../advisories/advice.ts';
import type { AdvisoryBook } from '../advisories/book.ts';
import { orderOf } from '../advisories/ecosystems.ts';
import { isInside, type Interval } from '../advisories/intervals.ts';
import type { VendorState } from '../advisories/osv.ts';
import type { Distribution, Package } from '../package.ts';
import type { VersionOrder } from '../version-order.ts';
import { lookupsOf, type Lookup } from './streams.ts';

export interface Match {
  readonly package: Package;
  readonly stream: string;
  readonly advice: Advice;
  /** First version that is not affected any more, in the interval that the installed one stands in. */
  readonly fixed: string | undefined;
  readonly state: FixState;
}

/** Whether and why there is a fix. `unknown`: the advisory says where the range ends, but not what repairs it. */
export type FixState = 'fixed' | Exclude<VendorState, 'not-affected'> | 'unknown';

export interface MatchOptions {
  readonly distribution: Distribution | undefined;
  /** ISO 8601: advisories that were published after it are not known yet. */
  readonly asOf?: string;
  /** Also judge what a lock file wants for development only, which no image holds. */
  readonly withDevelopment?: boolean;
}

export interface Matched {
  readonly matches: readonly Match[];
  /** Packages by the stream that would have to be known, for streams that the book has nothing of. */
  readonly unknownStreams: ReadonlyMap<string, number>;
  /** Packages that nobody publishes advisories about under a name of ours, by their type. */
  readonly withoutStream: ReadonlyMap<string, number>;
  /** Language packages that the distribution owns and answers for, and that were matched as its packages only. */
  readonly owned: readonly Package[];
  /** Packages that are wanted for development only, and were left out. */
  readonly development: readonly Package[];
  /** Packages that were not looked at, because those before them fit `maxMatches` advisories. */
  readonly notMatched: number;
}

/**
 * Advisories that fit packages. An old desktop with all kernels has some ten thousand; a list that names one old kernel a hundred
 * thousand times would have a hundred million.
 */
export const maxMatches = 300_000;

/** Holds every package against the book. */
export function matchPackages(packages: readonly Package[], book: AdvisoryBook, options: MatchOptions): Matched {
  const matches: Match[] = [];
  const unknownStreams = new Map<string, number>();
  const withoutStream = new Map<string, number>();
  const owned: Package[] = [];
  const development: Package[] = [];
  let notMatched = 0;
  for (const pkg of withoutDoubles(packages)) {
    if (pkg.isProject === true) continue;
    if (pkg.isDevelopment === true && options.withDevelopment !== true) {
      development.push(pkg);
      continue;
    }
    if (pkg.ownedBy !== undefined) {
      owned.push(pkg);
      continue;
    }
    if (matches.length >= maxMatches) {
      notMatched++;
      continue;
    }
    const lookups = lookupsOf(pkg, options.distribution);
    if (lookups.length === 0) count(withoutStream, pkg.type);
    else if (!lookups.some(({ stream }) => book.streams.has(stream))) count(unknownStreams, lookups[0]?.stream ?? '');
    for (const match of matchPackage(pkg, lookups, book, options.asOf)) matches.push(match);
  }
  return { matches, unknownStreams, withoutStream, owned, development, notMatched };
}

/** Catalogers of files that say what is wanted, and not what is installed. */
const wanting: ReadonlySet<string> = new Set(['node-lock', 'python-lock', 'rust-lock', 'go-module', 'java-build']);

/** A package that is installed and stands in a lock file too is one package. */
function withoutDoubles(packages: readonly Package[]): readonly Package[] {
  const installed = new Set(packages.filter(({ foundBy }) => !wanting.has(foundBy)).map(({ purl }) => purl));
  return packages.filter(({ foundBy, purl }) => !wanting.has(foundBy) || !installed.has(purl));
}

function matchPackage(
  pkg: Package,
  lookups: readonly Lookup[],
  book: AdvisoryBook,
  asOf: string | undefined,
): readonly Match[] {
  const found: Match[] = [];
  // Names of vulnerabilities that this stream says the package never had, and those that a free channel has a word on.
  const never = new Set<string>();
  const spoken = new Set<string>();
  for (const { stream, name, version, isPaid } of lookups) {
    const order = orderOf(stream);
    if (order === undefined) continue;
    for (const advice of book.find(stream, name)) {
      if (!isPublished(advice, asOf) || !isOfModule(advice, pkg)) continue;
      const names = [advice.id, ...advice.aliases];
      if (isPaid === true && names.some((id) => spoken.has(id))) continue;
      for (const id of names) spoken.add(id);
      if (advice.isNever === true) for (const id of names) never.add(id);
      const hit = affectedBy(version, advice, order);
      if (hit === undefined) continue;
      const paid = isPaid === true ? ({ fixed: undefined, state: 'not-fixed' } as const) : {};
      found.push({ package: pkg, stream, advice, ...hit, ...paid });
    }
  }
  if (never.size === 0) return found;
  return found.filter(({ advice }) => ![advice.id, ...advice.aliases].some((id) => never.has(id)));
}

function isPublished({ published }: Advice, asOf: string | undefined): boolean {
  return asOf === undefined || published === undefined || published <= asOf;
}

/**
 * A package of a module (modularity of RHEL 8 and its rebuilds) is only affected by advice on that module, and one outside every module
 * by none on a module. Records that do not name the module have it in the release of the fix; then the stream is told from the version.
 */
function isOfModule(advice: Advice, { type, version, details }: Package): boolean {
  if (type !== 'rpm') return true;
  const label = details?.['modularityLabel'] ?? '';
  if (advice.module !== undefined) return label.split(':').slice(0, 2).join(':') === advice.module;
  const fixes = advice.intervals.flatMap(({ to }) => to ?? []);
  const isOnModule = fixes.some((fix) => /\.module[_+]/.test(fix));
  if (isOnModule !== (label !== '')) return fixes.length === 0;
  return !isOnModule || fixes.some((fix) => firstNumber(fix) === firstNumber(version));
}

function firstNumber(version: string): string | undefined {
  return /^(?:\d+:)?(?<number>\d+)/.exec(version)?.groups?.['number'];
}

function affectedBy(
  version: string,
  advice: Advice,
  order: VersionOrder,
): { readonly fixed: string | undefined; readonly state: FixState } | undefined {
  const interval = advice.intervals.find((one) => isInside(version, one, order));
  if (interval === undefined && !advice.versions.includes(version)) return undefined;
  const fixed = interval === undefined ? fixAfter(version, advice.intervals, order) : fixOf(interval);
  return { fixed, state: stateOf(advice, fixed, interval) };
}

function fixOf(interval: Interval): string | undefined {
  return interval.isUnfixed === true ? undefined : interval.to;
}

/** For a version that is only listed: the lowest end of a range above it. */
function fixAfter(version: string, intervals: readonly Interval[], order: VersionOrder): string | undefined {
  const ends = intervals.flatMap((interval) => fixOf(interval) ?? []).filter((end) => order.compare(end, version) > 0);
  return ends.sort((a, b) => order.compare(a, b))[0];
}

function stateOf(advice: Advice, fixed: string | undefined, interval: Interval | undefined): FixState {
  if (fixed !== undefined) return 'fixed';
  if (advice.state !== undefined && advice.state !== 'not-affected') return advice.state;
  return interval?.isUnfixed === true ? 'unknown' : 'not-fixed';
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
