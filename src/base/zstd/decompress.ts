import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { ZstdFrames, type FramePart } from './frames.ts';

const chunkBytes = 1 << 20;

/**
 * A zstd stream, decompressed frame by frame: a decompressor of Node stops at the end of the first frame, without a word. Throws
 * where the stream is damaged or cut, after all that came before.
 */
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
      if (!part.isSkipped) yield* decompressFrame(frameFrom(part));
    }
  } finally {
    await source.return?.();
  }
}

async function* decompressFrame(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const transform = createZstdDecompress({ chunkSize: chunkBytes });
  const feeding = pipeline(Readable.from(source), transform).catch(() => undefined);
  try {
    yield* transform as AsyncIterable<Buffer>;
  } finally {
    transform.destroy();
    await feeding;
  }
}
