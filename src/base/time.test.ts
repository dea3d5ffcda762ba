import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIso, parseIsoMicros } from './time.ts';

/** What JavaScript's own calendar says. */
function byDate(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() * 1000;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

describe('parseIsoMicros', () => {
  it('agrees with the calendar of JavaScript for every date and time', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: 0, max: 60 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day, hour, minute, second]) => {
        const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
        expect(parseIsoMicros(text)).toBe(byDate(year, month, day, hour, minute, second));
      }),
    );
  });

  it('reads back what formatIso writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 52 }), (micros) => {
        expect(parseIsoMicros(formatIso(micros))).toBe(micros);
      }),
    );
  });

  it.each([
    ['2021-06-06T15:59:46.457984+0200', '2021-06-06T13:59:46.457984Z'],
    ['2021-06-06 15:59:46,4579841-05:30', '2021-06-06T21:29:46.457984Z'],
    ['2021-06-06T15:59Z', '2021-06-06T15:59:00.000000Z'],
    ['2021-06-06T15:59:46.123456789Z', '2021-06-06T15:59:46.123456Z'],
    ['2021-06-06t15:59:46z', '2021-06-06T15:59:46.000000Z'],
    ['2021-06-06 15:59:46.457+02', '2021-06-06T13:59:46.457000Z'],
    ['2021-06-06T15:59:46.5', '2021-06-06T15:59:46.500000Z'],
  ])('reads %s', (text, iso) => {
    expect(formatIso(parseIsoMicros(text) ?? Number.NaN)).toBe(iso);
  });

  it.each([
    '',
    '2021',
    '2021-06-06',
    '2021-06-06T15',
    '2021-06-06T15:59:',
    '2021-06-06T15:59:46.',
    '2021-06-06T15:59:46.1234567890',
    '2021-06-06T15:59:46.457984+02:0x',
    '2021-06-06T15:59:46 Z',
    '2021-06-06T15:59:46Zx',
    '2021-13-06T15:59:46',
    '2021-00-06T15:59:46',
    '2021-06-32T15:59:46',
    '2021-06-06T25:59:46',
    '2021-06-06T15:60:46',
    '2021/06/06T15:59:46',
    '٢021-06-06T15:59:46',
    ' 2021-06-06T15:59:46',
    '+2021-06-06T15:59:4',
  ])('refuses %s', (text) => {
    expect(parseIsoMicros(text)).toBeUndefined();
  });
});
