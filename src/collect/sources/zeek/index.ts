import { defineSource, type Batch, type DecodeContext } from '../../source.ts';
import { planBulk } from './bulk.ts';
import { detect, isJson, isUndecided } from './detect.ts';
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
  const head: Uint8Array[] = [];
  let next = await iterator.next();
  while (next.done !== true) {
    head.push(next.value);
    if (!isUndecided(Buffer.concat(head))) break;
    next = await iterator.next();
  }
  const whole = rejoined(head, iterator);
  const { state } = context.start;
  const isOfJson = state === undefined ? isJson(Buffer.concat(head)) : state === jsonState;
  if (isOfJson) yield* decodeJson(whole, context);
  else yield* decodeTsv(whole, context);
}

async function* rejoined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
