import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeptMatches, shareRows } from './kept-matches.ts';

it('keeps the earliest rows of a sort in whatever order they come, and counts all', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 })), fc.integer({ min: 1, max: 9 }), (times, most) => {
      const [kept, merged] = [new KeptMatches<string>(most, [0]), new KeptMatches<string>(most, [0])];
      for (const [at, time] of times.entries()) {
        kept.add('rule', [time]);
        merged.addAll('rule', { rows: [[time]], count: 1 + (at % 3) });
      }
      const [[, own] = []] = kept.all();
      const wanted = [...times].sort((a, b) => a - b).slice(0, most);
      expect(own?.rows.flat() ?? []).toEqual(wanted);
      expect(own?.count ?? 0).toBe(times.length);
      const [[, both] = []] = merged.all();
      expect(both?.rows).toEqual(own?.rows);
      expect(both?.count ?? 0).toBe(times.reduce((sum, _time, at) => sum + 1 + (at % 3), 0));
    }),
  );
});

it('shows all rows of rules with few, and shares the rest evenly', () => {
  expect(shareRows([1, 50, 3, 70], 20)).toEqual([1, 8, 3, 8]);
  fc.assert(
    fc.property(fc.array(fc.nat(60)), fc.nat(100), (counts, most) => {
      const shares = shareRows(counts, most);
      const [shown, all] = [shares, counts].map((list) => list.reduce((sum, one) => sum + one, 0));
      expect(shown).toBe(Math.min(most, all ?? 0));
      expect(shares.every((share, at) => share <= (counts[at] ?? 0))).toBe(true);
    }),
  );
});
