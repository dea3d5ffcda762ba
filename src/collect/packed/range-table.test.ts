import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRanges, packRanges, withoutHoles } from '../../../tools/network-names/ranges.ts';
import { rangeKey, unpackRanges, valueAt } from './range-table.ts';

describe('a range table', () => {
  it('finds in packed ranges what a search through all of them finds', () => {
    const range = fc.tuple(fc.nat(2000), fc.nat(40), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 60 }), fc.array(fc.nat(2100), { maxLength: 40 }), (drawn, asked) => {
        const ranges = drawn
          .sort(([a], [b]) => a - b)
          .map(([first, size, value]) => ({ first, last: first + size, value: String(value) }));
        const merged = mergeRanges(ranges);
        const table = unpackRanges(packRanges(merged, Number));
        for (const number of asked) {
          const expected = merged.find(({ first, last }) => number >= first && number <= last)?.value;
          expect(valueAt(table, number)).toBe(expected === undefined ? undefined : Number(expected));
          expect(expected !== undefined).toBe(ranges.some(({ first, last }) => number >= first && number <= last));
        }
      }),
    );
  });

  it('keeps numbers past 32 bits, and joins neighbours', () => {
    const big = 2 ** 47;
    const ranges = mergeRanges([
      { first: big, last: big + 9, value: '5' },
      { first: big + 10, last: big + 20, value: '5' },
    ]);
    expect(ranges).toEqual([{ first: big, last: big + 20, value: '5' }]);
    const table = unpackRanges(packRanges(ranges, Number));
    expect([big - 1, big, big + 20, big + 21].map((number) => valueAt(table, number))).toEqual([
      undefined,
      5,
      5,
      undefined,
    ]);
  });

  it('leaves holes open', () => {
    const holes = [
      { first: 0, last: 2 },
      { first: 5, last: 6 },
      { first: 9, last: 20 },
    ];
    const left = withoutHoles([{ first: 1, last: 10, value: 'a' }], holes);
    expect(left.map(({ first, last }) => [first, last])).toEqual([
      [3, 4],
      [7, 8],
    ]);
  });

  it('refuses what is cut, goes on after its end, or promises more than memory', () => {
    const packed = packRanges([{ first: 1, last: 2, value: '3' }], Number);
    for (let end = 0; end < packed.length; end++) expect(() => unpackRanges(packed.subarray(0, end))).toThrow('cut');
    expect(() => unpackRanges(Uint8Array.from([...packed, 0]))).toThrow('more than its ranges');
    expect(() => unpackRanges(Uint8Array.from([0xff, 0xff, 0xff, 0x7f]))).toThrow('ranges');
  });

  it('keys addresses by their whole number, or the first 48 bits', () => {
    expect(rangeKey('1.2.3.4')).toEqual({ version: 4, number: 0x01020304 });
    expect(rangeKey('::ffff:1.2.3.4')).toEqual({ version: 4, number: 0x01020304 });
    expect(rangeKey('2001:db8:1:2::9')).toEqual({ version: 6, number: 0x20010db80001 });
    expect(rangeKey('web01')).toBeUndefined();
  });
});
