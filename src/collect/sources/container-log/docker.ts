import { quote, type ProblemList } from '../../../base/problem.ts';
import type { Mapping } from '../../../events/mapping.ts';
import { decodeJsonLines, type JsonDecoder } from '../../json-lines.ts';
import type { JsonTape } from '../../json-tape.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { compileTape } from '../../mapping/tape.ts';
import { tapeKeyHash, tapeTypes } from '../../tape-entries.ts';
import type { LineFormat, Piece } from './piece.ts';

/** Docker cuts lines into pieces of this many bytes (`daemon/logger/copier.go`). */
const pieceBytes = 16_384;

/** `encoding/json` of Go has put U+FFFD for what is no UTF-8 before we see it, so the text stands as it is. */
export const docker: LineFormat = {
  pieces: (content, context) => decodeJsonLines(content, context, recordDecoder),
  textOf: (joined) => joined.toWellFormed(),
  isCut: (lastPiece) => Buffer.byteLength(lastPiece) >= pieceBytes,
};

const mapping: Mapping<'log'> = {
  kind: 'log',
  columns: {
    time: { path: 'time', as: 'iso' },
    event_dataset: { constant: 'docker.json-file' },
    log_name: { path: 'stream', as: 'text' },
    message: { path: 'log', as: 'text' },
  },
};
const fromObject = compileMapping(mapping, { nested: true });
const logKey = tapeKeyHash('log');
const timeKey = tapeKeyHash('time');

function recordDecoder(tape: JsonTape): JsonDecoder {
  const fromTape = compileTape(mapping, tape);
  return {
    plain(line, problems) {
      const type = tape.type[tape.member(0, logKey)];
      const isText = type === tapeTypes.string || type === tapeTypes.escaped;
      const time = tape.member(0, timeKey);
      if (!isText || time < 0 || tape.type[time] === tapeTypes.null) return undefined;
      return fromTape((path, value) => tellBadValue(path, value, line, problems)) as Piece | undefined;
    },
    record(value, line, problems) {
      if (typeof value['log'] !== 'string') {
        const message = `a record is no container's output (it has no text as "log"): ${quote(JSON.stringify(value))}`;
        problems.add({ code: 'bad-record', at: { line }, message });
        return undefined;
      }
      if (value['time'] === undefined || value['time'] === null) {
        const message = `a record has no time: ${quote(JSON.stringify(value))}`;
        problems.add({ code: 'bad-record', at: { line }, message });
      }
      return fromObject(value, (path, bad) => tellBadValue(path, bad, line, problems)) as unknown as Piece;
    },
  };
}

function tellBadValue(path: string, value: unknown, line: number, problems: ProblemList): void {
  const message = `the value of ${path} does not fit its column: ${quote(JSON.stringify(value))}`;
  problems.add({ code: 'bad-value', at: { line }, message });
}
