import { microsPerHour } from '../../../base/time.ts';
import { kindIds } from '../../../events/event.ts';
import type { Macros } from '../../../store/macros.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';

/** One hour in which a stream wrote. Times in µs. */
export interface Hour {
  readonly hour: number;
  first: number;
  last: number;
  count: number;
  evidenceId: number;
  /** Place of the last record in that evidence. */
  lastAt: number;
}

/** What one machine or sensor wrote into one log of one folder, by the hour. */
export interface Stream {
  readonly dataset: string;
  /** Host or sensor as the records name it; empty when they do not. */
  readonly machine: string;
  readonly folder: string;
  /** In the order of time. */
  readonly hours: readonly Hour[];
  readonly active: ReadonlySet<number>;
}

/** Hours of streams that are read of one kind of event, the latest: a year of three logs, or a week of a thousand machines. */
const maxRows = 150_000;

function hourly(m: Macros, kind: string, timeCondition: string): string {
  return `SELECT coalesce(event_dataset, '${kind}') AS dataset, coalesce(host_name, sensor, '') AS machine, evidence_id, ${m.hourMicros('time')} AS hour,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, count(*) AS n, max(evidence_at) AS last_at
  FROM ${kind} WHERE ${timeCondition} GROUP BY dataset, machine, evidence_id, hour ORDER BY hour DESC, dataset, machine, evidence_id LIMIT ${maxRows}`;
}

/** Streams by machine, log and folder, so that a log that was turned over is one. */
export async function readStreams(store: ReadStore, timeCondition: string): Promise<Stream[]> {
  const folders = new Map<number, string>();
  for (const row of await store.query('SELECT evidence_id, path FROM evidence')) {
    folders.set(Number(row['evidence_id']), folderOf(String(row['path'])));
  }
  const streams = new Map<string, { dataset: string; machine: string; folder: string; hours: Map<number, Hour> }>();
  for (const kind of kindIds) {
    for (const row of await store.query(hourly(store.macros, kind, timeCondition))) {
      const [dataset, machine] = [String(row['dataset']), String(row['machine'])];
      const folder = folders.get(Number(row['evidence_id'])) ?? '';
      const key = JSON.stringify([dataset, machine, folder]);
      const stream = streams.get(key) ?? { dataset, machine, folder, hours: new Map<number, Hour>() };
      streams.set(key, stream);
      addHour(stream.hours, row);
    }
  }
  return [...streams.values()].map(({ hours, ...rest }) => ({
    ...rest,
    hours: [...hours.values()].toSorted((a, b) => a.hour - b.hour),
    active: new Set(hours.keys()),
  }));
}

function addHour(hours: Map<number, Hour>, row: SqlRow): void {
  const number = (column: string): number => Number(row[column]);
  const hour = Math.floor(number('hour') / microsPerHour);
  const [first, last, count] = [number('first'), number('last'), number('n')];
  const place = { evidenceId: number('evidence_id'), lastAt: number('last_at') };
  const known = hours.get(hour);
  if (known === undefined) {
    hours.set(hour, { hour, first, last, count, ...place });
    return;
  }
  if (last >= known.last) Object.assign(known, place);
  known.first = Math.min(known.first, first);
  known.last = Math.max(known.last, last);
  known.count += count;
}

/** Folder or archive that a log stands in; empty for a name alone. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'), path.lastIndexOf('!')));
}
