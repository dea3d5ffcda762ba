import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packFiles } from './owned-files.ts';
import { digestAlgorithms, type OwnedFile } from './package.ts';

const number = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
const file: fc.Arbitrary<OwnedFile> = fc.record(
  {
    path: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `/usr/share/${text}`),
    mode: number,
    uid: number,
    gid: number,
    isConfig: fc.constant(true as const),
    digest: fc.record({
      algorithm: fc.constantFrom(...digestAlgorithms),
      hex: fc.uint8Array({ minLength: 16, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    }),
  },
  { requiredKeys: ['path'] },
);

function manyFiles(count: number, more: Partial<OwnedFile> = {}): OwnedFile[] {
  return Array.from({ length: count }, (_none, index) => ({ path: `/usr/lib/module/file-${index}.so`, ...more }));
}

describe('files of a package', () => {
  it('come out as they went in, each time that they are gone through', () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 16, maxLength: 80 }), (files) => {
        const packed = packFiles(files);
        expect(packed).not.toBe(files);
        expect(packed).toHaveLength(files.length);
        expect([...packed]).toEqual(files);
        expect([...packed]).toEqual(files);
      }),
    );
  });

  it('are left as they are where they are few, or one does not fit', () => {
    const odd: Partial<OwnedFile>[] = [
      { path: `/${'x'.repeat(70_000)}` },
      { path: '/usr/\uD800' },
      { mode: -1 },
      { uid: 1.5 },
      { gid: 2 ** 33 },
      { digest: { algorithm: 'md5', hex: 'ABCDEF' } },
      { digest: { algorithm: 'md5', hex: 'abc' } },
    ];
    for (const files of [manyFiles(15), ...odd.map((one) => [...manyFiles(30), { path: '/a', ...one }])]) {
      expect(packFiles(files)).toBe(files);
    }
  });

  it('take a tenth of the memory', () => {
    const hex = 'ab'.repeat(32);
    const files = manyFiles(20_000, { mode: 0o644, digest: { algorithm: 'sha256', hex } });
    const before = process.memoryUsage().arrayBuffers;
    const packed = packFiles(files);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(packed.length * 300);
    expect([...packed].at(-1)?.path).toBe('/usr/lib/module/file-19999.so');
  });
});
