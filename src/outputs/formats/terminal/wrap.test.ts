import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from './table.ts';
import { textWidth } from '../../text/text-width.ts';
import { hang, wrap } from '../../text/wrap.ts';

describe('wrapping', () => {
  it('cuts at blanks and leaves words whole', () => {
    expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });
  it('counts columns and not characters', () => {
    expect(textWidth('日本語')).toBe(6);
    expect(textWidth('e\u0301')).toBe(1);
    expect(wrap('日本語 日本語', 8)).toEqual(['日本語', '日本語']);
  });
  it('cuts a word longer than a line, rather after a mark', () => {
    expect(wrap('/var/lib/docker/overlay2/abcdef', 20)).toEqual(['/var/lib/docker/', 'overlay2/abcdef']);
    expect(wrap('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
  });
  it('hangs a text under its label', () => {
    expect(hang('1. ', 'one two three', 10)).toEqual(['1. one two', '   three']);
    expect(hang('1. ', '', 10)).toEqual([]);
  });
  it('never goes over the width, loses nothing, and breaks no word that fits', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '日', '🙂', 'é'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.integer({ min: 8, max: 60 }), (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.every((line) => textWidth(line) <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
        const shown = new Set(lines.flatMap((line) => line.split(' ')));
        expect(words.filter((one) => textWidth(one) <= width && !shown.has(one))).toEqual([]);
      }),
    );
  });
});

describe('a table', () => {
  const columns = [
    { title: 'code', share: 0 },
    { title: 'count', share: 0, isNumber: true },
    { title: 'where', share: 1 },
  ] as const;
  it('wraps cells inside their columns and puts numbers to the right', () => {
    expect(table(columns, [['bad-record', '1,204', 'conn.log:17 and more places']], 40)).toEqual([
      'code        count  where',
      'bad-record  1,204  conn.log:17 and more',
      '                   places',
    ]);
  });
  it('becomes blocks where a column would be unreadable', () => {
    expect(table(columns, [['bad-record', '3', 'conn.log:17']], 30)).toEqual([
      'bad-record',
      '  count: 3',
      '  where: conn.log:17',
    ]);
  });
});
