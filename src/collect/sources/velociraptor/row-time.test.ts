import { expect, it } from 'vitest';
import { timeOfRow } from './row-time.ts';

it('reads the time of a row from text, seconds and nanoseconds, and from nothing that no clock shows', () => {
  const time = Date.UTC(2026, 10, 26) * 1000;
  for (const value of ['2026-11-26T00:00:00Z', time / 1e6, String(time * 1000)]) {
    expect(timeOfRow({ timestamp: value })).toEqual({ time, key: 'timestamp' });
  }
  for (const value of [1e305, '0001-01-01T00:00:00Z', 'soon', null, -5]) {
    expect(timeOfRow({ timestamp: value })).toBeUndefined();
  }
});
