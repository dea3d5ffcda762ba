import { describe, expect, it } from 'vitest';
import { Lateness } from './lateness.ts';

describe('lateness', () => {
  it('is told when all that comes is late for some time, once, and once that it is over', () => {
    const lateness = new Lateness();
    const told = [
      [200, 0],
      [12_000, 1000],
      [15_000, 6000],
      [18_000, 11_500],
      [40_000, 20_000],
      [11_000, 30_000],
      [900, 31_000],
      [800, 32_000],
    ].map(([age = 0, clock = 0]) => lateness.see(age, clock));
    const nothing = undefined;
    expect(told).toEqual([
      nothing,
      nothing,
      nothing,
      { isLate: true, seconds: 18 },
      nothing,
      nothing,
      { isLate: false },
      nothing,
    ]);
  });

  it('is not told of a burst that is read soon, nor of a clock that is wrong', () => {
    const lateness = new Lateness();
    for (const [age = 0, clock = 0] of [
      [12_000, 0],
      [14_000, 5000],
      [100, 9000],
      [12_000, 10_000],
      [13_000, 19_000],
      [-5000, 21_000],
    ]) {
      expect(lateness.see(age, clock)).toBeUndefined();
    }
    for (let clock = 0; clock < 100_000; clock += 1000) expect(lateness.see(86_400_000, clock)).toBeUndefined();
  });
});
