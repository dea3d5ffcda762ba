import { defineSource, type Batch, type DecodeContext } from '../../source.ts';
import { planBulk } from './bulk.ts';
import { detect, isJson } from './detect.ts';
import { decodeJson, jsonState } from './json.ts';
import { decodeTsv } from './tsv.ts';

export const source = defineSource({
  id: 'zeek',
  title: 'Zeek logs',
  description:
    'Every log that Zeek writes, as TSV (any separators; with `#` lines, or with a single line of names) and as JSON ' +
    '(one log a file, or a stream of many with `_path`; times as seconds, milliseconds or ISO 8601). The log is told by ' +
    '`#path`, `_path`, the file name, or its fields. Logs with a kind of their own go there; all others become log ' +
    'records with their fields. Renamed, missing and additional columns, headers that change in the middle, and the ' +
    'label columns of IoT-23 and SLIPS are read. Left out: binary writers (SQLite, Kafka).',
  references: [
    'https://docs.zeek.org/en/master/log-formats.html',
    'https://docs.zeek.org/en/master/script-reference/log-files.html',
  ],
  guide: ['B12', 'B14', 'B17', 'C17'],
  emits: [
    'flow',
    'dns',
    'http',
    'tls',
    'certificate',
    'file_transfer',
    'ssh',
    'dhcp',
    'quic',
    'smtp',
    'alert',
    'device',
    'log',
  ],
  detect,
  decode,
  bulk: planBulk,
});

async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const iterator = content[Symbol.asyncIterator]();
  let first = await iterator.next();
  while (first.done !== true && first.value.length === 0) first = await iterator.next();
  if (first.done === true) return;
  const whole = rejoined(first.value, iterator);
  const { state } = context.start;
  const isOfJson = state === undefined ? isJson(first.value) : state === jsonState;
  if (isOfJson) yield* decodeJson(whole, context);
  else yield* decodeTsv(whole, context);
}

async function* rejoined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
