import type { KindId } from '../../../events/event.ts';
import type { IndicatorKind } from '../../../match/indicators/format.ts';
import { kindsOf } from '../../../match/indicators/matcher.ts';
import { observablesOf, type Observable } from '../../../match/indicators/observables.ts';
import type { Macros } from '../../../store/macros.ts';
import { addressTables } from './address-tables.ts';
import { nameTables } from './name-tables.ts';

/** A column of a table that is searched. */
export interface Place {
  readonly kind: KindId;
  readonly observable: Observable;
}

/** Columns of the stored kinds that can show one of the kinds of indicators. */
export function placesIn(kinds: readonly KindId[], holds: (kind: IndicatorKind) => boolean): readonly Place[] {
  return kinds.flatMap((kind) =>
    observablesOf(kind)
      .filter((observable) => kindsOf(observable).some(holds))
      .map((observable) => ({ kind, observable })),
  );
}

/** FROM and value of a place: a list has one row for each entry. */
export function sourceOf(
  { kind, observable }: Place,
  macros: Macros,
): { readonly from: string; readonly value: string } {
  const { column, isList } = observable;
  return isList
    ? { from: `${kind}, ${macros.unnest(`${kind}.${column}`)} AS entry`, value: 'entry.value' }
    : { from: kind, value: `${kind}.${column}` };
}

/**
 * Tables of a WITH clause that hold the stored values that may be listed: `hit_address` and `hit_name`. They hold all that
 * are, and may hold more: `IndicatorMatcher` decides. Every join is one of equality, so that its cost does not hang on
 * what the planner believes of sizes.
 */
export function candidateTables(places: readonly Place[], timeCondition: string, macros: Macros): string {
  const seen = (types: readonly Observable['type'][]): string =>
    unionOf(
      places
        .filter(({ observable }) => types.includes(observable.type))
        .map((place) => {
          const { from, value } = sourceOf(place, macros);
          return `SELECT DISTINCT ${valueIn(place, value)} AS value FROM ${from} WHERE ${value} IS NOT NULL AND ${timeCondition}`;
        }),
    );
  return `seen_address AS (${seen(['address', 'host'])}),
${addressTables(macros)},
seen_name AS (${seen(['domain', 'host'])}),
${nameTables(macros)}`;
}

/** The value as it is compared: names and hashes in lower case. */
function valueIn({ observable }: Place, value: string): string {
  const isFolded = observable.type !== 'address' && observable.type !== 'user-agent' && observable.type !== 'email';
  return isFolded && !observable.isLower ? `lower(${value})` : value;
}

/** Condition of a place that every listed value fulfils; undefined for a kind that only `IndicatorMatcher` can tell. */
export function candidateCondition(place: Place, value: string, macros: Macros): string | undefined {
  const text = valueIn(place, value);
  const { type } = place.observable;
  const listed = (kind: IndicatorKind): string => `${text} IN (SELECT value FROM indicator WHERE kind = '${kind}')`;
  switch (type) {
    case 'address':
      return `${value} IN (SELECT value FROM hit_address)`;
    case 'domain':
      return `${text} IN (SELECT value FROM hit_name)`;
    case 'host':
      return `(${text} IN (SELECT value FROM hit_name) OR ${text} IN (SELECT value FROM hit_address))`;
    case 'hash':
      return `(${listed('md5')} OR ${listed('sha1')} OR ${listed('sha256')})`;
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'ja3':
      return listed(type);
    case 'request':
      return requestCondition(place, value, macros);
    case 'url':
    case 'user-agent':
    case 'email':
    case 'file':
      return undefined;
  }
}

/** The host is that of a listed URL; a target that is a whole URL tells its own host, which is left to the matcher. */
function requestCondition({ kind }: Place, value: string, macros: Macros): string {
  const host = `lower(${kind}.url_domain) IN (SELECT join_key FROM indicator WHERE kind = 'url')`;
  const target = `lower(${value})`;
  const wholes = ["'http:'", "'https:'", "'ftp:'"].map((scheme) => macros.startsWith(target, scheme));
  return `(${host} OR ${wholes.join(' OR ')})`;
}

function unionOf(selects: readonly string[]): string {
  return selects.length === 0 ? "SELECT '' AS value WHERE FALSE" : selects.join(' UNION ');
}
