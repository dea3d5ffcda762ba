import { isUtf8 } from 'node:buffer';
import { ProblemList, quote } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { newEvent } from '../../../events/event.ts';
import { readLines } from '../../lines.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import type { LineFormat, Piece } from './piece.ts';

/**
 * Time, stream, and tags divided by colons of which the first is `F` (full) or `P` (partial):
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 */
export const criPrefix =
  /^(?<time>\d{4}-\d\d-\d\dT[\d:.Z+-]{6,40}) (?<stream>stdout|stderr) (?<tag>[FP])(?::\S{0,64})?(?: |$)/;

/** Enough pieces that a batch costs little, few enough that one is soon there. */
const batchPieces = 2048;

/**
 * Engines cut lines into pieces by bytes, also inside a character: messages are carried as one character a byte, and
 * become text when they are whole.
 */
export const cri: LineFormat = {
  pieces: readPieces,
  textOf(joined, line, problems) {
    if (isAscii(joined)) return joined;
    const bytes = Buffer.from(joined, 'latin1');
    if (!isUtf8(bytes)) {
      const message = 'a line is not valid UTF-8; the bytes that are not were replaced';
      problems.add({ code: 'bad-encoding', at: { line }, message });
    }
    return bytes.toString('utf8');
  },
  isCut: () => true,
};

async function* readPieces(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const problems = new ProblemList();
  let pieces: Piece[] = [];
  let { byte, line } = context.start;
  const batch = (): Batch => {
    const events = pieces;
    pieces = [];
    return { events, problems: problems.drain(), checkpoint: { byte, line } };
  };
  for await (const block of readLines(content, context)) {
    for (const problem of block.problems) problems.add(problem);
    const offset = block.endByte - block.bytes.length;
    for (let index = 0; index < block.count; index++) {
      const text = block.bytes.toString('latin1', block.starts[index], block.ends[index]);
      line = block.firstLine + index;
      const isLast = index + 1 === block.count;
      byte = isLast ? block.endByte : offset + (block.starts[index + 1] ?? 0);
      if (isLast && block.isUnterminated) tellUnterminated(text, line, problems);
      const piece = readPiece(text, line, problems);
      if (piece !== undefined) pieces.push(piece);
      if (pieces.length >= batchPieces) yield batch();
    }
    if (context.growing) yield batch();
  }
  yield batch();
}

function readPiece(text: string, line: number, problems: ProblemList): Piece | undefined {
  if (text === '') return undefined;
  const match = criPrefix.exec(text);
  const time = parseIsoMicros(match?.groups?.['time'] ?? '');
  if (match === null || time === undefined) {
    const shown = quote(Buffer.from(text.slice(0, 320), 'latin1').toString('utf8'));
    const message = `a line does not begin with time, stream and tag: ${shown}`;
    problems.add({ code: 'bad-record', at: { line }, message });
    return undefined;
  }
  const piece = newEvent('log');
  piece.time = time;
  piece.event_dataset = 'cri.log';
  piece.evidence_at = line;
  piece.log_name = match.groups?.['stream'] ?? null;
  const end = match.groups?.['tag'] === 'F' ? '\n' : '';
  piece.message = text.slice(match[0].length) + end;
  return piece;
}

function tellUnterminated(text: string, line: number, problems: ProblemList): void {
  const shown = quote(Buffer.from(text.slice(0, 320), 'latin1').toString('utf8'));
  problems.add({ code: 'truncated', at: { line }, message: `the last line has no end, and is kept: ${shown}` });
}

function isAscii(text: string): boolean {
  return !/[\u0080-\u00ff]/.test(text);
}
