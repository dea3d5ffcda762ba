import { expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { linesOf } from './lines.ts';

const mebi = 2 ** 20;
const lines = (text: string, maxBytes = 100 * mebi) => [...linesOf(new MemoryTree({ '/a': text }), '/a', maxBytes)];

it('gives the lines of a file, whatever pieces it is read in', () => {
  expect(lines('')).toEqual([]);
  expect(lines('a\n\nb')).toEqual(['a', '', 'b']);
  const text = `${'x'.repeat(mebi - 2)}ä${'y'.repeat(10)}\nz\n`;
  expect(lines(text)).toEqual([`${'x'.repeat(mebi - 2)}ä`, 'z']);
});

it('reads no further than the bound, and of a line without end no more than its beginning', () => {
  expect(lines('abc\ndef\n', 5)).toEqual(['abc', 'd']);
  expect(lines(`${'x'.repeat(5 * mebi)}\nend`).map(({ length }) => length)).toEqual([mebi, 3]);
});

it('gives none of a file that is not there', () => {
  expect([...linesOf(new MemoryTree({}), '/a', 10)]).toEqual([]);
});
