import type { Problem } from '../base/problem.ts';
import type { Checkpoint } from './source.ts';

/** Longest line that is kept whole. Longer ones are cut here and reported: an attacker chooses the length. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Whole lines in one piece of memory. All of it belongs to the receiver only until it asks for the next block. */
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
  const carried = new Carried();
  const index = new LineIndex();
  let skippedBytes = 0;
  let line = options.start.line;
  let byte = options.start.byte;

  const block = (bytes: Buffer, isUnterminated: boolean): LineBlock => {
    const problems: Problem[] = [];
    const cut = skippedBytes > 0;
    const endByte = byte + bytes.length + skippedBytes;
    const lines = index.of(bytes);
    if (cut) problems.push(tooLong(line + 1, byte, (lines.ends[0] ?? 0) + skippedBytes, maxBytes));
    for (let at = cut ? 1 : 0; bytes.length > maxBytes && at < lines.count; at++) {
      const start = lines.starts[at] ?? 0;
      const length = (lines.ends[at] ?? 0) - start;
      if (length <= maxBytes) continue;
      problems.push(tooLong(line + 1 + at, byte + start + skippedBytes, length, maxBytes));
      lines.ends[at] = start + maxBytes;
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
      const room = Math.max(0, maxBytes - carried.bytes);
      const kept = Math.min(room, bytes.length);
      carried.add(bytes.subarray(0, kept));
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
    if (carried.bytes > 0) carried.add(rest);
    yield block(carried.bytes === 0 ? rest : carried.take(), false);
    const tail = bytes.subarray(last + 1);
    const kept = Math.min(tail.length, maxBytes);
    carried.add(tail.subarray(0, kept));
    skippedBytes = tail.length - kept;
  }
  if (carried.bytes > 0 && !options.growing) yield block(carried.take(), true);
}

/** What of a line is there before the rest comes. The memory is used again for every block. */
class Carried {
  #buffer = Buffer.alloc(0);
  bytes = 0;

  add(piece: Buffer): void {
    const needed = this.bytes + piece.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.bytes);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.bytes);
    this.bytes = needed;
  }

  /** Everything, until the next `add`. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.bytes);
    this.bytes = 0;
    return taken;
  }
}

function tooLong(line: number, byte: number, length: number, maxBytes: number): Problem {
  const message = `a line of ${length} bytes is longer than ${maxBytes}; it was cut there`;
  return { code: 'record-too-long', at: { line, byte }, message };
}

/** Where the lines of a block begin and end. */
class LineIndex {
  #starts = new Int32Array(16);
  #ends = new Int32Array(16);

  /** Valid until the next block is asked about. */
  of(bytes: Buffer): { starts: Int32Array; ends: Int32Array; count: number } {
    let count = 0;
    let from = 0;
    while (from < bytes.length) {
      const found = bytes.indexOf(newline, from);
      const end = found < 0 ? bytes.length : found;
      if (count === this.#starts.length) this.#grow();
      this.#starts[count] = from;
      this.#ends[count] = end > from && bytes[end - 1] === carriageReturn ? end - 1 : end;
      count++;
      from = end + 1;
    }
    return { starts: this.#starts, ends: this.#ends, count };
  }

  #grow(): void {
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
