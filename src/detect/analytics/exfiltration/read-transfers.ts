import { microsPerDay } from '../../../base/time.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { textsOf } from '../../make-finding.ts';
import { largest, smallest } from './extremes.ts';
import { dailyQuery, daysQuery, firstSightQuery, machinesQuery, volumesQuery } from './queries.ts';
import { readPieces, type Pieces } from './read-pieces.ts';
import type { CaseSpan, DayVolume, Transfer } from './transfer.ts';

/** Transfers looked at: the largest. */
const maxTransfers = 1000;
/** A machine that sends this share of another's volume to the same place does the same. */
const peerShare = 0.1;

/** Everything that one sensor tells of one machine and place. */
interface Volume {
  readonly sensor: string;
  readonly source: string;
  readonly place: string;
  readonly isNamed: boolean;
  readonly addresses: readonly string[];
  readonly days: readonly DayVolume[];
  readonly sent: number;
  readonly received: number;
  readonly connections: number;
  readonly first: number;
  readonly last: number;
}

/** A day with less than this share of the usual day's connections is that of a wrong clock. */
const tellingShare = 0.01;

/** When the case begins and ends, and how many machines it has, of a store with `transferTables`. */
export async function readSpan(store: ReadStore): Promise<CaseSpan> {
  const [row] = await store.query(machinesQuery(store.macros));
  const days = await store.query(daysQuery);
  const usual = Number(days[days.length >> 1]?.['n'] ?? 0);
  const telling = days.filter((day) => Number(day['n']) >= tellingShare * usual);
  return {
    machines: Number(row?.['machines'] ?? 0),
    first: smallest(telling.map((day) => Number(day['first']))),
    last: largest(telling.map((day) => Number(day['last']))),
  };
}

export interface TransferRequest {
  readonly timeCondition: string;
  readonly leastBytes: number;
}

/** Of a store with `transferTables`: every machine and place with at least `leastBytes` sent and not mainly fetched, the largest first. */
export async function readTransfers(
  store: ReadStore,
  { timeCondition, leastBytes }: TransferRequest,
): Promise<Transfer[]> {
  const rows = await store.query(volumesQuery(store.macros, leastBytes));
  const volumes = mostTelling(toVolumes(rows));
  const large = volumes
    .filter((volume) => volume.sent >= leastBytes && 2 * volume.sent >= volume.received)
    .sort((a, b) => b.sent - a.sent)
    .slice(0, maxTransfers);
  const pieces = await readPieces(store, timeCondition, large);
  const daily = await readDaily(store, large);
  const sights = await readFirstSights(store, large);
  return large.map((volume, index) => ({
    ...volume,
    ...(pieces[index] as Pieces),
    seenSince: seenSince(volume.first, daily.get(volume.source) ?? []),
    peers: volumes.filter(
      (other) =>
        other.place === volume.place && other.source !== volume.source && other.sent >= peerShare * volume.sent,
    ).length,
    othersPerDay: othersPerDay(volume, daily.get(volume.source) ?? []),
    knownSince: Math.min(
      volume.first,
      ...[volume.place, ...volume.addresses].map((what) => sights.get(what) ?? volume.first),
    ),
  }));
}

function toVolumes(rows: readonly SqlRow[]): Volume[] {
  const groups = new Map<string, SqlRow[]>();
  for (const row of rows) {
    const key = [row['sensor'], row['source'], row['place']].map(String).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => toVolume(group));
}

function toVolume(rows: readonly SqlRow[]): Volume {
  const [head] = rows;
  const sum = (column: string): number => rows.reduce((total, row) => total + Number(row[column]), 0);
  return {
    sensor: String(head?.['sensor']),
    source: String(head?.['source']),
    place: String(head?.['place']),
    isNamed: sum('names') > 0,
    addresses: [...new Set(rows.flatMap((row) => textsOf(row['addresses'])))],
    days: rows.map((row) => toDay(row)),
    sent: sum('sent'),
    received: sum('received'),
    connections: sum('connections'),
    first: smallest(rows.map((row) => Number(row['first']))),
    last: largest(rows.map((row) => Number(row['last']))),
  };
}

function toDay(row: SqlRow): DayVolume {
  const number = (column: string): number => Number(row[column]);
  return { day: number('day'), sent: number('sent'), received: number('received'), payload: number('payload') };
}

/** Two sensors may tell of the same traffic: the one that saw more counts. */
function mostTelling(volumes: readonly Volume[]): Volume[] {
  const best = new Map<string, Volume>();
  for (const volume of volumes) {
    const key = `${volume.source} ${volume.place}`;
    const other = best.get(key);
    if (other === undefined || volume.sent > other.sent) best.set(key, volume);
  }
  return [...best.values()];
}

/** What a machine uploaded in a day, to wherever it was. */
interface MachineDay {
  readonly day: number;
  /** µs at which the machine was first seen on that day. */
  readonly first: number;
  readonly uploaded: number;
}

async function readDaily(store: ReadStore, volumes: readonly Volume[]): Promise<Map<string, MachineDay[]>> {
  const sources = [...new Set(volumes.map((volume) => volume.source))];
  const daily = new Map<string, MachineDay[]>();
  if (sources.length === 0) return daily;
  for (const row of await store.query(dailyQuery(sources.length), sources)) {
    const source = String(row['source']);
    const days = daily.get(source) ?? [];
    days.push({ day: Number(row['day']), first: Number(row['first']), uploaded: Number(row['uploaded']) });
    daily.set(source, days);
  }
  return daily;
}

/** A machine that was not seen for longer than this was away, or a clock was wrong. */
const longestPause = 10 * microsPerDay;

/** Since when the machine was there without a long pause, up to what it first sent. */
function seenSince(first: number, days: readonly MachineDay[]): number {
  const before = days.map((day) => day.first).filter((time) => time <= first);
  return before.sort((a, b) => b - a).reduce((since, time) => (since - time <= longestPause ? time : since), first);
}

function othersPerDay(volume: Volume, daily: readonly MachineDay[]): number[] {
  const here = new Map(volume.days.map(({ day, sent, received }) => [day, Math.max(0, sent - received)]));
  return daily.map(({ day, uploaded }) => Math.max(0, uploaded - (here.get(day) ?? 0)));
}

async function readFirstSights(store: ReadStore, volumes: readonly Volume[]): Promise<Map<string, number>> {
  const domains = [...new Set(volumes.filter((volume) => volume.isNamed).map((volume) => volume.place))];
  const addresses = [...new Set(volumes.filter((volume) => !volume.isNamed).flatMap((volume) => volume.addresses))];
  if (domains.length + addresses.length === 0) return new Map();
  const parameters = [...(domains.length === 0 ? [''] : domains), ...(addresses.length === 0 ? [''] : addresses)];
  const rows = await store.query(firstSightQuery(store.macros, domains.length, addresses.length), parameters);
  return new Map(rows.map((row) => [String(row['what']), Number(row['first'])]));
}
