import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIntact, sumBytes } from './checksum.ts';

/** The sum word by word (RFC 1071), little-endian. */
function plainSum(bytes: Uint8Array, initial: number): number {
  let sum = initial;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

test('sums up what is there, of any length and from any place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), fc.nat(0xffff), (bytes, from, initial) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const start = Math.min(from, bytes.length);
      expect(sumBytes(view, start, bytes.length, initial)).toBe(plainSum(bytes.subarray(start), initial));
    }),
  );
});

test('stays exact in the largest frame', () => {
  const bytes = new Uint8Array(1 << 20).fill(0xff);
  expect(isIntact(sumBytes(new DataView(bytes.buffer), 0, bytes.length))).toBe(true);
  bytes[777_777] = 0xfe;
  expect(isIntact(sumBytes(new DataView(bytes.buffer), 0, bytes.length))).toBe(false);
});
