import { readHead } from '../collect/open/content.ts';
import type { Checkpoint } from '../collect/source.ts';
import type { Commit } from '../store/store.ts';
import type { Fingerprint } from './fingerprint.ts';

/**
 * The place from which a grown content is to be read on. A last line that was cut is read again, whole; one that was
 * whole but had no line end yet is not.
 */
export function finished(print: Fingerprint, isCut: boolean, state: string | null = null): Commit['progress'] {
  const hasEnd = print.lastLineStart === print.size;
  const byte = isCut ? print.lastLineStart : print.size;
  const line = isCut || hasEnd ? print.lineEnds : print.lineEnds + 1;
  return { byte, line, state, isComplete: true };
}

/** Skips the line end that a whole last line has got since. */
export async function afterLineEnd(
  start: Checkpoint,
  open: (from: number) => AsyncIterable<Uint8Array>,
): Promise<Checkpoint> {
  if (start.byte === 0) return start;
  const around = await readHead(open(start.byte - 1), 2);
  return around[0] !== 10 && around[1] === 10 ? { ...start, byte: start.byte + 1 } : start;
}

/** A content from its byte `count` on. */
export async function* skipBytes(content: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of content) {
    if (chunk.length <= left) left -= chunk.length;
    else {
      yield left === 0 ? chunk : chunk.subarray(left);
      left = 0;
    }
  }
}
