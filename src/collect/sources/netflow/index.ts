import { decodeJsonLines } from '../../json-lines.ts';
import { firstRecordKeys } from '../../json-keys.ts';
import { peek } from '../../peek.ts';
import { defineSource, type Batch, type DecodeContext, type Detection } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { csvDecoder, isNfdumpHeader } from './csv.ts';
import { dialectOf, jsonDecoder } from './json.ts';

export const source = defineSource({
  id: 'netflow',
  title: 'NetFlow and IPFIX',
  description:
    'Flow records that routers and probes exported, as text: CSV and JSON of nfdump 1.6 and 1.7, JSON of goflow2, pmacct, ' +
    'ipfixcol2 and YAF. Records of one direction are turned so that the client opens: a record from a port below 1024 to ' +
    'one above is an answer, and its bytes are those of the server. The binary files of nfcapd are not read.',
  references: [
    'https://github.com/phaag/nfdump',
    'https://github.com/netsampler/goflow2',
    'https://www.iana.org/assignments/ipfix/ipfix.xhtml',
  ],
  guide: ['B12'],
  emits: ['flow'],
  detect,
  decode,
});

function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.subarray(0, 4096)).toString('latin1');
  if (isNfdumpHeader(text.split(/\r?\n/, 1)[0] ?? '')) return 'certain';
  const isFlow = firstRecordKeys(head).some((keys) => dialectOf((key) => keys.has(key)) !== undefined);
  return isFlow || /^\s*\{\s*"flows"\s*:\s*\{[^}]{0,2000}"flowStartMilliseconds"/.test(text) ? 'certain' : undefined;
}

/** CSV has a state (its header), or begins with one; everything else is JSON. */
async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  if (context.start.state !== undefined) {
    yield* decodeTextLines(content, context, csvDecoder);
    return;
  }
  const isStart = context.start.byte === 0;
  const { head, content: all } = await peek(content, isStart ? 3 : 0);
  const isCsv = isStart && head.toString('latin1', 0, 3) === 'ts,';
  yield* isCsv ? decodeTextLines(all, context, csvDecoder) : decodeJsonLines(all, context, () => jsonDecoder);
}
