import type { EvidencePointer } from '../../../events/finding.ts';
import { microsPerDay, microsPerHour } from '../../../base/time.ts';
import type { ReadStore } from '../../../store/store.ts';
import { maxPointers } from '../../make-finding.ts';
import { findEqualPieces, type EqualPieces, type Piece } from './pieces.ts';
import { piecesQuery } from './queries.ts';
import type { DayVolume } from './transfer.ts';

/** Connections read of each transfer, the largest: a transfer in more pieces shows in these. */
const maxPieces = 2000;
/** Transfers asked about at once. */
const batchSize = 200;

export interface Pieces {
  readonly pieces: EqualPieces | undefined;
  readonly main: Piece;
  readonly timesOfDay: readonly number[];
  readonly hoursPerDay: number;
  readonly evidence: readonly EvidencePointer[];
}

interface Wanted {
  readonly sensor: string;
  readonly source: string;
  readonly place: string;
  readonly days: readonly DayVolume[];
}

interface Connection extends Piece {
  readonly pointer: EvidencePointer;
}

/** Of a store with `transferTables`, for each transfer, in the same order: its pieces of one size, when it runs, and where its largest connections stand. */
export async function readPieces(
  store: ReadStore,
  timeCondition: string,
  wanted: readonly Wanted[],
): Promise<Pieces[]> {
  const result: Pieces[] = [];
  for (let from = 0; from < wanted.length; from += batchSize) {
    const batch = wanted.slice(from, from + batchSize);
    const connections = await readConnections(store, timeCondition, batch);
    result.push(...batch.map((one) => toPieces(connections.get(keyOf(one)) ?? [], one.days)));
  }
  return result;
}

async function readConnections(
  store: ReadStore,
  timeCondition: string,
  batch: readonly Wanted[],
): Promise<Map<string, Connection[]>> {
  const lists = new Map<string, Connection[]>(batch.map((one) => [keyOf(one), []]));
  const sql = piecesQuery(store.macros, timeCondition, batch.length, maxPieces);
  const parameters = batch.flatMap(({ source, place }) => [source, place]);
  for await (const chunk of store.scan(sql, parameters)) {
    const [sizes, times, durations] = [chunk.numbers(0), chunk.numbers(1), chunk.numbers(2)];
    const [ids, places] = [chunk.numbers(3), chunk.numbers(4)];
    const [sensors, sources, names] = [chunk.texts(5), chunk.texts(6), chunk.texts(7)];
    for (let row = 0; row < chunk.rowCount; row++) {
      const key = keyOf({ sensor: sensors[row] ?? '', source: sources[row] ?? '', place: names[row] ?? '' });
      const pointer = { evidence_id: ids[row] ?? 0, at: places[row] ?? 0 };
      const began = times[row] ?? 0;
      lists.get(key)?.push({ size: sizes[row] ?? 0, began, ended: began + (durations[row] ?? 0), pointer });
    }
  }
  return lists;
}

function keyOf({ sensor, source, place }: Pick<Wanted, 'sensor' | 'source' | 'place'>): string {
  return `${sensor} ${source} ${place}`;
}

/** A piece may also be what a day adds up to, when each of its connections carries a little. */
function toPieces(connections: readonly Connection[], days: readonly DayVolume[]): Pieces {
  const single = findEqualPieces(connections);
  const daily = findEqualPieces(days.map(({ day, payload }) => ({ size: payload, began: day, ended: day })));
  const mainOfDay = new Map<number, Connection>();
  const hours = new Set<number>();
  for (const connection of connections) {
    const day = Math.floor(connection.began / microsPerDay);
    hours.add(Math.floor(connection.began / microsPerHour));
    if (connection.size > (mainOfDay.get(day)?.size ?? -1)) mainOfDay.set(day, connection);
  }
  return {
    pieces: (daily?.bytes ?? 0) > (single?.bytes ?? 0) ? daily : single,
    main: mainOf(connections),
    timesOfDay: [...mainOfDay.values()].map((connection) => connection.began % microsPerDay),
    hoursPerDay: hours.size / Math.max(1, mainOfDay.size),
    evidence: pointers(connections),
  };
}

const none: Piece = { size: 0, began: 0, ended: 0 };

function mainOf(connections: readonly Connection[]): Piece {
  const { size, began, ended } = connections.reduce((most: Piece, one) => (one.size > most.size ? one : most), none);
  return { size, began, ended };
}

/** The first and the last connection, and the largest between them, in time. */
function pointers(connections: readonly Connection[]): EvidencePointer[] {
  const ends = new Set([connections.at(0), connections.at(-1)]);
  const largest = connections.toSorted((a, b) => b.size - a.size).slice(0, maxPointers - ends.size);
  const chosen = new Set([...ends, ...largest]);
  return connections.filter((connection) => chosen.has(connection)).map((connection) => connection.pointer);
}
