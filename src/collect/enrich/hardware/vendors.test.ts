import { describe, expect, it } from 'vitest';
import { vendorOf } from './vendors.ts';

describe('makers of hardware', () => {
  it('are told by the first half of the address, however it is written', () => {
    expect(vendorOf('b8:27:eb:01:02:03')).toMatch(/^Raspberry Pi/);
    expect(vendorOf('B8-27-EB-01-02-03')).toMatch(/^Raspberry Pi/);
  });

  it('are not told of made-up addresses and of text', () => {
    expect(['02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', 'printer', ''].map(vendorOf)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});
