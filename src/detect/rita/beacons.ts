import type { ReadStore } from '../../store/store.ts';
import { scoreBeacon, type RitaBeacon } from './beacon-score.ts';
import { plainPairs } from './pairs.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/** Beacon scores by `pairKey`, of names and of pairs of addresses. Memory is that of the longest list and of the answers. */
export async function scoreBeacons(
  store: ReadStore,
  tables: string,
  window: RitaWindow,
  profile: RitaProfile,
): Promise<Map<string, RitaBeacon>> {
  const scores = new Map<string, RitaBeacon>();
  if (!(window.end > window.start)) return scores;
  const uses = [
    `use AS (SELECT src, fqdn AS other, ts, sent, is_proxy AS part FROM sni WHERE ts >= ${window.from})`,
    `${plainPairs(window, profile)},
use AS (
  SELECT c.src, c.dst AS other, c.ts, c.sent, FALSE AS part
  FROM conn c JOIN plain_pair p ON p.src = c.src AND p.dst = c.dst WHERE c.ts >= ${window.from})`,
  ];
  for (const use of uses) {
    for await (const list of readLists(store, `${tables},\n${use},\n${beaconLists(profile)}`)) {
      const score = scoreBeacon(list.times, list.sizes, window.start, window.end, profile.beacon);
      if (score !== undefined) scores.set(list.key, score);
    }
  }
  return scores;
}

function beaconLists(profile: RitaProfile): string {
  return `part_of AS (SELECT src, other, part, count(*) AS n, count(DISTINCT ts) AS unique_times FROM use GROUP BY src, other, part),
candidate AS (
  SELECT src, other, row_number() OVER () AS pair FROM part_of GROUP BY src, other
  HAVING max(unique_times) >= ${profile.beacon.minimumUniqueTimes} AND sum(n) < ${strobeConnections}),
last_use AS (SELECT src, other, max(ts) AS ts FROM use GROUP BY src, other)
SELECT c.pair, u.ts, u.sent, CASE WHEN u.ts = l.ts THEN c.src || ' ' || c.other END AS key
FROM candidate c JOIN use u ON u.src = c.src AND u.other = c.other JOIN last_use l ON l.src = c.src AND l.other = c.other
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
