import type { ProblemList } from '../../../base/problem.ts';
import type { EventOf } from '../../../events/event.ts';
import type { Batch, DecodeContext } from '../../source.ts';

/**
 * A record of an engine: a line that a container wrote, or a piece of one. The message of a piece that ends a line still
 * has the `\n` at its end; other pieces have none.
 */
export type Piece = EventOf<'log'>;

/** How an engine writes down lines. */
export interface LineFormat {
  /** Pieces of a content, as a source would hand over events. */
  pieces(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncIterable<Batch>;
  /** Text of a line from the joined messages of its pieces. */
  textOf(joined: string, line: number, problems: ProblemList): string;
  /** A line without its end is cut, rather than the last words of its container, when its last piece says so. */
  isCut(lastPiece: string): boolean;
}
