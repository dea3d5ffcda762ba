import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PendingSegments, SegmentBudget } from './pending-segments.ts';

interface Part {
  readonly start: number;
  readonly length: number;
  readonly fill: number;
}

const parts = fc.array(
  fc.record({
    start: fc.integer({ min: 1, max: 60 }),
    length: fc.integer({ min: 1, max: 20 }),
    fill: fc.integer({ min: 1, max: 255 }),
  }),
  { maxLength: 20 },
);

/** The same by plain means: the first byte that came for a place stays. */
function plainly(list: readonly Part[]): Map<number, number> {
  const bytes = new Map<number, number>();
  for (const { start, length, fill } of list) {
    for (let at = start; at < start + length; at++) if (!bytes.has(at)) bytes.set(at, fill);
  }
  return bytes;
}

describe('PendingSegments', () => {
  it('keeps the bytes that came first, in order, without overlaps', () => {
    const property = fc.property(parts, (list) => {
      const pending = new PendingSegments(new SegmentBudget(256 * 1024 * 1024));
      for (const { start, length, fill } of list) pending.add(start, start + length, Buffer.alloc(length, fill));
      const got = new Map<number, number>();
      let last = 0;
      for (let segment = pending.shift(); segment !== undefined; segment = pending.shift()) {
        expect(segment.start).toBeGreaterThanOrEqual(last);
        last = segment.end;
        for (const [index, byte] of (segment.bytes ?? []).entries()) got.set(segment.start + index, byte);
      }
      const wanted = [...plainly(list)].sort(([a], [b]) => a - b);
      expect([...got]).toEqual(wanted);
    });
    fc.assert(property);
  });

  it('gives back to the budget what it took', () => {
    const budget = new SegmentBudget(256 * 1024 * 1024);
    const pending = new PendingSegments(budget);
    pending.add(10, 20, Buffer.alloc(10));
    pending.add(15, 25, Buffer.alloc(10));
    expect(budget.bytes).toBe(15);
    pending.shift();
    pending.clear();
    expect(budget.bytes).toBe(0);
  });

  it('joins places that nobody reads, and is full beyond a megabyte', () => {
    const places = new PendingSegments(new SegmentBudget(256 * 1024 * 1024));
    for (let at = 0; at < 100; at++) places.add(at * 10, at * 10 + 10, undefined);
    expect(places.shift()).toMatchObject({ start: 0, end: 1000 });
    const pending = new PendingSegments(new SegmentBudget(256 * 1024 * 1024));
    pending.add(0, 1_000_000, Buffer.alloc(1_000_000));
    expect(pending.isFull).toBe(false);
    pending.add(2_000_000, 2_100_000, Buffer.alloc(100_000));
    expect(pending.isFull).toBe(true);
  });

  it('keeps nothing of the chunk that a segment came in', () => {
    const chunk = Buffer.alloc(100_000, 7);
    const pending = new PendingSegments(new SegmentBudget(256 * 1024 * 1024));
    pending.add(10, 20, chunk.subarray(50, 60));
    const segment = pending.shift();
    expect(segment?.bytes).toEqual(new Uint8Array(10).fill(7));
    expect(segment?.bytes?.buffer.byteLength).toBe(10);
  });
});
