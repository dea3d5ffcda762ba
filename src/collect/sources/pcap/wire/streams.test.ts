import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BerStream } from './ber-stream.ts';
import { Cursor } from './cursor.ts';
import { FramedStream } from './framed-stream.ts';
import { LineStream, type LongLine } from './line-stream.ts';
import { macText, wireText } from './text.ts';

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_none, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

describe('lines', () => {
  const read = (text: string, size: number, maxBytes: number, longLine: LongLine): (readonly [string, boolean])[] => {
    const lines: (readonly [string, boolean])[] = [];
    const stream = new LineStream(maxBytes, longLine, (line, isCut) =>
      lines.push([Buffer.from(line).toString('latin1'), isCut]),
    );
    for (const piece of pieces(Buffer.from(text, 'latin1'), size)) stream.data(piece);
    stream.end();
    return lines;
  };

  test('end with LF or CRLF, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (size) => {
        expect(read('one\r\ntwo\n\r\nlast', size, 100, 'drop')).toEqual([
          ['one', false],
          ['two', false],
          ['', false],
          ['last', false],
        ]);
      }),
    );
  });

  test('that are too long are dropped behind the bound, or handed over in pieces', () => {
    expect(read('abcdefgh\nx\n', 3, 5, 'drop')).toEqual([
      ['abcde', true],
      ['x', false],
    ]);
    const split = read('abcdefgh\r\nx\n', 3, 5, 'split');
    expect(split.map(([text]) => text).join('')).toBe('abcdefghx');
    expect(split.filter(([, isCut]) => !isCut)).toHaveLength(2);
  });

  test('stop where the reader wants the rest otherwise', () => {
    const seen: string[] = [];
    const stream = new LineStream(100, 'drop', (line) => seen.push(Buffer.from(line).toString()));
    expect(stream.data(Buffer.from('a\nb\nc\n'), () => seen.length === 2)).toBe(4);
    expect(seen).toEqual(['a', 'b']);
  });
});

describe('messages behind their length', () => {
  const message = (text: string): Buffer =>
    Buffer.concat([Buffer.from([text.length >> 8, text.length & 255]), Buffer.from(text)]);

  test('are read however the stream is cut; too long ones are passed over', () => {
    const bytes = Buffer.concat([message('one'), message(''), message('x'.repeat(300)), message('two')]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 320 }), (size) => {
        const seen: string[] = [];
        const tooLong: number[] = [];
        const stream = new FramedStream(
          2,
          100,
          (content) => seen.push(Buffer.from(content).toString()),
          (length) => tooLong.push(length),
        );
        for (const piece of pieces(bytes, size)) stream.data(piece);
        expect(seen).toEqual(['one', '', 'two']);
        expect(tooLong).toEqual([300]);
      }),
    );
  });
});

describe('elements of BER', () => {
  const long = Buffer.concat([Buffer.from([0x30, 0x82, 1, 0]), Buffer.alloc(256, 7)]);

  test('are read however the stream is cut', () => {
    const bytes = Buffer.concat([Buffer.from([0x30, 1, 5]), long, Buffer.from([0x30, 0])]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (size) => {
        const lengths: number[] = [];
        const stream = new BerStream(0x30, (content) => lengths.push(content.length));
        expect(pieces(bytes, size).every((piece) => stream.data(piece))).toBe(true);
        expect(lengths).toEqual([3, 260, 2]);
      }),
    );
  });

  test('other bytes and endless ones are refused', () => {
    const reads = (bytes: readonly number[]): boolean => new BerStream(0x30, () => {}).data(Uint8Array.from(bytes));
    expect([reads([0x31, 0]), reads([0x30, 0x80]), reads([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

test('a cursor never reads past the end, and says so', () => {
  const cursor = new Cursor(Uint8Array.from([1, 2, 3]));
  expect([cursor.u16(), cursor.u16(), cursor.isCut]).toEqual([0x0102, 0, true]);
  expect(new Cursor(Uint8Array.from([5, 1])).vector(1)).toHaveLength(1);
  expect(new Cursor(Uint8Array.from([1, 2, 3, 4])).u32le()).toBe(0x04030201);
});

test('texts keep bytes that are no UTF-8 apart from those that are', () => {
  expect(wireText(Buffer.from('Grüße'))).toBe('Grüße');
  expect(wireText(Uint8Array.from([0x47, 0xfc]))).toBe(String.raw`G\xfc`);
  expect(macText(Uint8Array.from([0, 0x1a, 0xff]))).toBe('00:1a:ff');
});
