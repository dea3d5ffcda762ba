import type { FileTree } from './tree.ts';

const chunkBytes = 2 ** 20;
/** No line of a package database is longer; what comes after it in the line is left out. */
const maxLineBytes = 2 ** 20;
const newline = 10;

/**
 * The lines of a file's first `maxBytes`, read piece by piece: neither the file nor its text is ever whole in memory, and no line
 * keeps more than itself. Without line ends; bytes that are no UTF-8 become U+FFFD. None for what cannot be read (the tree says why).
 */
export function* linesOf(tree: FileTree, path: string, maxBytes: number): Generator<string> {
  let carried: Buffer = Buffer.alloc(0);
  for (let at = 0; at < maxBytes;) {
    const chunk = tree.readAt(path, at, Math.min(chunkBytes, maxBytes - at));
    if (chunk === undefined || chunk.length === 0) break;
    at += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield carried.length === 0 ? chunk.toString('utf8', start, end) : endOf(carried, chunk.subarray(start, end));
      carried = Buffer.alloc(0);
      start = end + 1;
    }
    if (start < chunk.length && carried.length < maxLineBytes) {
      carried = Buffer.concat([carried, chunk.subarray(start)]);
    }
  }
  if (carried.length > 0) yield carried.toString('utf8', 0, maxLineBytes);
}

function endOf(carried: Buffer, rest: Buffer): string {
  return Buffer.concat([carried, rest]).toString('utf8', 0, maxLineBytes);
}
