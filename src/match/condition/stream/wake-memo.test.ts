import { describe, expect, it } from 'vitest';
import { WakeMemo } from './wake-memo.ts';

/** Shows texts to a memo whose scan wakes the length of each; gives what was woken and how many texts were scanned. */
function show(texts: readonly string[]): { woken: number[]; scanned: number } {
  const woken: number[] = [];
  let scanned = 0;
  const memo = new WakeMemo((list) => woken.push(...list));
  for (const text of texts) {
    if (memo.recall(text)) continue;
    scanned++;
    if (text !== '') memo.wake(Int32Array.of(text.length));
    memo.end();
  }
  return { woken, scanned };
}

describe('a memo of what texts wake', () => {
  it('scans a text once and wakes the same by it again', () => {
    expect(show(['aa', '', 'aa', 'b', '', 'aa'])).toEqual({ woken: [2, 2, 1, 2], scanned: 3 });
  });

  it('does not keep long texts', () => {
    const long = 'x'.repeat(1000);
    expect(show([long, long])).toEqual({ woken: [1000, 1000], scanned: 2 });
  });

  it('looks no texts up for a while when few come again', () => {
    const ever = Array.from({ length: 3000 }, (_none, number) => `line ${number}`);
    expect(show([...ever, ...ever]).scanned).toBe(6000);
    const often = Array.from({ length: 3000 }, (_none, number) => `line ${number % 7}`);
    expect(show([...often, ...often]).scanned).toBe(7);
  });

  it('forgets its texts when they are too many, and wakes by all of them none the less', () => {
    const texts = Array.from({ length: 9000 }, (_none, number) => 'x'.repeat((number >> 2) % 200) + (number >> 3));
    expect(show(texts).woken).toEqual(texts.map(({ length }) => length));
  });
});
