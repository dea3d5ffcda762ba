import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Inflate } from './inflate.ts';

function inflate(compressed: Uint8Array, pieceBytes: number): { readonly bytes: Buffer; readonly isFailed: boolean } {
  const parts: Buffer[] = [];
  const inflater = new Inflate((bytes) => parts.push(Buffer.from(bytes)));
  for (let at = 0; at < compressed.length; at += pieceBytes) inflater.data(compressed.subarray(at, at + pieceBytes));
  return { bytes: Buffer.concat(parts), isFailed: inflater.isFailed };
}

test('gives back what zlib compressed, in pieces of any size', () => {
  const word = fc.constantFrom('GET ', 'POST ', '/index.html', '\0\0\0\0', 'x');
  const content = fc.oneof(fc.uint8Array({ maxLength: 5000 }), fc.array(word, { maxLength: 5000 }));
  const level = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(content, level, fc.integer({ min: 1, max: 3000 }), (value, compression, piece) => {
      const plain = Array.isArray(value) ? Buffer.from(value.join('')) : Buffer.from(value);
      const { bytes, isFailed } = inflate(deflateRawSync(plain, { level: compression }), piece);
      expect(isFailed).toBe(false);
      expect(bytes.equals(plain)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('gives back output longer than its window', () => {
  const plain = Buffer.alloc(300_000, 'the quick brown fox jumps over the lazy dog ');
  expect(inflate(deflateRawSync(plain), 1000).bytes.equals(plain)).toBe(true);
});

test('hands over what came before the input was cut', () => {
  const plain = Buffer.from('first part, and then a second part that is cut off');
  const compressed = deflateRawSync(plain, { level: 0 });
  expect(inflate(compressed.subarray(0, 20), 7).bytes.toString()).toBe('first part, and');
});

test('ends on any bytes, and says when they are no DEFLATE', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(inflate(bytes, 100).bytes.length).toBeLessThan(600_000);
    }),
  );
  expect(inflate(new Uint8Array([7]), 1).isFailed).toBe(true);
});
