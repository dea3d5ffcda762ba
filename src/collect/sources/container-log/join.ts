import type { ProblemList } from '../../../base/problem.ts';
import type { LineFormat, Piece } from './piece.ts';

/** Longest line that is joined: a container chooses the length. What follows begins another event. */
export const maxJoinedCharacters = 1 << 20;
/** Pieces of both streams that may come while a line is open: all of them are read again after going on. */
export const maxOpenPieces = 10_000;

/** A line of which pieces are missing. */
interface OpenLine {
  readonly first: Piece;
  readonly messages: string[];
  characters: number;
  /** Number of its first piece. */
  readonly from: number;
}

/** Joins the pieces of lines. What it does depends on the pieces since the first open line began, and on nothing else. */
export class LineJoiner {
  readonly #format: LineFormat;
  /** Open line of each stream, the one that began first at the front. */
  readonly #open = new Map<string, OpenLine>();

  constructor(format: LineFormat) {
    this.#format = format;
  }

  /** Number of the first piece of the line that has been open longest; undefined when none is open. */
  get openFrom(): number | undefined {
    for (const line of this.#open.values()) return line.from;
    return undefined;
  }

  /** Takes piece number `index`; returns the lines that end by it, in the order in which they began. */
  take(piece: Piece, index: number, problems: ProblemList): Piece[] {
    const lines = this.#closeStale(index, problems);
    const stream = piece.log_name ?? '';
    const message = piece.message ?? '';
    const isEnd = message.endsWith('\n');
    let open = this.#open.get(stream);
    if (open !== undefined && open.characters + message.length > maxJoinedCharacters) {
      lines.push(this.#close(stream, open, problems));
      const what = `a line is longer than ${maxJoinedCharacters} characters; what follows is another event`;
      problems.add({ code: 'record-too-long', at: { line: open.first.evidence_at ?? 0 }, message: what });
      open = undefined;
    }
    if (open !== undefined) {
      open.messages.push(message);
      open.characters += message.length;
      if (isEnd) lines.push(this.#close(stream, open, problems));
    } else if (isEnd || !isJoined(stream)) {
      lines.push(this.#finish(piece, message, problems));
    } else {
      this.#open.set(stream, { first: piece, messages: [message], characters: message.length, from: index });
    }
    return lines;
  }

  /** The content ends: the open lines as they stand. */
  end(problems: ProblemList): Piece[] {
    return [...this.#open].map(([stream, open]) => {
      if (this.#format.isCut(open.messages.at(-1) ?? '')) {
        const message = `the content ends inside a line of ${stream}, which is kept as far as it goes`;
        problems.add({ code: 'truncated', at: { line: open.first.evidence_at ?? 0 }, message });
      }
      return this.#close(stream, open, problems);
    });
  }

  #closeStale(index: number, problems: ProblemList): Piece[] {
    if (this.#open.size === 0) return [];
    const stale = [...this.#open].filter(([, open]) => index - open.from >= maxOpenPieces);
    return stale.map(([stream, open]) => {
      const message = `a line of ${stream} does not end within ${maxOpenPieces} records; it is kept as far as it goes`;
      problems.add({ code: 'truncated', at: { line: open.first.evidence_at ?? 0 }, message });
      return this.#close(stream, open, problems);
    });
  }

  #close(stream: string, open: OpenLine, problems: ProblemList): Piece {
    this.#open.delete(stream);
    return this.#finish(open.first, open.messages.join(''), problems);
  }

  /** The event of a line: its first piece with the whole message, without its line end (`\r\n` where it has a terminal). */
  #finish(first: Piece, joined: string, problems: ProblemList): Piece {
    const end = joined.endsWith('\n') ? joined.length - 1 : joined.length;
    const text =
      end > 0 && end < joined.length && joined[end - 1] === '\r' ? joined.slice(0, end - 1) : joined.slice(0, end);
    first.message = this.#format.textOf(text, first.evidence_at ?? 0, problems);
    return first;
  }
}

/** Engines write no other streams, and one line is held for each. */
function isJoined(stream: string): boolean {
  return stream === 'stdout' || stream === 'stderr';
}
