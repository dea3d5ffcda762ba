import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('text out of evidence', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u009b2J', '\\x9b2J'],
    ['\u001b]8;;http://x\u0007y', '\\x1b]8;;http://x\\x07y'],
    ['evil\u202egnp.exe', 'evil\\u202egnp.exe'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['lone\ud800', 'lone\\ud800'],
    ['  two\r\n lines\t ', 'two lines'],
    ['a\u0301\u0301\u0301\u0301\u0301b', 'a\u0301\u0301b'],
    ['日本語 🙂', '日本語 🙂'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });
  it('can never act on a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.integer({ min: 1, max: 600 }), (text, max) => {
        const shown = visibleText(text, max);
        expect(acting.test(shown)).toBe(false);
        expect(shown.length).toBeLessThanOrEqual(max + 1);
      }),
    );
  });
  it('is bounded in time and length', () => {
    expect(visibleText('\u0301'.repeat(5_000_000)).length).toBeLessThan(500);
    expect(visibleText('\u001b'.repeat(5_000_000)).length).toBeLessThan(500);
  });
});
