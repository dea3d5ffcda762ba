import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIso } from '../../base/time.ts';
import { timePattern } from './time-pattern.ts';

const read = (pattern: string, text: string): string | undefined => {
  const reads = timePattern(pattern);
  const micros = typeof reads === 'string' ? undefined : reads(text);
  return micros === undefined ? undefined : formatIso(micros);
};

describe('a pattern of times', () => {
  it.each([
    ['%d/%b/%Y:%H:%M:%S %z', '05/Mar/2026:07:08:09 +0200', '2026-03-05T05:08:09.000000Z'],
    ['%Y%m%d %H%M%S', '20260305 070809', '2026-03-05T07:08:09.000000Z'],
    ['%d.%m.%Y %H:%M:%S,%f', '5.3.2026 7:08:09,25', '2026-03-05T07:08:09.250000Z'],
    ['%Y-%m-%d', '2026-03-05', '2026-03-05T00:00:00.000000Z'],
    ['100%% %Y-%m-%d', '100% 2026-03-05', '2026-03-05T00:00:00.000000Z'],
  ])('%s reads %s', (pattern, text, time) => {
    expect(read(pattern, text)).toBe(time);
  });

  it.each([
    ['%Y-%m-%d', '2026-13-05'],
    ['%Y-%m-%d', '2026-03-05 '],
    ['%Y-%m-%d', '26-03-05'],
    ['%Y-%b-%d', '2026-Foo-05'],
  ])('%s does not read %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });

  it('says what is wrong with it', () => {
    expect(timePattern('%Y-%q-%d')).toMatch(/^has %q/);
    expect(timePattern('%H:%M')).toBe('needs %Y, %m or %b, and %d');
    expect(timePattern('%Y-%m-%d'.repeat(20))).toBe('is too long');
  });

  it('stands any text', () => {
    const reads = timePattern('%d/%b/%Y:%H:%M:%S.%f %z');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof reads === 'string' || typeof reads(text) !== 'string').toBe(true);
      }),
    );
  });
});
