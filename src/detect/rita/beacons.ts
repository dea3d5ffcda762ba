import type { ReadStore } from '../../store/store.ts';
import { createBeaconScorer, type RitaBeacon } from './beacon-score.ts';
import type { RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/**
 * Hands over the beacon score of each pair that has one, with the pair's number. `sql` gives one row a connection, ordered
 * by the first two columns: number of the pair, second, bytes sent. Memory is that of the longest list.
 */
export async function scoreLists(
  store: ReadStore,
  sql: string,
  window: RitaWindow,
  profile: RitaProfile,
  visit: (pair: number, beacon: RitaBeacon) => void,
): Promise<void> {
  if (!(window.end > window.start)) return;
  const score = createBeaconScorer(window.start, window.end, profile.beacon);
  let [times, sizes] = [new Float64Array(1024), new Float64Array(1024)];
  let pair = Number.NaN;
  let count = 0;
  const finish = (): void => {
    const found = count === 0 ? undefined : score(times.subarray(0, count), sizes.subarray(0, count));
    if (found !== undefined) visit(pair, found);
    count = 0;
  };
  for await (const chunk of store.scan(sql)) {
    const [pairs, seconds, bytes] = [chunk.numbers(0), chunk.numbers(1), chunk.numbers(2)];
    for (let row = 0; row < chunk.rowCount; row++) {
      if (pairs[row] !== pair) {
        finish();
        pair = pairs[row] as number;
      }
      if (count === times.length) [times, sizes] = [grown(times), grown(sizes)];
      times[count] = seconds[row] as number;
      sizes[count++] = bytes[row] as number;
    }
  }
  finish();
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
