import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../base/time.ts';
import { watchedSince } from './recorded-days.ts';

const day = (number: number): number => number * microsPerDay;

describe('watchedSince', () => {
  const working = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12].map(day);
  it('goes back over weekends to the first record', () => {
    expect(watchedSince(working, day(1.5), day(12.4))).toBe(day(1.5));
  });
  it('stops at a longer pause', () => {
    expect(watchedSince([day(1), ...working.map((time) => time + day(5))], day(1.5), day(17.4))).toBe(day(6));
    expect(watchedSince([day(1), day(343)], day(1.2), day(343.7))).toBe(day(343));
  });
  it('looks at no later day, and gives the time itself where nothing came before', () => {
    expect(watchedSince(working, day(1.5), day(1.5))).toBe(day(1.5));
    expect(watchedSince([], day(7), day(7))).toBe(day(7));
    expect(watchedSince(working, day(1.5), day(4.2))).toBe(day(1.5));
  });
});
