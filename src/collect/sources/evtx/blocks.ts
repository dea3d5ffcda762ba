import { chunkBytes, startsAsChunk } from './chunk.ts';
import { fileHeaderBytes } from './file-header.ts';

/** A part of the file as it is laid out: the header, or a chunk. Only the last one may be cut. */
export interface Block {
  readonly bytes: Buffer;
  /** Offset in the content. */
  readonly byte: number;
  readonly isHeader: boolean;
}

const markBytes = 8;

/**
 * Cuts a content into header and chunks. A content that begins with a chunk (carved out of a disk) has no header. The
 * block's bytes are valid until the next is asked for.
 */
export async function* readBlocks(content: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<Block> {
  const memory = Buffer.alloc(chunkBytes);
  let filled = 0;
  let byte = start;
  let isHeader = start === 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length;) {
      if (isHeader && filled === markBytes && startsAsChunk(memory)) isHeader = false;
      const size = isHeader ? fileHeaderBytes : chunkBytes;
      // The first bytes tell whether it is a header.
      const target = isHeader && filled < markBytes ? markBytes : size;
      const taken = Math.min(target - filled, piece.length - from);
      memory.set(piece.subarray(from, from + taken), filled);
      from += taken;
      filled += taken;
      if (filled < size) continue;
      yield { bytes: memory, byte, isHeader };
      byte += filled;
      filled = 0;
      isHeader = false;
    }
  }
  if (filled > 0) yield { bytes: memory.subarray(0, filled), byte, isHeader };
}
