import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { csvLogDecoder, headerOf } from './decode.ts';

export const source = defineSource({
  id: 'csv',
  title: 'Other CSV logs',
  description:
    'Comma-, semicolon- or tab-separated values with a header that no other source knows, when a column has the name of a ' +
    'time: each line is a log record, with the columns found as in `jsonl`. Fields that go on over several lines are not read.',
  references: ['https://www.rfc-editor.org/rfc/rfc4180'],
  guide: ['B04'],
  emits: ['log'],
  detect,
  decode: (content, context) => decodeTextLines(content, context, csvLogDecoder),
});

/** A header with a time, and under it a line with as many fields. */
function detect(_name: string, head: Uint8Array): Detection {
  const [first = '', second = ''] = Buffer.from(head.subarray(0, 16_384)).toString('utf8').split(/\r?\n/, 2);
  const header = headerOf(first);
  return header !== undefined && header.fits(second) ? 'possible' : undefined;
}
