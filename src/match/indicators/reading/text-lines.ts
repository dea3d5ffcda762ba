import type { Problem } from '../../../base/problem.ts';

/** Longest line that is kept. A list chooses the length of its lines; no entry comes near. */
export const maxLineChars = 64 * 1024;

export interface LineBatch {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly problems: readonly Problem[];
}

/**
 * Lines of a UTF-8 text without their ends and without a byte order mark, one batch a chunk. A longer line than
 * `maxLineChars` is left out whole and reported: half a value would be another value.
 */
export async function* readTextLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<LineBatch> {
  let carried = '';
  let isSkipping = false;
  let line = 1;
  for await (const text of readText(content)) {
    const lines = text.split('\n');
    const problems: Problem[] = [];
    lines[0] = isSkipping ? '' : carried + (lines[0] ?? '');
    carried = lines.pop() ?? '';
    if (lines.length > 0) isSkipping = false;
    if (carried.length > maxLineChars) {
      problems.push(tooLong(line + lines.length));
      carried = '';
      isSkipping = true;
    }
    if (lines.length === 0 && problems.length === 0) continue;
    yield { lines: lines.map((each, index) => cleaned(each, line + index, problems)), firstLine: line, problems };
    line += lines.length;
  }
  if (carried !== '') yield { lines: [cleaned(carried, line, [])], firstLine: line, problems: [] };
}

/** The content as pieces of text; bytes that are not UTF-8 become U+FFFD. */
export async function* readText(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: false });
  for await (const chunk of content) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function cleaned(text: string, line: number, problems: Problem[]): string {
  if (text.length <= maxLineChars) return text.endsWith('\r') ? text.slice(0, -1) : text;
  problems.push(tooLong(line));
  return '';
}

function tooLong(line: number): Problem {
  return {
    code: 'record-too-long',
    at: { line },
    message: `a line is longer than ${maxLineChars} characters; it was left out`,
  };
}
