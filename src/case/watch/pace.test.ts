import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

const options = { pressingMs: 10, calmMs: 100, manyEvents: 1000 };

/** A pace whose last judgement took from 0 to `endedMs`. */
function paced(endedMs = 1): Pace {
  const pace = new Pace(options);
  pace.add(1, false);
  pace.begin();
  pace.judged(0, endedMs);
  return pace;
}

describe('the pace of judgements', () => {
  it('begins with the first that comes', () => {
    const pace = new Pace(options);
    expect(pace.isDue(0)).toBe(false);
    pace.add(1, false);
    expect(pace.isDue(0)).toBe(true);
  });

  it.each([
    ['few events that alarmed nobody', 1, false, 101],
    ['an alert', 1, true, 11],
    ['many events', 1000, false, 11],
  ])('lets %s wait as long as they may', (_what, events, isPressing, dueMs) => {
    const pace = paced();
    pace.add(events, isPressing);
    expect([pace.isDue(dueMs - 1), pace.isDue(dueMs)]).toEqual([false, true]);
  });

  it('takes no more than a tenth of the time, however pressing it is', () => {
    const pace = paced(50);
    pace.add(1, true);
    expect([pace.isDue(549), pace.isDue(550)]).toEqual([false, true]);
  });

  it('counts what came while something was judged for the next judgement', () => {
    const pace = paced();
    pace.add(1, true);
    pace.begin();
    pace.judged(20, 21);
    expect(pace.isDue(1000)).toBe(false);
    pace.add(2, false);
    expect([pace.isDue(120), pace.isDue(121)]).toEqual([false, true]);
  });
});
