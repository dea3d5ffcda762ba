import { createReadStream, statSync, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { messageOf, VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { formatBytes } from '../../base/bytes.ts';
import { decompressZstd, throughProgram, type Compression } from '../../base/decompress.ts';
import { asUtf8 } from '../utf16.ts';
import type { OpenLimits } from './limits.ts';

/** How the bytes of a file become its content. Text in UTF-16 is read as UTF-8. */
export type Packing = Compression | 'utf16';

const chunkBytes = 1 << 20;
const leastChunkBytes = 1 << 14;

/** Bytes of a file from an offset to its end, or to before `endByte`. Each chunk is the receiver's own. */
export async function* readFile(path: string, startByte = 0, endByte = Infinity): AsyncGenerator<Uint8Array> {
  if (endByte <= startByte) return;
  yield* createReadStream(path, {
    start: startByte,
    end: endByte - 1,
    highWaterMark: chunkFor(path, startByte),
  }) as AsyncIterable<Buffer>;
}

/**
 * As `readFile`, but a piece is the receiver's only until it asks for the next one: memory that is new for every piece makes the
 * garbage collector run more often than anything else does.
 */
export async function* readPieces(path: string, startByte = 0, endByte = Infinity): AsyncGenerator<Uint8Array> {
  if (endByte <= startByte) return;
  const bytes = chunkFor(path, startByte);
  const file = await open(path);
  // While one is worked on the other is filled.
  const buffers = [Buffer.allocUnsafeSlow(bytes), Buffer.allocUnsafeSlow(bytes)] as const;
  let place = startByte;
  const fill = (buffer: Buffer): Promise<{ buffer: Buffer; bytesRead: number }> => {
    const filled = file.read(buffer, 0, Math.min(buffer.length, endByte - place), place);
    // A fault is met when the piece is asked for, which may be long after it came.
    filled.catch(() => undefined);
    return filled;
  };
  let filling: Promise<unknown> | undefined;
  try {
    let next = fill(buffers[0]);
    for (let turn = 1; ; turn++) {
      const { buffer, bytesRead } = await next;
      if (bytesRead === 0) return;
      place += bytesRead;
      filling = next = fill(buffers[turn % 2] as Buffer);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // The reader may have stopped early: the memory is not to be written to after the file is closed.
    await filling?.catch(() => undefined);
    await file.close();
  }
}

/** No more memory than the rest of the file needs: a followed log is read a few lines at a time. */
function chunkFor(path: string, startByte: number): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  // Files of the kernel and pipes have no size.
  return size === 0 ? chunkBytes : Math.min(chunkBytes, Math.max(leastChunkBytes, size - startByte));
}

/**
 * Decompressed content of a file from its start. Damage and bombs end the content early with a problem; what came before
 * is delivered.
 */
export async function* readContent(
  path: string,
  compression: Packing,
  limits: OpenLimits,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none' || compression === 'utf16') {
    yield* compression === 'none' ? readFile(path) : asUtf8(readFile(path));
    return;
  }
  const source = createReadStream(path, { highWaterMark: chunkBytes });
  yield* decompress(source, compression, limits, onProblem);
}

async function* decompress(
  source: ReadStream,
  compression: Exclude<Compression, 'none'>,
  limits: OpenLimits,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<Uint8Array> {
  let outBytes = 0;
  try {
    for await (const chunk of unpacked(source, compression)) {
      outBytes += chunk.length;
      yield chunk;
      const ratio = outBytes / Math.max(1, source.bytesRead);
      if (outBytes > limits.suspiciousBytes && ratio > limits.suspiciousRatio) {
        onProblem({
          code: 'limit-reached',
          at: { byte: outBytes },
          message: `the stream expands ${Math.round(ratio)} times and was stopped after ${formatBytes(outBytes)}`,
          hint: 'decompress it yourself if you trust it, and give the result',
        });
        return;
      }
    }
  } catch (error) {
    onProblem(problemOf(error, compression, outBytes));
  } finally {
    source.destroy();
  }
}

async function* unpacked(source: ReadStream, compression: Exclude<Compression, 'none'>): AsyncGenerator<Buffer> {
  if (compression === 'zstd') yield* decompressZstd(source);
  else if (compression !== 'gzip') yield* throughProgram(source, compression);
  else {
    const gunzip = createGunzip({ chunkSize: chunkBytes });
    source.on('error', (error) => gunzip.destroy(error));
    source.pipe(gunzip);
    try {
      yield* gunzip as AsyncIterable<Buffer>;
    } finally {
      gunzip.destroy();
    }
  }
}

/** A program that is not there is no fault of the stream. */
function problemOf(error: unknown, compression: Compression, outBytes: number): Problem {
  if (error instanceof VakthundError && error.hint !== undefined) {
    return { code: 'unsupported', at: {}, message: error.message, hint: error.hint };
  }
  const message = `the ${compression} stream is damaged or cut after ${formatBytes(outBytes)}: ${messageOf(error)}`;
  return { code: 'decompress-failed', at: { byte: outBytes }, message };
}

/** The first `length` bytes of a decompressed file, and of a plain one no more is read. */
export async function readStart(
  { diskPath, compression }: { readonly diskPath: string; readonly compression: Packing },
  length: number,
  limits: OpenLimits,
  onProblem: (problem: Problem) => void = () => undefined,
): Promise<Buffer> {
  const content =
    compression === 'none' ? readFile(diskPath, 0, length) : readContent(diskPath, compression, limits, onProblem);
  return readHead(content, length);
}

/** The first `length` bytes of a content; fewer when it is shorter or damaged. */
export async function readHead(content: AsyncIterable<Uint8Array>, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}
