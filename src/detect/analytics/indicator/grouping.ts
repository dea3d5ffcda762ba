import type { LocalNetworks } from '../../../base/networks.ts';
import { entityKey, type Entity } from '../../../events/entity.ts';
import type { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import { courseOf, senseOf, type Direction } from './direction.ts';
import type { Sighting } from './sighting.ts';
import { subjectOf } from './subject.ts';

/** Sightings of one listed thing at one machine of ours, in one sense. */
export interface CaseOfOne {
  readonly direction: Direction;
  readonly host: string | null;
  readonly subject: Entity;
  readonly sightings: readonly Sighting[];
  /** Distinct, by list and value. */
  readonly refs: readonly IndicatorRef[];
}

/** Matches that a warning list kept from firing. */
export interface Suppressed {
  readonly warningList: string;
  readonly list: string;
  readonly kind: string;
  readonly value: string;
  readonly count: number;
}

export interface Grouped {
  readonly cases: readonly CaseOfOne[];
  readonly suppressed: readonly Suppressed[];
}

interface Draft {
  direction: Direction;
  readonly host: string | null;
  readonly subject: Entity;
  readonly sightings: Sighting[];
  readonly refs: Map<string, IndicatorRef>;
}

export function groupSightings(
  sightings: Iterable<Sighting>,
  matcher: IndicatorMatcher,
  networks: LocalNetworks,
): Grouped {
  const cases = new Map<string, Draft>();
  const suppressed = new Map<string, Suppressed>();
  for (const sighting of sightings) {
    const hits = matcher.hitsOf(sighting.observable, sighting.value, sighting.name);
    for (const { ref, suppressedBy } of hits) {
      if (suppressedBy !== null) countSuppressed(suppressed, ref, suppressedBy, sighting.count);
    }
    const subject = subjectOf(sighting, hits);
    if (subject === undefined) continue;
    const { direction, host } = courseOf(sighting, networks);
    const key = JSON.stringify([senseOf(direction), host, entityKey(subject.entity)]);
    let group = cases.get(key);
    if (group === undefined) {
      group = { direction, host, subject: subject.entity, sightings: [], refs: new Map() };
      cases.set(key, group);
    }
    if (direction === 'outward') group.direction = direction;
    group.sightings.push(sighting);
    for (const ref of subject.refs) {
      group.refs.set(JSON.stringify([ref.list, ref.kind, ref.value, ref.description]), ref);
    }
  }
  return {
    cases: [...cases.values()].map((group) => ({ ...group, refs: [...group.refs.values()].sort(byList) })),
    suppressed: [...suppressed.values()].sort(byCount),
  };
}

function countSuppressed(all: Map<string, Suppressed>, ref: IndicatorRef, warningList: string, count: number): void {
  const key = JSON.stringify([warningList, ref.list, ref.kind, ref.value]);
  const before = all.get(key)?.count ?? 0;
  all.set(key, { warningList, list: ref.list, kind: ref.kind, value: ref.value, count: before + count });
}

function byCount(a: Suppressed, b: Suppressed): number {
  return (
    b.count - a.count || compareTexts(a.value, b.value) || compareTexts(a.list, b.list) || compareTexts(a.kind, b.kind)
  );
}

function byList(a: IndicatorRef, b: IndicatorRef): number {
  return (
    compareTexts(a.list, b.list) ||
    compareTexts(a.value, b.value) ||
    compareTexts(a.description ?? '', b.description ?? '')
  );
}

export function compareTexts(a: string, b: string): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/**
 * Events behind sightings. One event can show a value in two columns (sender and From header): of the columns of one
 * kind the fullest counts, and kinds add up.
 */
export function countEvents(sightings: readonly Sighting[]): number {
  const byColumn = new Map<string, number>();
  for (const { kind, observable, count } of sightings) {
    const key = `${kind} ${observable.column}`;
    byColumn.set(key, (byColumn.get(key) ?? 0) + count);
  }
  const byKind = new Map<string, number>();
  for (const [key, count] of byColumn) {
    const kind = key.slice(0, key.indexOf(' '));
    byKind.set(kind, Math.max(byKind.get(kind) ?? 0, count));
  }
  return [...byKind.values()].reduce((sum, count) => sum + count, 0);
}
