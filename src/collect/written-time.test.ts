import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOrderIn, isClock, writtenMicros } from './written-time.ts';

const time = Date.UTC(2026, 2, 1, 10, 0, 5) * 1000;

describe('writtenMicros', () => {
  it.each([
    '2026-03-01T10:00:05Z',
    '2026-03-01t10:00:05z',
    '2026-03-01 11:00:05+01',
    '2026-03-01 10:00:05 UTC',
    '2026-03-01 05:00:05 EST',
    '2026-03-01 10:00:05 +0000',
    '2026/03/01 10:00:05',
    '2026-Mar-01 10:00:05',
    '01.03.2026 10:00:05',
    '01.03.2026, 10:00:05',
    '1.3.26 10:00:05',
    '01-03-2026 10:00:05',
    '01-Mar-2026 10:00:05',
    '1 March 2026 10:00:05',
    'March 1, 2026 at 10:00:05 AM',
    'Mar 1, 2026 10:00:05\u202FAM',
    '3/1/2026 10:00:05 a.m.',
    'Sun, 01 Mar 2026 11:00:05 +0100',
    'Sun Mar  1 10:00:05 2026',
    'Sun Mar  1 11:00:05 CET 2026',
    '01/Mar/2026:10:00:05 +0000',
    '[01/Mar/2026:10:00:05 +0000]'.slice(1, -1),
    '20260301T100005Z',
    '20260301100005',
    '20260301 10:00:05',
    '1772359205',
    '1772359205000',
    1_772_359_205,
    1_772_359_205_000_000_000,
  ])('reads %s', (value) => {
    expect(writtenMicros(value)).toBe(time);
  });

  it('reads parts of seconds, the clock of twelve hours, and dates alone', () => {
    expect(writtenMicros('01.03.2026 10:00:05,1234567')).toBe(time + 123_456);
    expect(writtenMicros('3/1/2026 12:00:05 AM')).toBe(time - 10 * 3_600_000_000);
    expect(writtenMicros('3/1/2026 12:00:05 PM')).toBe(time + 2 * 3_600_000_000);
    expect(writtenMicros('2026-03-01')).toBe(Date.UTC(2026, 2, 1) * 1000);
  });

  it('takes the order that it is told, where the numbers allow it', () => {
    expect(writtenMicros('02/01/2026', 'month-first')).toBe(Date.UTC(2026, 1, 1) * 1000);
    expect(writtenMicros('02.01.2026', 'month-first')).toBe(Date.UTC(2026, 0, 2) * 1000);
    expect(writtenMicros('02/01/2026', 'day-first')).toBe(Date.UTC(2026, 0, 2) * 1000);
    expect(writtenMicros('02/28/2026', 'day-first')).toBe(Date.UTC(2026, 1, 28) * 1000);
    expect(writtenMicros('28/02/2026', 'month-first')).toBe(Date.UTC(2026, 1, 28) * 1000);
  });

  it.each([
    '',
    'soon',
    '10.0.0.1',
    '1.2.3',
    '99/99/2026',
    '2026-13-01',
    '01.03.2026 25:61',
    '01.03.2026 10:00 XYZT',
    '3/1/2026 13:00 PM',
    42,
    null,
  ])('is none for %s', (value) => {
    expect(writtenMicros(value)).toBeUndefined();
  });

  it('never throws, and gives whole microseconds only', () => {
    const signs = '0123456789:/.-, TZAMPMJanuary+'.split('');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...signs), maxLength: 40 }), (text) => {
        const micros = writtenMicros(text);
        expect(micros === undefined || Number.isSafeInteger(micros)).toBe(true);
      }),
    );
  });
});

it('knows a clock', () => {
  expect(['10:00', '10:00:05.5', '9:05 PM', '10:00+01:00'].map(isClock)).toEqual([true, true, true, true]);
  expect(['10', '1000', '2026-03-01', 'x:y', '25:00'].map(isClock)).toEqual([false, false, false, false, false]);
});

it('finds the order of dates with slashes', () => {
  expect(dateOrderIn('x,1/2/2026\n13/2/2026')).toEqual({ order: 'day-first' });
  expect(dateOrderIn('1/13/26')).toEqual({ order: 'month-first' });
  expect(dateOrderIn('1/2/2026 3/4/2026')).toEqual({ example: '1/2/2026' });
  expect(dateOrderIn('/a/1/2/3 2026/13/01')).toEqual({});
});
