import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SerialWindow } from './serial-window.ts';

/** An event whose records all came. */
function seeWhole(window: SerialWindow, serial: number): void {
  window.see(serial, 'first');
  window.see(serial, 'other');
  window.see(serial, 'end');
}

/** What is told once records that come late are there. */
function settled(window: SerialWindow): ReturnType<SerialWindow['settle']> {
  window.settle();
  return window.settle();
}

describe('the serial numbers of events', () => {
  it('count exactly what an overrun cost, in whatever order near numbers come', () => {
    const lengths = fc.integer({ min: 2, max: 400 });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.boolean()), fc.integer({ min: 0, max: 7 }), (length, kept, shift) => {
        const window = new SerialWindow();
        seeWhole(window, 1000);
        window.overran();
        window.emptied();
        const came = Array.from({ length }, (_none, index) => 1001 + index).filter(() => kept.next().value === true);
        const disordered = came.map((serial, index) => [serial, index + ((index * 5) % (shift + 1))] as const);
        disordered.sort((a, b) => a[1] - b[1]);
        for (const [serial] of disordered) seeWhole(window, serial);
        seeWhole(window, 1001 + length);
        expect(settled(window)).toEqual({ missing: length - came.length, cut: 0 });
      }),
    );
  });

  it('tell of events that lack their first or their last record', () => {
    const window = new SerialWindow();
    seeWhole(window, 1);
    window.see(2, 'first');
    window.overran();
    window.emptied();
    window.see(7, 'end');
    // Records that stand alone have neither.
    window.see(8, 'other');
    seeWhole(window, 9);
    expect(settled(window)).toEqual({ missing: 4, cut: 2 });
    expect(settled(window)).toBeUndefined();
  });

  it('are not counted without an overrun: the kernel leaves some out', () => {
    const window = new SerialWindow();
    for (const serial of [1, 5, 9]) seeWhole(window, serial);
    expect(settled(window)).toBeUndefined();
    window.overran();
    window.emptied();
    seeWhole(window, 11);
    expect(settled(window)).toEqual({ missing: 1, cut: 0 });
  });

  it('wait for what stood before the gap to be read, and for what comes behind it', () => {
    const window = new SerialWindow();
    seeWhole(window, 1);
    window.overran();
    for (const serial of [2, 3, 4]) seeWhole(window, serial);
    expect(settled(window)).toBeUndefined();
    window.emptied();
    expect(settled(window)).toBeUndefined();
    seeWhole(window, 100);
    expect(settled(window)).toEqual({ missing: 95, cut: 0 });
  });

  it('tell of an overrun behind which nothing came', () => {
    const window = new SerialWindow();
    seeWhole(window, 1);
    window.overran();
    window.emptied();
    const told = Array.from({ length: 12 }, () => window.settle()).filter((loss) => loss !== undefined);
    expect(told).toEqual([{ missing: 0, cut: 0 }]);
  });

  it('tell at the end what was not told yet', () => {
    const window = new SerialWindow();
    seeWhole(window, 1);
    expect(window.end()).toBeUndefined();
    window.overran();
    seeWhole(window, 5);
    window.see(6, 'first');
    expect(window.end()).toEqual({ missing: 3, cut: 1 });
    expect(window.end()).toBeUndefined();
  });

  it('count gaps that are longer than what is remembered, at once', () => {
    const window = new SerialWindow();
    seeWhole(window, 1);
    window.overran();
    window.emptied();
    seeWhole(window, 4_000_000_000);
    expect(window.settle()).toEqual({ missing: 3_999_999_998, cut: 0 });
    // They wrap, and begin anew.
    seeWhole(window, 3);
    expect(settled(window)).toBeUndefined();
  });
});
