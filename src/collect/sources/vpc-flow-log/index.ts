import { defineSource, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { decoder } from './decode.ts';
import { columnsOf, defaultColumns, valuesOf } from './line.ts';

export const source = defineSource({
  id: 'vpc-flow-log',
  title: 'Flow logs of AWS VPC',
  description:
    'Flow logs of virtual networks at AWS as text: all fields of versions 2 to 10 in any order under their header line, and the default ' +
    'fields of version 2 without one, as exports from CloudWatch have them, with or without a time before each line. A record is ' +
    'one direction: that of the answerer is turned so that the client opens, by the TCP flags where they are logged and else by the ports. ' +
    'What was rejected is a flow without an answer; records that AWS skipped are told. Files in Parquet are not read.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html'],
  guide: ['B12'],
  emits: ['flow'],
  detect,
  decode: (content, context) => decodeTextLines(content, context, decoder),
});

/** Lines that are looked at where there is no header. */
const maxLines = 20;

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 16_384)).toString('latin1');
  const [first = '', ...rest] = text.split(/\r?\n/, maxLines);
  if (columnsOf(first) !== undefined) return 'certain';
  // The last line may be cut.
  const lines = rest.length > 1 ? [first, ...rest.slice(0, -1)] : [first];
  const fitting = lines.filter((line) => line !== '' && valuesOf(line, defaultColumns) !== undefined);
  return fitting.length > 0 && fitting.length >= lines.length * 0.7 ? 'certain' : undefined;
}
