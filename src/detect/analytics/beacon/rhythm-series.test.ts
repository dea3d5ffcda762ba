import { describe, expect, it } from 'vitest';
import { rhythmSeries } from './rhythm-series.ts';

const second = 1_000_000;
/** 1970-01-02 22:30 UTC. */
const start = (86_400 + 22.5 * 3600) * second;

describe('the rhythm of a channel', () => {
  const times = [0, 0.4, 60, 60.2, 118, 300, 7200].map((after) => start + after * second);
  const [pauses, hours] = rhythmSeries(Float64Array.from(times), { periodSeconds: 60, joinedSeconds: 1 });

  it('puts each pause around the period, and calls that were joined nowhere', () => {
    const filled = pauses?.bins.filter(({ value }) => value > 0);
    expect(filled).toEqual([
      { label: 'from 55 s', value: 2 },
      { label: 'over 2 min', value: 2 },
    ]);
    expect(pauses?.bins).toHaveLength(25);
  });

  it('counts every call in its hour of the day', () => {
    expect(hours?.bins).toHaveLength(24);
    expect(hours?.bins.filter(({ value }) => value > 0)).toEqual([
      { label: '00 h', value: 1 },
      { label: '22 h', value: 6 },
    ]);
  });
});
