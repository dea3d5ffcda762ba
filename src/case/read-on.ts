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

/** Lines longer than this are not gone back to the start of. */
const longestLineBytes = 65_536;
const [newline, carriageReturn] = [10, 13];

/**
 * Where to go on in lines. A whole last line may have got its line end since: that is skipped. A line of free text (syslog) is a
 * record however much of it was written: when it went on, it is read again from its start, and only what was half of it stays too.
 * Records in brackets (JSON) are whole or are none, and may be followed by another on their line.
 */
export async function afterLineEnd(
  start: Checkpoint,
  open: (from: number) => AsyncIterable<Uint8Array>,
): Promise<Checkpoint> {
  if (start.byte === 0) return start;
  // Nearly always a whole line ended there: every look at a followed log asks.
  const [last, ...after] = await readHead(open(start.byte - 1), 3);
  if (last === newline || after.length === 0) return start;
  if (after[0] === newline) return { ...start, byte: start.byte + 1 };
  if (after[0] === carriageReturn && after[1] === newline) return { ...start, byte: start.byte + 2 };
  const from = Math.max(0, start.byte - longestLineBytes);
  const before = await readHead(open(from), start.byte - from);
  const lineStart = before.lastIndexOf(newline) + 1;
  if ((lineStart === 0 && from > 0) || isBracketed(before.subarray(lineStart))) return start;
  return { ...start, byte: from + lineStart, line: start.line - 1 };
}

function isBracketed(line: Buffer): boolean {
  return /^[\s\uFEFF]*[[{]/.test(line.toString('utf8', 0, 64));
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
