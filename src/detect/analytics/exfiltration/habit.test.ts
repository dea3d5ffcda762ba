import { describe, expect, it } from 'vitest';
import { microsPerDay, microsPerHour } from '../../../base/time.ts';
import { habitOf } from './habit.ts';

const span = { machines: 10, first: 0, last: 28 * microsPerDay - 1 };

interface Made {
  readonly on: readonly number[];
  readonly sent?: (day: number) => number;
  readonly hour?: (day: number) => number;
  /** Hours from the first sight of the machine to its first run. */
  readonly hoursBefore?: number;
  readonly perDay?: number;
}

function habit(
  { on, sent = (day) => 1e9 * (1 + 0.1 * Math.sin(day)), hour = () => 2, hoursBefore = 2, perDay = 1 }: Made,
  last = span.last,
) {
  const days = on.map((day) => ({ day: day * microsPerDay, sent: sent(day), received: 1e6, payload: sent(day) }));
  const timesOfDay = on.map((day) => hour(day) * microsPerHour);
  const first = (on[0] ?? 0) * microsPerDay + (timesOfDay[0] ?? 0);
  return habitOf(
    {
      days,
      first,
      timesOfDay,
      hoursPerDay: perDay,
      seenSince: first - hoursBefore * microsPerHour,
      knownSince: first,
      connections: on.length * perDay,
    },
    { ...span, last },
  );
}

const everyDay = Array.from({ length: 28 }, (_none, day) => day);
const scattered = (day: number): number => (day * 7.3) % 24;

describe('what is usual', () => {
  it('is a backup: every night, as much each time, from the beginning on', () => {
    expect(habit({ on: everyDay }).isRoutine).toBeCloseTo(1);
    expect(habit({ on: everyDay.filter((day) => day !== 11) }).isRoutine).toBeGreaterThan(0.9);
    expect(habit({ on: everyDay, sent: (day) => (day % 7 === 6 ? 15e9 : 1e9 + day * 1e7) }).isRoutine).toBeGreaterThan(
      0.9,
    );
  });

  it('is a backup once a week, by the hour', () => {
    expect(habit({ on: [2, 9, 16, 23] })).toMatchObject({ periodDays: 7, activeDays: 4 });
    expect(habit({ on: [2, 9, 16, 23] }).isRoutine).toBeGreaterThan(0.4);
  });

  it('is a machine that sends all day long', () => {
    expect(habit({ on: everyDay, hour: scattered, perDay: 12 }).isRoutine).toBeCloseTo(1);
  });

  it('is a folder that goes up when people work', () => {
    const workdays = everyDay.filter((day) => day % 7 < 5);
    const custom = habit({ on: workdays, sent: (day) => 50e6 + ((day * 37) % 100) * 4e6, hour: scattered });
    expect(custom.isCustom).toBeGreaterThan(0.9);
  });

  it.each([
    ['that began late', { on: everyDay.slice(10), hoursBefore: 242 }],
    ['that began on the second day', { on: everyDay.slice(1), hoursBefore: 26 }],
    ['on some days, at any time', { on: [1, 4, 5, 9, 14, 16, 21], hour: scattered }],
    ['once', { on: [20], hoursBefore: 482 }],
    ['three archives of one size', { on: [0, 1, 2], sent: () => 524_288_000 }],
  ])('is nothing %s', (_what, made) => {
    expect(habit(made).isRoutine).toBeLessThan(0.3);
  });

  it('may begin after a weekend that it rests on, and not after a day of work', () => {
    const workdays = everyDay.filter((day) => day % 7 !== 2 && day % 7 !== 3);
    const [monday, tuesday] = [workdays.filter((day) => day >= 4), workdays.filter((day) => day >= 5)];
    expect(habit({ on: monday, hoursBefore: 40 }).isRoutine).toBeGreaterThan(0.9);
    expect(habit({ on: tuesday, hoursBefore: 64 }).isRoutine).toBe(0);
  });

  it('shows early when it keeps its hour', () => {
    expect(habit({ on: [0, 1, 2] }, 3 * microsPerDay - 1).isRoutine).toBeGreaterThan(0.6);
    expect(habit({ on: [0, 1, 2], hour: (day) => 1 + day * 2 }, 3 * microsPerDay - 1).isRoutine).toBeLessThan(0.1);
  });

  it('stays bounded with days of any number', () => {
    const many = Array.from({ length: 20_000 }, (_none, day) => day);
    expect(habit({ on: many }, 20_000 * microsPerDay).activeDays).toBe(400);
  });
});
