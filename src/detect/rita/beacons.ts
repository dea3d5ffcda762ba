import type { Macros } from '../../store/macros.ts';
import type { ReadStore } from '../../store/store.ts';
import { scoreBeacon, type RitaBeacon } from './beacon-score.ts';
import { explainedPairs } from './pairs.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/** Beacon scores by `pairKey`, of names and of pairs of addresses. Memory is that of the longest list and of the answers. */
export async function scoreBeacons(
  store: ReadStore,
  tables: string,
  window: RitaWindow,
  profile: RitaProfile,
  hasNames: boolean,
): Promise<Map<string, RitaBeacon>> {
  const scores = new Map<string, RitaBeacon>();
  if (!(window.end > window.start)) return scores;
  const uses = [
    `use AS (SELECT src, fqdn AS other, ts, sent, is_proxy AS part FROM sni WHERE ts >= ${window.from}),
skipped AS (SELECT '' AS src, '' AS other WHERE FALSE)`,
    `${explainedPairs(window, profile)},
use AS (SELECT src, dst AS other, ts, sent, FALSE AS part FROM conn WHERE ts >= ${window.from}),
skipped AS (SELECT src, dst AS other FROM explained)`,
  ];
  for (const use of hasNames ? uses : uses.slice(1)) {
    for await (const list of readLists(store, `${tables},\n${use},\n${beaconLists(store.macros, profile)}`)) {
      const score = scoreBeacon(list.times, list.sizes, window.start, window.end, profile.beacon);
      if (score !== undefined) scores.set(list.key, score);
    }
  }
  return scores;
}

/** Lists of pairs in `use` that are not `skipped`; a name that is used directly and through a proxy must be a beacon in one of them. */
function beaconLists(macros: Macros, profile: RitaProfile): string {
  const times = (condition: string): string => macros.countDistinct(`CASE WHEN ${condition} THEN u.ts END`);
  return `candidate AS (
  SELECT u.src, u.other, max(u.ts) AS last_ts, row_number() OVER () AS pair
  FROM use u LEFT JOIN skipped s ON s.src = u.src AND s.other = u.other WHERE s.src IS NULL GROUP BY u.src, u.other
  HAVING count(*) >= ${profile.beacon.minimumUniqueTimes} AND count(*) < ${strobeConnections}
    AND greatest(${times('u.part')}, ${times('NOT u.part')}) >= ${profile.beacon.minimumUniqueTimes})
SELECT c.pair, u.ts, u.sent, CASE WHEN u.ts = c.last_ts THEN c.src || ' ' || c.other END AS label
FROM candidate c JOIN use u ON u.src = c.src AND u.other = c.other
ORDER BY c.pair, u.ts`;
}

interface BeaconLists {
  readonly key: string;
  readonly times: readonly number[];
  readonly sizes: readonly number[];
}

async function* readLists(store: ReadStore, sql: string): AsyncIterable<BeaconLists> {
  let pair = Number.NaN;
  let list: { key: string; times: number[]; sizes: number[] } = { key: '', times: [], sizes: [] };
  for await (const chunk of store.scan(sql)) {
    const [pairs, times, sizes, keys] = [chunk.numbers(0), chunk.numbers(1), chunk.numbers(2), chunk.texts(3)];
    for (let row = 0; row < chunk.rowCount; row++) {
      if (pairs[row] !== pair) {
        if (list.times.length > 0) yield list;
        pair = pairs[row] ?? Number.NaN;
        list = { key: '', times: [], sizes: [] };
      }
      list.times.push(times[row] ?? 0);
      list.sizes.push(sizes[row] ?? 0);
      list.key = keys[row] ?? list.key;
    }
  }
  if (list.times.length > 0) yield list;
}
