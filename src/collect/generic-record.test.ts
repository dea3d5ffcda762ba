import { describe, expect, it } from 'vitest';
import { genericEvent, hasTime } from './generic-record.ts';

const micros = Date.UTC(2026, 10, 26, 1, 2, 3) * 1000;

describe('the time of a record of no known format', () => {
  it.each([
    ['2026-11-26T01:02:03Z', micros],
    [micros / 1e6, micros],
    [micros / 1e3, micros],
    [micros, micros],
    [String(micros * 1000), micros],
    ['26/Nov/2026:01:02:03 +0000', micros],
  ])('is read from %s', (value, wanted) => {
    expect(genericEvent({ ts: value, n: 1 }, 'x').event.time).toBe(wanted);
  });

  it.each([[1e305], [Number.NaN], [Number.POSITIVE_INFINITY], [3], ['soon'], [null], ['9'.repeat(19)]])(
    'is none for %s',
    (value) => {
      expect(hasTime({ ts: value })).toBe(false);
      expect(genericEvent({ ts: value, n: 1 }, 'x')).toMatchObject({ hasTime: false, event: { time: 0 } });
    },
  );

  it('is that of a later name where the surest tells a day only, or a day and a clock together', () => {
    const timeOf = (record: Readonly<Record<string, unknown>>): number => genericEvent(record, 'x').event.time;
    expect(timeOf({ date: '2026-11-25', created_at: '2026-11-26T01:02:03Z' })).toBe(micros);
    expect(timeOf({ date: '26.11.2026', time: '01:02:03' })).toBe(micros);
    expect(timeOf({ Day: '2026-11-26' })).toBe(Date.UTC(2026, 10, 26) * 1000);
    expect(timeOf({ requestTime: 'soon', event: { time: '2026-11-26T01:02:03Z' } })).toBe(micros);
  });
});
