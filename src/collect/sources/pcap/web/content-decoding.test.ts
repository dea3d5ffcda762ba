import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ContentDecoder } from './content-decoding.ts';
import { OpenDecoders } from './open-decoders.ts';

const text = Buffer.from('what was sent, and sent again, '.repeat(20));

class Body {
  content = '';
  dropped = 0;
  readonly decoder: ContentDecoder;

  constructor(coding: string | undefined, open: OpenDecoders) {
    this.decoder = new ContentDecoder(coding, open, {
      bytes: (bytes) => void (this.content += Buffer.from(bytes).toString('latin1')),
      dropped: () => void this.dropped++,
    });
  }
}

describe('bodies that are open at the same time', () => {
  test.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ])('of %s hold memory for no more than 2000, and the oldest give way', (coding, coded) => {
    const open = new OpenDecoders();
    const bodies = Array.from({ length: 2010 }, () => new Body(coding, open));
    expect(open.size).toBe(0);
    for (const { decoder } of bodies) decoder.data(coded.subarray(0, 12));
    expect(open.size).toBe(2000);
    for (const { decoder } of bodies) decoder.data(coded.subarray(12));
    for (const { decoder } of bodies) decoder.end();
    expect(open.size).toBe(0);
    expect(bodies.map(({ dropped }) => dropped)).toEqual(bodies.map((_body, index) => (index < 10 ? 1 : 0)));
    expect(bodies.slice(10).every(({ content }) => content === text.toString())).toBe(true);
    expect(bodies.slice(0, 10).some(({ content }) => content === text.toString())).toBe(false);
  });

  test('without a coding are not counted', () => {
    const open = new OpenDecoders();
    const body = new Body(undefined, open);
    body.decoder.data(text);
    expect(open.size).toBe(0);
    expect(body.content).toBe(text.toString());
  });
});
