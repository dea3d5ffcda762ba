import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
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

const fastBrotli = (bytes: Uint8Array): Buffer =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

describe.each([
  ['br', fastBrotli],
  ['zstd', zstdCompressSync],
])('a long body in %s', (coding, compress) => {
  const long = Buffer.concat([randomBytes(200_000), text, randomBytes(200_000)]);
  const content = long.toString('latin1');
  const fed = (coded: Uint8Array, body = new Body(coding, new OpenDecoders())): Body => {
    for (let at = 0; at < coded.length; at += 1400) body.decoder.data(coded.subarray(at, at + 1400));
    return body;
  };

  test('is decoded whole', () => {
    const body = fed(compress(long));
    body.decoder.end();
    expect(body.content === content).toBe(true);
  });

  test('is decoded as far as it came before a hole, and no further', () => {
    const coded = compress(long);
    const body = fed(coded.subarray(0, 150_000));
    body.decoder.gap();
    body.decoder.data(coded.subarray(160_000));
    body.decoder.end();
    expect(body.content.length).toBeGreaterThan(100_000);
    expect(content.startsWith(body.content)).toBe(true);
    expect(body.dropped).toBe(0);
  });

  test('is decoded up to 16 MB of it, which is told; the memory is given back', () => {
    const open = new OpenDecoders();
    const before = open.room.bytes;
    const coded = compress(randomBytes(17 * 1024 * 1024));
    const body = new Body(coding, open);
    for (let at = 0; at < coded.length; at += 1 << 20) body.decoder.data(coded.subarray(at, at + (1 << 20)));
    body.decoder.end();
    expect(body.content.length).toBeGreaterThan(15 * 1024 * 1024);
    expect(body.dropped).toBe(1);
    expect(open.room.bytes).toBe(before);
  });
});

describe('several codings of one body', () => {
  const decode = (coding: string, coded: Uint8Array, size = coded.length): Body => {
    const open = new OpenDecoders();
    const body = new Body(coding, open);
    for (let at = 0; at < coded.length; at += size) body.decoder.data(coded.subarray(at, at + size));
    body.decoder.end();
    expect(open.size).toBe(0);
    return body;
  };

  test.each([
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['br, gzip', gzipSync(brotliCompressSync(text))],
    ['deflate,gzip,zstd', zstdCompressSync(gzipSync(deflateSync(text)))],
    ['GZIP , identity, x-gzip', gzipSync(gzipSync(text))],
    ['identity', text],
  ])('%s are undone from the last to the first', (coding, coded) => {
    for (const size of [1, 7, coded.length]) expect(decode(coding, coded, size).content).toBe(text.toString());
  });

  test('below one that is not known nothing is undone', () => {
    const coded = gzipSync(text);
    expect(decode('gzip, aes128gcm, br', brotliCompressSync(coded)).content).toBe(coded.toString('latin1'));
    expect(decode('gzip, aes128gcm', coded).content).toBe(coded.toString('latin1'));
  });

  test('give no more than 64 MB: a kilobyte that stands for 160', () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(160 << 20)));
    let length = 0;
    let dropped = 0;
    const decoded = {
      bytes: (bytes: Uint8Array): void => void (length += bytes.length),
      dropped: () => void dropped++,
    };
    const decoder = new ContentDecoder('gzip, gzip', new OpenDecoders(), decoded);
    for (let at = 0; at < bomb.length; at += 1400) decoder.data(bomb.subarray(at, at + 1400));
    decoder.end();
    expect(length).toBe(64 * 1024 * 1024);
    expect(dropped).toBe(1);
  });
});
