import type { ReadStore } from '../../store/store.ts';

/** Seconds in the data set that RITA looks at. */
const windowSeconds = 86_400;

/** The last 24 hours of a data set, in whole seconds. */
export interface RitaWindow {
  /** Of connections and proxied requests: what beacons are scored over. */
  readonly start: number;
  readonly end: number;
  /** Start of the hour of `start`: rows from here on are kept. */
  readonly from: number;
  /** The same for all logs, DNS and open connections included. */
  readonly anyFrom: number;
  readonly anyEnd: number;
}

/** Of the tables of `ritaTables`; undefined when there is nothing at all. */
export async function readWindow(store: ReadStore): Promise<RitaWindow | undefined> {
  const [row] = await store.query(`WITH beaconing AS (
  SELECT ts FROM conn UNION ALL SELECT l.ts FROM http_row h JOIN link l ON l.uid = h.uid WHERE h.is_proxy),
anything AS (SELECT ts FROM beaconing UNION ALL SELECT ts FROM open_conn UNION ALL SELECT floor(ts / 3600) * 3600 FROM dns_row)
SELECT (SELECT min(ts) FROM beaconing) AS first, (SELECT max(ts) FROM beaconing) AS last,
  (SELECT min(ts) FROM anything) AS any_first, (SELECT max(ts) FROM anything) AS any_last`);
  const number = (name: string): number =>
    row?.[name] === null || row?.[name] === undefined ? Number.NaN : Number(row[name]);
  const anyEnd = number('any_last');
  if (Number.isNaN(anyEnd)) return undefined;
  const end = number('last');
  const start = Math.max(number('first'), end - windowSeconds);
  const anyStart = Math.max(number('any_first'), anyEnd - windowSeconds);
  return { start, end, from: hourOf(Number.isNaN(start) ? anyStart : start), anyFrom: hourOf(anyStart), anyEnd };
}

function hourOf(second: number): number {
  return Math.floor(second / 3600) * 3600;
}
