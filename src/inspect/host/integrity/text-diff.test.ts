import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './text-diff.ts';

describe('lines that changed', () => {
  it.each([
    ['a\nb\nc', 'a\nB\nc', ['-b', '+B']],
    ['a\nb', 'a\nx\nb', ['+x']],
    ['a\nx\nb\ny\nc', 'a\nb\nc', ['-x', '-y']],
    ['same', 'same', []],
    ['', 'new', ['-', '+new']],
  ])('%j to %j', (before, after, lines) => {
    expect(diffLines(before, after)).toEqual(lines);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 300 }, (_value, index) => `line ${index}`);
    expect(diffLines(many.join('\n'), '')).toHaveLength(41);
    expect(diffLines([...many, ...many].join('\n'), 'x')).toEqual(['600 lines became 1 from line 1 on']);
  });

  it('turn one text into the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changed = diffLines(before.join('\n'), after.join('\n'));
        const gone = changed.filter((line) => line.startsWith('-')).length;
        const came = changed.filter((line) => line.startsWith('+')).length;
        expect(before.join('\n').split('\n').length - gone + came).toBe(after.join('\n').split('\n').length);
      }),
    );
  });
});
