/** A part of a text: whole lines, or of very long ones what stands around a place. */
export interface Excerpt {
  readonly text: string;
  /** Line of its first character, from 1. */
  readonly line: number;
}

/** Bytes of a line to both sides of a place: twice as long as the longest value that is looked for. */
const maxReach = 4096;
/** Close places are read as one text, which grows no further than this. */
const maxExcerpt = 2 ** 20;
const newline = 10;

/** The lines in which places stand, one character for each byte; places must ascend. Lines that touch are told as one. */
export function* linesAround(bytes: Buffer, places: Iterable<number>): Generator<Excerpt> {
  let open: { from: number; to: number } | undefined;
  const counter = { line: 1, at: 0 };
  for (const place of places) {
    if (open !== undefined && place < open.to - (bytes[open.to] === newline ? 0 : maxReach / 2)) continue;
    const [from, to] = around(bytes, place);
    if (open !== undefined && from <= open.to && to - open.from <= maxExcerpt) {
      open.to = to;
      continue;
    }
    if (open !== undefined) yield excerpt(bytes, open, counter);
    open = { from, to };
  }
  if (open !== undefined) yield excerpt(bytes, open, counter);
}

function around(bytes: Buffer, place: number): [from: number, to: number] {
  const least = Math.max(0, place - maxReach);
  const before = bytes.subarray(least, place).lastIndexOf(newline);
  let from = least === 0 ? 0 : edge(bytes, least, 1);
  if (before >= 0) from = least + before + 1;
  const end = bytes.subarray(place, place + maxReach).indexOf(newline);
  if (end >= 0) return [from, place + end];
  const most = Math.min(bytes.length, place + maxReach);
  return [from, most === bytes.length ? most : edge(bytes, most - 1, -1) + 1];
}

/** The next place that is in no word: one that is cut would look like another. One that is longer than any value is cut. */
function edge(bytes: Buffer, at: number, step: 1 | -1): number {
  for (let moved = 0; moved < maxReach / 4; moved++) {
    if (!isWord(bytes[at + moved * step] ?? 0)) return at + moved * step;
  }
  return at;
}

/** Letters, digits and `_ - . @`: what values begin and end at. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    ((code | 32) >= 97 && (code | 32) <= 122) ||
    '_-.@'.includes(String.fromCodePoint(code))
  );
}

function excerpt(
  bytes: Buffer,
  { from, to }: { from: number; to: number },
  counter: { line: number; at: number },
): Excerpt {
  for (let at = bytes.indexOf(newline, counter.at); at >= 0 && at < from; at = bytes.indexOf(newline, at + 1)) {
    counter.line++;
    counter.at = at + 1;
  }
  return { text: bytes.toString('latin1', from, to), line: counter.line };
}
