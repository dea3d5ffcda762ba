import { kindIds, type KindId } from '../../../events/event.ts';
import type { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import type { ColumnChunk, ReadStore, SqlValue } from '../../../store/store.ts';
import { candidateCondition, candidateTables, placesIn, sourceOf, type Place } from './candidates.ts';
import { contextColumns, contextOf, contextParts, type Sighting, type SightingTable } from './sighting.ts';

export interface HistoryOptions {
  readonly store: ReadStore;
  readonly matcher: IndicatorMatcher;
  /** SQL condition over `time`. */
  readonly timeCondition: string;
}

/** Values that one query is asked for by name. */
const valuesAtATime = 500;

/**
 * Everything stored in which something listed shows, folded to sightings. The store narrows it by joins; whether a value
 * is listed is said by the same matcher that judges events as they come in.
 */
export async function findSightings(options: HistoryOptions, table: SightingTable): Promise<void> {
  const { store, matcher, timeCondition } = options;
  const kinds: KindId[] = [];
  for (const kind of kindIds) if ((await store.count(kind)) > 0) kinds.push(kind);
  const places = placesIn(kinds, (kind) => matcher.set.holds(kind));
  const joined = places.flatMap((place) => {
    const condition = candidateCondition(place, sourceOf(place, store.macros).value, store.macros);
    return condition === undefined ? [] : [{ place, condition }];
  });
  if (joined.length > 0) {
    const tables = candidateTables(places, timeCondition, store.macros);
    const selects = joined.map(({ place, condition }) =>
      selectSightings(place, places.indexOf(place), condition, options),
    );
    // The order is for the engine: it ends all branches before the first row goes out, so that none waits for another.
    const sql = `WITH RECURSIVE ${tables} SELECT * FROM (${selects.join(' UNION ALL ')}) AS sighting ORDER BY place`;
    await collect(options, places, table, sql, []);
  }
  const told = places.filter((place) => !joined.some((each) => each.place === place));
  for (const place of told) await findTold(options, places, place, table);
}

/** Kinds that no join can tell (parts of user agents, addresses in mail headers): distinct values are asked one by one. */
async function findTold(
  options: HistoryOptions,
  places: readonly Place[],
  place: Place,
  table: SightingTable,
): Promise<void> {
  const { store, matcher, timeCondition } = options;
  const { from, value } = sourceOf(place, store.macros);
  const hits: string[] = [];
  const sql = `SELECT DISTINCT ${value} AS value FROM ${from} WHERE ${value} IS NOT NULL AND ${timeCondition}`;
  for await (const chunk of store.scan(sql)) {
    for (const text of chunk.texts(0)) {
      if (text !== null && matcher.hitsOf(place.observable, text, null).length > 0) hits.push(text);
    }
  }
  for (let at = 0; at < hits.length; at += valuesAtATime) {
    const some = hits.slice(at, at + valuesAtATime);
    const condition = `${value} IN (${some.map(() => '?').join(', ')})`;
    await collect(options, places, table, selectSightings(place, places.indexOf(place), condition, options), some);
  }
}

/** Context parts follow these columns. */
const fixedColumns = 8;

function selectSightings(
  place: Place,
  index: number,
  condition: string,
  { store, timeCondition }: HistoryOptions,
): string {
  const { macros } = store;
  const { kind } = place;
  const { from, value } = sourceOf(place, macros);
  const columns = contextColumns(kind, place.observable);
  const parts = contextParts.map((part) => {
    const column = columns[part];
    return `${column === undefined ? 'CAST(NULL AS VARCHAR)' : `CAST(${kind}.${column} AS VARCHAR)`} AS ctx_${part}`;
  });
  const at = `coalesce(${kind}.evidence_at, 0)`;
  // Ties in time are broken by the place, so that the same rows always give the same pointers. µs are below 2^53, places below 1e10.
  const order = `CAST(${macros.micros(`${kind}.time`)} AS DECIMAL(38, 0)) * 10000000000 + ${at}`;
  return `SELECT ${index} AS place, ${value} AS value, ${kind}.evidence_id AS evidence_id, count(*) AS n,
    ${macros.micros(`min(${kind}.time)`)} AS first_micros, ${macros.firstBy(at, order)} AS first_at,
    ${macros.micros(`max(${kind}.time)`)} AS last_micros, ${macros.lastBy(at, order)} AS last_at, ${parts.join(', ')}
  FROM ${from} WHERE ${timeCondition} AND ${condition} GROUP BY ALL`;
}

async function collect(
  { store, matcher }: HistoryOptions,
  places: readonly Place[],
  table: SightingTable,
  sql: string,
  parameters: readonly SqlValue[],
): Promise<void> {
  for await (const chunk of store.scan(sql, parameters)) {
    for (const sighting of sightingsOf(chunk, places)) {
      if (matcher.hitsOf(sighting.observable, sighting.value, sighting.name).length > 0) table.add(sighting);
    }
  }
}

function* sightingsOf(chunk: ColumnChunk, places: readonly Place[]): Generator<Sighting> {
  const [placeIndexes, , evidenceIds, counts, firsts, firstAts, lasts, lastAts] = Array.from(
    { length: fixedColumns },
    (_none, column) => (column === 1 ? new Float64Array(0) : chunk.numbers(column)),
  );
  const values = chunk.texts(1);
  const parts = contextParts.map((part, index) => [part, chunk.texts(fixedColumns + index)] as const);
  for (let row = 0; row < chunk.rowCount; row++) {
    const place = places[placeIndexes?.[row] ?? -1];
    const value = values[row] ?? null;
    if (place === undefined || value === null) continue;
    yield {
      kind: place.kind,
      observable: place.observable,
      value,
      ...contextOf((part) => parts.find(([name]) => name === part)?.[1][row] ?? null),
      evidenceId: evidenceIds?.[row] ?? 0,
      count: counts?.[row] ?? 0,
      first: firsts?.[row] ?? 0,
      firstAt: firstAts?.[row] ?? 0,
      last: lasts?.[row] ?? 0,
      lastAt: lastAts?.[row] ?? 0,
    };
  }
}
