import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { commentSigns } from './comments.ts';

const segment = (marker: number, held: Buffer): Buffer => {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(held.length + 2, 2);
  return Buffer.concat([head, held]);
};
const jpegOf = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.of(0xff, 0xd8), ...segments, Buffer.of(0xff, 0xda, 0, 2, 0xff, 0xd9)]);
const gifOf = (held: Buffer): Buffer => {
  const blocks: Buffer[] = [];
  for (let at = 0; at < held.length; at += 255) {
    const piece = held.subarray(at, at + 255);
    blocks.push(Buffer.of(piece.length), piece);
  }
  return Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(7), Buffer.of(0x21, 0xfe), ...blocks, Buffer.of(0, 0x3b)]);
};
const titles = (type: string, bytes: Buffer): string[] =>
  commentSigns(type, bytes).map(({ severity, title }) => `${severity}: ${title.replace(/ \([^)]*\)$/, '')}`);

const archive = Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(2000)]);
const encoded = Buffer.from(randomBytes(3000).toString('base64'));

describe('comments', () => {
  test.each([
    ['an archive', archive, 'medium: 2004 bytes of a file in comments of the'],
    [
      'a program',
      Buffer.concat([Buffer.from('MZ'), randomBytes(998)]),
      'high: 1000 bytes of a program in comments of the',
    ],
    [
      'what looks encrypted',
      Buffer.concat([Buffer.of(0), randomBytes(5000)]),
      'medium: 5001 bytes of random data in comments of the',
    ],
    ['base64', encoded, 'low: 4000 bytes of base64 in comments of the'],
  ])('that hold %s are told', (_what, held, title) => {
    expect(titles('image/jpeg', jpegOf(segment(0xe0, Buffer.from('JFIF\0')), segment(0xfe, held)))).toEqual([
      `${title} JPEG`,
    ]);
    expect(titles('image/gif', gifOf(held))).toEqual([`${title} GIF`]);
  });

  test.each([
    ['a sentence', Buffer.from('a holiday by the sea')],
    ['a long text', Buffer.from('Taken on the second day, from the ferry. '.repeat(100))],
    ['a few odd bytes', randomBytes(200)],
    ['one long word', Buffer.from('a'.repeat(5000))],
  ])('that hold %s are not', (_what, held) => {
    expect(titles('image/jpeg', jpegOf(segment(0xfe, held)))).toEqual([]);
    expect(titles('image/gif', gifOf(held))).toEqual([]);
  });

  test('in several segments are read as one', () => {
    const pieces = [archive.subarray(0, 1000), archive.subarray(1000)].map((piece) => segment(0xfe, piece));
    expect(commentSigns('image/jpeg', jpegOf(...pieces))).toMatchObject([{ at: 2, id: 'comment-data' }]);
  });

  test('of programs that name themselves are theirs', () => {
    const held = randomBytes(3000);
    const named = ['Exif\0\0', 'ICC_PROFILE\0', 'http://ns.adobe.com/xap/1.0/\0', 'Photoshop 3.0\0'];
    for (const name of named) {
      expect(titles('image/jpeg', jpegOf(segment(0xe1, Buffer.concat([Buffer.from(name), held]))))).toEqual([]);
    }
    expect(titles('image/jpeg', jpegOf(segment(0xe9, encoded)))).toHaveLength(1);
    const unnamed = Buffer.concat([Buffer.of(0), held]);
    expect(titles('image/jpeg', jpegOf(segment(0xe9, unnamed)))).toEqual([
      'medium: 3001 bytes of random data in segments of the JPEG for no named program',
    ]);
  });

  test('that are cut or lie about their length end the search', () => {
    for (const whole of [jpegOf(segment(0xfe, archive)), gifOf(archive)]) {
      for (let at = 0; at < whole.length; at += 7) {
        for (const type of ['image/jpeg', 'image/gif']) {
          expect(() => commentSigns(type, whole.subarray(0, at))).not.toThrow();
        }
      }
    }
    expect(titles('image/jpeg', Buffer.of(0xff, 0xd8, 0xff, 0xfe, 0, 0, 0xff, 0xfe))).toEqual([]);
  });
});

const chunk = (type: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
};
const pngOf = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))]);
const plain = (held: Buffer): Buffer => chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), held]));
const packed = (held: Buffer): Buffer => chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(held)]));
const international = (held: Buffer): Buffer =>
  chunk('iTXt', Buffer.concat([Buffer.from('Comment\0\u0001\0en\0\0'), deflateSync(held)]));

describe('texts of a PNG', () => {
  test.each([
    ['tEXt', plain],
    ['zTXt', packed],
    ['iTXt', international],
  ])('in %s are told by what they hold', (_type, make) => {
    expect(titles('image/png', pngOf(make(archive)))).toEqual([
      'medium: 2004 bytes of a file in the text "Comment" of the PNG',
    ]);
    expect(titles('image/png', pngOf(make(encoded.subarray(0, 2000)), make(encoded.subarray(2000))))).toEqual([
      'low: 4000 bytes of base64 in the text "Comment" of the PNG',
    ]);
    expect(titles('image/png', pngOf(make(Buffer.from('{"nodes":[{"id":1}]} '.repeat(200)))))).toEqual([]);
  });

  test('that say they hold gigabytes, are cut or damaged take no more than their bound', () => {
    const bomb = packed(Buffer.alloc(40 * 1024 * 1024));
    expect(titles('image/png', pngOf(...Array.from({ length: 50 }, () => bomb), plain(archive)))).toHaveLength(1);
    const whole = pngOf(international(archive), packed(archive));
    for (let at = 0; at < whole.length; at += 11) {
      expect(() => commentSigns('image/png', whole.subarray(0, at))).not.toThrow();
    }
    expect(titles('image/png', pngOf(chunk('iTXt', Buffer.from('a\0\u0001')), chunk('tEXt', archive)))).toHaveLength(1);
  });
});

describe('pictures of an icon', () => {
  const icon = (...images: readonly Buffer[]): Buffer => {
    const head = Buffer.alloc(6 + 16 * images.length);
    head.writeUInt16LE(1, 2);
    head.writeUInt16LE(images.length, 4);
    let at = head.length;
    for (const [index, image] of images.entries()) {
      head.writeUInt32LE(image.length, 6 + index * 16 + 8);
      head.writeUInt32LE(at, 6 + index * 16 + 12);
      at += image.length;
    }
    return Buffer.concat([head, ...images]);
  };
  const bitmap = Buffer.concat([Buffer.of(40, 0, 0, 0), randomBytes(4000)]);

  test('are a PNG or a bitmap, and nothing stands behind either', () => {
    expect(titles('image/x-icon', icon(bitmap, pngOf()))).toEqual([]);
    expect(titles('image/x-icon', icon(bitmap, archive))).toEqual([
      'medium: 2004 bytes of a file in a picture of the icon',
    ]);
    expect(titles('image/x-icon', icon(Buffer.concat([pngOf(), archive])))).toEqual([
      'medium: 2004 bytes of a file in a picture of the icon, behind its end',
    ]);
    const whole = icon(bitmap, archive);
    for (let at = 0; at < 50; at++) expect(titles('image/x-icon', whole.subarray(0, at))).toEqual([]);
  });
});
