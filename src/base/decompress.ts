import { spawn } from 'node:child_process';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { VakthundError } from './errors.ts';
import { ZstdFrames, type FramePart } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

const signatures: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];
const headBytes = 6;
const chunkBytes = 1 << 20;

type Bytes = Iterable<Buffer> | AsyncIterable<Buffer>;

/** Told by the first bytes, never by a name or a media type: both are what somebody wrote there. */
export function compressionOf(head: Uint8Array): Compression {
  for (const [compression, signature] of signatures) {
    if (signature.every((byte, index) => head[index] === byte)) return compression;
  }
  // A zstd stream may begin with a frame that holds no data.
  const isSkippable = ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return isSkippable ? 'zstd' : 'none';
}

/** The bytes, decompressed as their beginning says. Throws where the stream is damaged, after all that came before. */
export async function* decompressed(bytes: Bytes): AsyncGenerator<Buffer> {
  const source = Readable.from(bytes, { objectMode: true })[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { head, first } = await readHead(source);
  const whole = resumed(first, source);
  const compression = compressionOf(head);
  if (compression === 'none') yield* whole;
  else if (compression === 'gzip') yield* through(whole, createGunzip({ chunkSize: chunkBytes }));
  else if (compression === 'zstd') yield* decompressZstd(whole);
  else yield* throughProgram(whole, compression);
}

async function readHead(source: AsyncIterator<Buffer>): Promise<{ head: Buffer; first: Buffer[] }> {
  const first: Buffer[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await source.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(first).subarray(0, headBytes), first };
}

async function* resumed(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* through(source: AsyncIterable<Buffer>, transform: Transform): AsyncGenerator<Buffer> {
  const feeding = pipeline(Readable.from(source), transform).catch(() => undefined);
  try {
    yield* transform as AsyncIterable<Buffer>;
  } finally {
    transform.destroy();
    await feeding;
  }
}

/** A zstd stream frame by frame: a decompressor of Node stops at the end of the first, without a word. */
export async function* decompressZstd(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  const frames = new ZstdFrames();
  const parts: FramePart[] = [];
  const nextPart = async (): Promise<FramePart | undefined> => {
    while (parts.length === 0) {
      const next = await source.next();
      if (next.done === true) {
        frames.end();
        return undefined;
      }
      // The last comes first, so that taking one costs nothing.
      parts.push(...frames.split(next.value).reverse());
    }
    return parts.pop();
  };
  async function* frameFrom(first: FramePart): AsyncGenerator<Buffer> {
    for (let part: FramePart | undefined = first; part !== undefined; part = await nextPart()) {
      yield part.bytes;
      if (part.isLast) return;
    }
  }
  try {
    for (let part = await nextPart(); part !== undefined; part = await nextPart()) {
      if (!part.isSkipped) yield* through(frameFrom(part), createZstdDecompress({ chunkSize: chunkBytes }));
    }
  } finally {
    await source.return?.();
  }
}

/** More than `xz -9` asks for (65 MiB); a stream may ask for gigabytes before its first byte comes out. */
const xzMemory = '--memlimit-decompress=256MiB';

/** xz and bzip2 are left to the system's own program of that name. Throws where it is not there, or the stream is damaged. */
export async function* throughProgram(source: AsyncIterable<Buffer>, program: 'xz' | 'bzip2'): AsyncGenerator<Buffer> {
  const child = spawn(program, program === 'xz' ? ['-dc', xzMemory] : ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const feeding = pipeline(Readable.from(source), child.stdin).catch(() => undefined);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const end = await ended;
    if (end instanceof Error) {
      const hint = `install ${program}, or decompress it yourself and give the result`;
      throw new VakthundError('EVIDENCE_READ', `the program ${program} is not there`, { cause: end, hint });
    }
    if (end !== 0) throw new VakthundError('EVIDENCE_READ', `the ${program} stream is damaged or cut`);
  } finally {
    child.kill();
    await feeding;
  }
}
