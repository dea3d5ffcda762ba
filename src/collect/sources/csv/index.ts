import { rowOf, splitCsv } from '../../csv.ts';
import { hasTime } from '../../generic-record.ts';
import { peek } from '../../peek.ts';
import { defineSource, type Batch, type DecodeContext, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { dateOrderIn } from '../../written-time.ts';
import { csvLogDecoder } from './decode.ts';
import { headerOf, isSeparatorLine } from './header.ts';

export const source = defineSource({
  id: 'csv',
  title: 'Other CSV logs',
  description:
    'Comma-, semicolon-, tab- or bar-separated values with a header that no other source knows, when a column has the name of a ' +
    'time: each line is a log record, with the columns found as in `jsonl`. Fields in quotes may go on over lines. Whether the day or ' +
    'the month comes first in dates with slashes is told by one of the first of them that says it, or by a clock of twelve hours.',
  references: ['https://www.rfc-editor.org/rfc/rfc4180'],
  guide: ['B04'],
  emits: ['log'],
  detect,
  decode,
});

/** Bytes in which the dates of a log tell their order. */
const lookedAt = 65_536;

/** A header with a time, and under it a line with as many fields; where the header says little, that line must tell a time. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 16_384)).toString('utf8');
  const lines = text.split(/\r?\n/, 20).filter((line) => line.trim() !== '' && !isSeparatorLine(line));
  const header = headerOf(lines[0] ?? '');
  if (header === undefined) return undefined;
  const { separator, names, isPlain } = header;
  // A record may go on over lines.
  for (let count = 2; count <= Math.max(2, lines.length); count++) {
    const fields = splitCsv(lines.slice(1, count).join('\n'), separator);
    if (fields === undefined) continue;
    if (fields.length !== names.length) return undefined;
    return isPlain || hasTime(rowOf(names, fields) ?? {}) ? 'possible' : undefined;
  }
  return undefined;
}

async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const looked = await peek(content, lookedAt);
  const { order, example } = dateOrderIn(looked.head.toString('latin1'));
  if (
    context.start.byte === 0 &&
    order === undefined &&
    example !== undefined &&
    !/\d ?[AaPp][Mm]\b/.test(looked.head.toString('latin1'))
  ) {
    const message = `dates such as "${example}" do not tell whether the day or the month comes first; the day was taken`;
    yield { events: [], problems: [{ code: 'partly-seen', at: {}, message }], checkpoint: context.start };
  }
  yield* decodeTextLines(looked.content, context, (state) => csvLogDecoder(state, order));
}
