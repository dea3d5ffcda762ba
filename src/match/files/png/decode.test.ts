import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelsOfColorType, filteredRows, pngChunk, writePng, type PngParts } from '../../../../tests/support/png.ts';
import { readPngChunks } from './chunks.ts';
import { decodePng, maxSurplusBytes, type Decoded } from './decode.ts';

function decode(file: Uint8Array): Decoded {
  return decodePng(file, readPngChunks(file).chunks);
}

const tiny: PngParts = { width: 2, height: 2, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] };

describe('decodePng', () => {
  it('gives the samples back, whatever colour type, depth and row filters', () => {
    const parts = fc
      .record({
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 6 }),
        colorType: fc.constantFrom(0, 2, 4, 6),
        bits: fc.constantFrom(8, 16),
        filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 }),
      })
      .chain(({ filters, ...shape }) => {
        const length = shape.width * shape.height * (channelsOfColorType[shape.colorType] ?? 0);
        const sample = fc.integer({ min: 0, max: 2 ** shape.bits - 1 });
        return fc.record({
          ...Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, fc.constant(value)])),
          samples: fc.array(sample, { minLength: length, maxLength: length }),
          filterOf: fc.constant((row: number) => filters[row] ?? 0),
        });
      });
    fc.assert(
      fc.property(parts, (generated) => {
        const wanted = generated as unknown as PngParts;
        const decoded = decode(writePng(wanted));
        expect(decoded).toMatchObject({
          picture: { width: wanted.width, height: wanted.height },
          surplusPixels: 0,
          surplusData: 0,
        });
        expect('picture' in decoded && [...decoded.picture.samples]).toEqual(Array.from(wanted.samples));
      }),
    );
  });

  it.each([
    ['interlaced', { ...tiny, interlace: 1 }, /interlaced/],
    ['palette', { ...tiny, colorType: 3 }, /palette/],
    ['few bits', { ...tiny, bits: 4, imageData: deflateSync(Buffer.alloc(8)) }, /4 bits/],
    ['huge', { ...tiny, width: 2 ** 31 - 1, imageData: Buffer.alloc(9) }, /more than/],
    ['no picture', { ...tiny, width: 0, imageData: Buffer.alloc(9) }, /header is not valid/],
    ['damaged', { ...tiny, imageData: Buffer.from('no zlib stream') }, /header check/],
  ])('says why it does not decode: %s', (_name, parts, fault) => {
    const decoded = decode(writePng(parts));
    expect('fault' in decoded && decoded.fault).toMatch(fault);
  });

  it('refuses a bomb: image data that inflate to far more than the picture', () => {
    const decoded = decode(writePng({ ...tiny, imageData: deflateSync(Buffer.alloc(8 * maxSurplusBytes)) }));
    expect(decoded).toEqual({ fault: 'its image data inflate to far more than the picture', isOverfull: true });
  });

  it('keeps the whole rows of a cut picture', () => {
    const rows = filteredRows({
      width: 100,
      height: 100,
      samples: Array.from({ length: 30_000 }, (_, i) => (i * i) % 251),
    });
    const imageData = deflateSync(rows, { level: 0 }).subarray(0, 15_000);
    const decoded = decode(writePng({ width: 100, height: 100, samples: [], imageData }));
    expect('picture' in decoded && decoded.picture.height).toBe(49);
  });

  it('counts what belongs to no pixel', () => {
    const rows = filteredRows(tiny);
    const imageData = Buffer.concat([deflateSync(Buffer.concat([rows, Buffer.alloc(50)])), Buffer.alloc(70, 7)]);
    expect(decode(writePng({ ...tiny, imageData }))).toMatchObject({ surplusPixels: 50, surplusData: 70 });
  });

  it('joins image data over several chunks', () => {
    const whole = deflateSync(filteredRows(tiny));
    const file = writePng({ ...tiny, imageData: whole.subarray(4), extra: [pngChunk('IDAT', whole.subarray(0, 4))] });
    const decoded = decode(file);
    expect('picture' in decoded && [...decoded.picture.samples]).toEqual(tiny.samples);
  });
});
