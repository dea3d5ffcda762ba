import type { VersionOrder } from '../version-order.ts';
import type { OsvAffected, OsvEvent, OsvRange } from './osv.ts';

/** Affected versions from `from` (itself in, unless `isOpen`) on. Without `from` from the first one, without an end to the last. */
export interface Interval {
  readonly from?: string;
  readonly isOpen?: true;
  /** The first version that is not affected any more. */
  readonly to?: string;
  /** The last version that is affected, where that is what is known. */
  readonly last?: string;
  /** `to` ends the range, but nobody says that it is the fix. */
  readonly isUnfixed?: true;
}

export function isInside(version: string, interval: Interval, order: VersionOrder): boolean {
  const { from, isOpen, to, last } = interval;
  if (from !== undefined && order.compare(version, from) < (isOpen === true ? 1 : 0)) return false;
  if (to !== undefined && order.compare(version, to) >= 0) return false;
  return last === undefined || order.compare(version, last) <= 0;
}

/** What the ranges of an advisory come to. `isNever`: it says that no version was ever affected (fixed in version 0). */
export interface Affected {
  readonly intervals: readonly Interval[];
  readonly isNever: boolean;
}

/**
 * Intervals of the ranges, with what is wrong in published data put right: a range whose beginning is not before its end
 * (osv.dev takes one from NVD and the other from the distribution) begins with the first version; fixed in 0 is "never affected".
 */
export function affectedIntervals(affected: OsvAffected, order: VersionOrder): Affected {
  const ranges = affected.ranges.filter(({ type }) => type === 'ECOSYSTEM' || type === 'SEMVER');
  const isNever = affected.state === 'not-affected' || ranges.some((range) => fixedInZero(range));
  const usable = ranges.filter((range) => !fixedInZero(range));
  const intervals = isNever ? [] : usable.flatMap((range) => intervalsOf(range.events, order));
  return { intervals: intervals.map((interval) => bounded(interval, affected.lastKnown)), isNever };
}

function fixedInZero({ events }: OsvRange): boolean {
  return events.some(({ fixed }) => fixed === '0');
}

interface Mark {
  readonly version: string;
  readonly kind: 'introduced' | 'after' | 'fixed' | 'last';
}

function marksOf(events: readonly OsvEvent[]): Mark[] {
  return events.flatMap(({ introduced, introduced_after: after, fixed, last_affected: last }) => [
    ...(introduced === undefined ? [] : [{ version: introduced, kind: 'introduced' } as const]),
    ...(after === undefined ? [] : [{ version: after, kind: 'after' } as const]),
    ...(fixed === undefined ? [] : [{ version: fixed, kind: 'fixed' } as const]),
    ...(last === undefined ? [] : [{ version: last, kind: 'last' } as const]),
  ]);
}

/** At the same version an end comes before a beginning, but for a last affected version, which belongs to the range. */
const ranks = { fixed: 0, introduced: 1, last: 2, after: 3 } as const;
const isBeginning = ({ kind }: Mark): boolean => kind === 'introduced' || kind === 'after';

function intervalsOf(events: readonly OsvEvent[], order: VersionOrder): Interval[] {
  const marks = marksOf(events).sort((a, b) => compareMarks(a, b, order));
  // An end before any beginning has its own beginning somewhere above it: that one is wrong.
  const isInverted = marks[0] !== undefined && !isBeginning(marks[0]);
  const intervals: Interval[] = [];
  let open: Interval | undefined = isInverted ? {} : undefined;
  for (const [index, mark] of marks.entries()) {
    if (isBeginning(mark)) {
      const isLastOfInverted = isInverted && index === marks.length - 1;
      if (!isLastOfInverted) open ??= beginning(mark);
    } else if (open !== undefined) {
      intervals.push({ ...open, ...(mark.kind === 'fixed' ? { to: mark.version } : { last: mark.version }) });
      open = undefined;
    }
  }
  if (open !== undefined) intervals.push(open);
  return intervals;
}

function compareMarks(a: Mark, b: Mark, order: VersionOrder): number {
  const [aIsFirst, bIsFirst] = [a.version === '0', b.version === '0'];
  const byVersion = aIsFirst || bIsFirst ? Number(bIsFirst) - Number(aIsFirst) : order.compare(a.version, b.version);
  return byVersion || ranks[a.kind] - ranks[b.kind];
}

function beginning({ version, kind }: Mark): Interval {
  if (kind === 'after') return { from: version, isOpen: true };
  return version === '0' ? {} : { from: version };
}

/** GitHub's bound for ranges that no fix ends: `<= 9.0.5`, `< 3.5.3.1`. */
function bounded(interval: Interval, lastKnown: string | undefined): Interval {
  if (lastKnown === undefined || interval.to !== undefined || interval.last !== undefined) return interval;
  const groups = /^\s*<(?<isIn>=?)\s*(?<version>\S+)\s*$/.exec(lastKnown)?.groups;
  if (groups?.['version'] === undefined) return interval;
  return groups['isIn'] === '='
    ? { ...interval, last: groups['version'] }
    : { ...interval, to: groups['version'], isUnfixed: true };
}
