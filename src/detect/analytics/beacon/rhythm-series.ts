import { formatDuration, microsPerDay, microsPerHour } from '../../../base/time.ts';
import type { Series } from '../../../events/finding.ts';
import type { Measurement } from './measure.ts';

/** Bins from no interval to twice the period; what is longer goes into one more. */
const intervalBins = 24;
const hoursPerDay = 24;

/**
 * The intervals between visits, around the period, and the hours of the day (UTC) in which calls came. `times` in µs,
 * ascending.
 */
export function rhythmSeries(
  times: Float64Array,
  { periodSeconds, joinedSeconds }: Pick<Measurement, 'periodSeconds' | 'joinedSeconds'>,
): Series[] {
  const binMicros = (2 * periodSeconds * 1e6) / intervalBins;
  const intervals = Array.from({ length: intervalBins + 1 }, () => 0);
  const hours = Array.from({ length: hoursPerDay }, () => 0);
  for (let index = 0; index < times.length; index++) {
    const time = times[index] ?? 0;
    addTo(hours, Math.floor((((time % microsPerDay) + microsPerDay) % microsPerDay) / microsPerHour));
    const interval = time - (times[index - 1] ?? time);
    if (interval <= joinedSeconds * 1e6) continue;
    addTo(intervals, binMicros > 0 ? Math.min(intervalBins, Math.floor(interval / binMicros)) : intervalBins);
  }
  const intervalLabel = (bin: number): string =>
    bin === intervalBins ? `over ${formatDuration(bin * binMicros)}` : `from ${formatDuration(bin * binMicros)}`;
  return [
    {
      title: 'Pauses between calls',
      unit: 'pauses',
      bins: intervals.map((value, bin) => ({ label: intervalLabel(bin), value })),
    },
    {
      title: 'Calls by hour of the day, UTC',
      unit: 'calls',
      bins: hours.map((value, hour) => ({ label: `${String(hour).padStart(2, '0')} h`, value })),
    },
  ];
}

function addTo(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
