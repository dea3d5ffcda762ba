import { charWidth, textWidth } from './text-width.ts';

/**
 * Lines of at most `width` columns, cut at blanks. A word is cut only when it is longer than a whole line, and then
 * rather after a mark that parts paths and addresses than anywhere.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    if (word === '') continue;
    for (const piece of textWidth(word) > width ? cutWord(word, width) : [word]) {
      const length = textWidth(piece);
      if (used > 0 && used + 1 + length > width) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += used === 0 ? piece : ` ${piece}`;
      used += used === 0 ? length : length + 1;
    }
  }
  if (used > 0) lines.push(line);
  return lines;
}

/** `first` before the first line, blanks of its width before the others. Nothing for an empty text. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = textWidth(first);
  return wrap(text, Math.max(width - indent, 8)).map((line, at) => `${at === 0 ? first : ' '.repeat(indent)}${line}`);
}

function cutWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const char of word) {
    const length = charWidth(char);
    if (used + length > width) {
      const at = lastMark(piece);
      pieces.push(piece.slice(0, at));
      piece = piece.slice(at);
      used = textWidth(piece);
    }
    piece += char;
    used += length;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** Where a piece is best cut: after a mark in its second half, else at its end. */
function lastMark(piece: string): number {
  for (let at = piece.length; at > piece.length / 2; at--) if (/[/:.,_&?=!-]/.test(piece.charAt(at - 1))) return at;
  return piece.length;
}
