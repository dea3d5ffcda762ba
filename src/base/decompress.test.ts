import { spawnSync } from 'node:child_process';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressionOf, decompressed } from './decompress.ts';

/** What comes out of bytes that are given in chunks of a size, and the message of the error at the end. */
async function unpack(bytes: Buffer, size = bytes.length): Promise<{ text: string; error?: string }> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  const parts: Buffer[] = [];
  try {
    for await (const part of decompressed(chunks)) parts.push(part);
    return { text: Buffer.concat(parts).toString() };
  } catch (error) {
    return { text: Buffer.concat(parts).toString(), error: String(error) };
  }
}

function skippable(length: number): Buffer {
  const head = Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, 'z')]);
}

const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

describe('a compressed stream', () => {
  it.each([
    ['nothing', Buffer.alloc(0), ''],
    ['plain bytes', Buffer.from('abc'), 'abc'],
    ['gzip', gzipSync('abc'), 'abc'],
    ['gzip members', Buffer.concat([gzipSync('abc'), gzipSync('def')]), 'abcdef'],
    ['gzip with zeros behind', Buffer.concat([gzipSync('abc'), Buffer.alloc(99)]), 'abc'],
    ['zstd', zstdCompressSync('abc'), 'abc'],
    ['zstd frames', Buffer.concat([zstdCompressSync('abc'), zstdCompressSync('def', checked)]), 'abcdef'],
    ['an empty zstd frame', Buffer.concat([zstdCompressSync(''), zstdCompressSync('def')]), 'def'],
    [
      'zstd with frames that hold no data',
      Buffer.concat([skippable(5), zstdCompressSync('abc'), skippable(0), zstdCompressSync('def'), skippable(300)]),
      'abcdef',
    ],
  ])('of %s comes out whole, in chunks of any size', async (_, bytes, text) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(await unpack(bytes, size)).toEqual({ text });
  });

  it('of any zstd frames comes out whole', async () => {
    const frame = fc.record({
      text: fc.oneof(
        fc.string({ maxLength: 300 }),
        fc.nat(300_000).map((length) => 'run'.repeat(length / 3)),
      ),
      options: fc.constantFrom({}, checked),
      gap: fc.option(fc.nat(20)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5000 }),
        async (frames, size) => {
          const bytes = frames.flatMap(({ text, options, gap }) => [
            zstdCompressSync(text, options),
            ...(gap === null ? [] : [skippable(gap)]),
          ]);
          expect(await unpack(Buffer.concat(bytes), size)).toEqual({ text: frames.map(({ text }) => text).join('') });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that is cut or damaged gives what came before, and fails', async () => {
    const frames = Buffer.concat([zstdCompressSync('abc'), zstdCompressSync('def'.repeat(100))]);
    expect(await unpack(frames.subarray(0, -5))).toMatchObject({ text: 'abc', error: expect.any(String) });
    expect(await unpack(Buffer.concat([zstdCompressSync('abc'), Buffer.from('garbage')]))).toEqual({
      text: 'abc',
      error: expect.stringContaining('no frame of zstd'),
    });
    expect(await unpack(Buffer.concat([zstdCompressSync('abc'), Buffer.from('(')]), 1)).toMatchObject({
      text: 'abc',
      error: expect.stringContaining('no frame of zstd'),
    });
    expect(await unpack(gzipSync('abc').subarray(0, 15))).toMatchObject({ error: expect.any(String) });
  });

  it.each(['xz', 'bzip2'])('of %s is left to the program of that name', async (program) => {
    const packed = spawnSync(program, ['-c'], { input: 'abc' });
    const isThere = packed.status === 0;
    const bytes = isThere ? packed.stdout : Buffer.from(program === 'xz' ? '\u00FD7zXZ\0' : 'BZh', 'latin1');
    const { text, error = '' } = await unpack(bytes, 3);
    expect({ text, isMissed: error.includes('is not there') }).toEqual({
      text: isThere ? 'abc' : '',
      isMissed: !isThere,
    });
  });
});

it('a compression is told by the first bytes', () => {
  expect(compressionOf(gzipSync(''))).toBe('gzip');
  expect(compressionOf(skippable(3))).toBe('zstd');
  expect(compressionOf(Buffer.from('tar'))).toBe('none');
  expect(compressionOf(Buffer.alloc(0))).toBe('none');
});
