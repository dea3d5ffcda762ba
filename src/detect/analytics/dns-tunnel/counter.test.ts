import { describe, expect, it } from 'vitest';
import { findCounter } from './counter.ts';

function names(count: number, make: (index: number) => string): string[][] {
  return Array.from({ length: count }, (_none, index) => make(index).split('.'));
}

describe('the label that counts', () => {
  it.each([
    ['whole, decimal', (index: number) => `${index}.6bd65144`, '17', ''],
    [
      'whole, hexadecimal with zeros',
      (index: number) => `6bd65144.${index.toString(16).padStart(4, '0')}.s1`,
      '001f',
      '',
    ],
    [
      'at the beginning of a label',
      (index: number) => `x${String(index).padStart(4, '0')}-6bd65144`,
      'x0017-6bd65144',
      '6bd65144',
    ],
    ['at the end of a label', (index: number) => `6bd65144-${index}`, '6bd65144-17', '6bd65144'],
    ['with steps that were lost', (index: number) => `${index * 2}.6bd65144`, '17', ''],
  ])('is found %s, and its number can be taken out', (_where, make, label, rest) => {
    expect(findCounter(names(30, make))?.without(label)).toBe(rest);
  });

  it('is found in spite of repeated and late pieces', () => {
    const order = [0, 1, 2, 2, 3, 4, 5, 7, 6, 8, 9, 10, 11, 12, 13, 14];
    expect(findCounter(order.map((index) => [String(index), 'aa']))?.depth).toBe(1);
  });

  it.each([
    ['addresses', names(60, (index) => `${(index * 37) % 256}.${(index * 91) % 256}.10.31`)],
    ['random labels', names(60, (index) => ((index * 2_654_435_761) >>> 0).toString(16))],
    ['a constant', names(60, () => '1.aa')],
    ['too few names', names(5, (index) => `${index}.aa`)],
    ['no names', []],
  ])('is not seen in %s', (_what, list) => {
    expect(findCounter(list)).toBeUndefined();
  });
});
