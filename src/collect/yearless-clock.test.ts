import { describe, expect, it } from 'vitest';
import { formatIso, parseIsoMicros } from '../base/time.ts';
import { YearlessClock, monthNumber } from './yearless-clock.ts';

const noon = 43_200_000_000;
const modified = parseIsoMicros('2026-03-01T10:00:00Z');

function days(clock: YearlessClock, ...dates: readonly (readonly [month: number, day: number])[]): string[] {
  return dates.map(([month, day]) => formatIso(clock.time(month, day, noon)).slice(0, 10));
}

describe('YearlessClock', () => {
  it('puts the first line before the file was changed', () => {
    expect(days(new YearlessClock('x', modified, undefined), [2, 28])).toEqual(['2026-02-28']);
    expect(days(new YearlessClock('x', modified, undefined), [3, 1])).toEqual(['2026-03-01']);
    expect(days(new YearlessClock('x', modified, undefined), [3, 4])).toEqual(['2025-03-04']);
  });

  it('goes over the end of a year, and takes a late line back', () => {
    const clock = new YearlessClock('x', modified, undefined);
    const dates = [
      [12, 31],
      [1, 1],
      [12, 31],
      [1, 2],
    ] as const;
    expect(days(clock, ...dates)).toEqual(['2025-12-31', '2026-01-01', '2025-12-31', '2026-01-02']);
    expect(days(new YearlessClock('x', undefined, clock.state), [1, 3])).toEqual(['2026-01-03']);
  });

  it('believes a name with a day more than the file', () => {
    expect(days(new YearlessClock('var/log/syslog-20190105.gz', modified, undefined), [12, 31], [1, 4])).toEqual([
      '2018-12-31',
      '2019-01-04',
    ]);
  });

  it('says 1970 where nothing is known', () => {
    expect(days(new YearlessClock('x', undefined, 'rubbish'), [5, 1])).toEqual(['1970-05-01']);
    expect(monthNumber('MAR')).toBe(3);
    expect(monthNumber('Maz')).toBeUndefined();
  });
});
