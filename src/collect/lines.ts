import type { Problem } from '../base/problem.ts';
import type { Checkpoint } from './source.ts';

/** Longest line that is kept whole. Longer ones are cut here and reported: an attacker chooses the length. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Whole lines in one piece of memory. The buffer belongs to the receiver only until it asks for the next block. */
export interface LineBlock {
  readonly bytes: Buffer;
  /** Line `i` of the block is `bytes[starts[i], ends[i])`, without `\n` and a `\r` before it. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** Number of the first line in the content, from 1. */
  readonly firstLine: number;
  /** Offset in the content just after the last line of the block, its line end included. */
  readonly endByte: number;
  /** Set on the last block when its last line has no line end. */
  readonly isUnterminated: boolean;
  readonly problems: readonly Problem[];
}

const newline = 10;
const carriageReturn = 13;

/**
 * Cuts a content into blocks of whole lines, one block per incoming chunk. A line over the bound is delivered cut, with
 * a problem, and its remainder skipped. With `growing`, a last line without its end is not delivered.
 */
export async function* readLines(
  content: AsyncIterable<Uint8Array>,
  options: { readonly start: Checkpoint; readonly growing: boolean; readonly maxBytes?: number },
): AsyncGenerator<LineBlock> {
  const maxBytes = options.maxBytes ?? maxLineBytes;
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  let skippedBytes = 0;
  let line = options.start.line;
  let byte = options.start.byte;

  const block = (bytes: Buffer, isUnterminated: boolean): LineBlock => {
    const problems: Problem[] = [];
    const cut = skippedBytes > 0;
    const endByte = byte + bytes.length + skippedBytes;
    const lines = indexLines(bytes);
    if (cut) problems.push(tooLong(line + 1, byte, (lines.ends[0] ?? 0) + skippedBytes, maxBytes));
    for (let index = cut ? 1 : 0; bytes.length > maxBytes && index < lines.count; index++) {
      const start = lines.starts[index] ?? 0;
      const length = (lines.ends[index] ?? 0) - start;
      if (length <= maxBytes) continue;
      problems.push(tooLong(line + 1 + index, byte + start + skippedBytes, length, maxBytes));
      lines.ends[index] = start + maxBytes;
    }
    const result: LineBlock = { bytes, ...lines, firstLine: line + 1, endByte, isUnterminated, problems };
    line += lines.count;
    byte = endByte;
    skippedBytes = 0;
    return result;
  };

  for await (const chunk of content) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const last = bytes.lastIndexOf(newline);
    if (last < 0) {
      const room = Math.max(0, maxBytes - carriedBytes);
      const kept = Math.min(room, bytes.length);
      if (kept > 0) carried.push(Buffer.from(bytes.subarray(0, kept)));
      carriedBytes += kept;
      skippedBytes += bytes.length - kept;
      continue;
    }
    let from = 0;
    if (skippedBytes > 0) {
      const end = bytes.indexOf(newline);
      skippedBytes += end;
      from = end;
    }
    const rest = bytes.subarray(from, last + 1);
    yield block(carriedBytes === 0 ? rest : Buffer.concat([...carried, rest]), false);
    const tail = bytes.subarray(last + 1);
    const kept = Math.min(tail.length, maxBytes);
    carried = kept > 0 ? [Buffer.from(tail.subarray(0, kept))] : [];
    carriedBytes = kept;
    skippedBytes = tail.length - kept;
  }
  if (carriedBytes > 0 && !options.growing) yield block(Buffer.concat(carried), true);
}

function tooLong(line: number, byte: number, length: number, maxBytes: number): Problem {
  const message = `a line of ${length} bytes is longer than ${maxBytes}; it was cut there`;
  return { code: 'record-too-long', at: { line, byte }, message };
}

function indexLines(bytes: Buffer): { starts: Int32Array; ends: Int32Array; count: number } {
  let starts = new Int32Array(Math.max(16, bytes.length >>> 7));
  let ends = new Int32Array(starts.length);
  let count = 0;
  let from = 0;
  while (from < bytes.length) {
    const found = bytes.indexOf(newline, from);
    const end = found < 0 ? bytes.length : found;
    if (count === starts.length) {
      starts = grown(starts);
      ends = grown(ends);
    }
    starts[count] = from;
    ends[count] = end > from && bytes[end - 1] === carriageReturn ? end - 1 : end;
    count++;
    from = end + 1;
  }
  return { starts, ends, count };
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
