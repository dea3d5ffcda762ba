import { kindIds } from '../../../events/event.ts';
import { defineSource, type Detection } from '../../source.ts';
import { planBulk } from './bulk.ts';
import { headerlessFields } from './header.ts';
import { decodeJson } from './json.ts';
import { logOfName } from './logs.ts';
import { decodeTsv } from './tsv.ts';

const openBrace = 123;

export const source = defineSource({
  id: 'zeek',
  title: 'Zeek logs',
  description:
    'Every log that Zeek writes, as TSV (any separators; with `#` lines, or with a single line of names) and as JSON (one log a file, or a stream of many with `_path`; times as seconds, milliseconds or ISO 8601). The log is told by `#path`, `_path`, the file name, or its fields. Logs with a kind of their own go there; all others become log records with their fields. Renamed, missing and additional columns, headers that change in the middle and labelled logs are read. Left out: logs in the binary format of other stores.',
  references: [
    'https://docs.zeek.org/en/master/log-formats.html',
    'https://docs.zeek.org/en/master/script-reference/log-files.html',
  ],
  guide: ['B14', 'B12', 'B17', 'C17'],
  emits: kindIds.filter((kind) =>
    [
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
    ].includes(kind),
  ),
  detect,
  decode(content, context) {
    return decode(content, context);
  },
  bulk: planBulk,
});

async function* decode(...[content, context]: Parameters<typeof decodeTsv>): ReturnType<typeof decodeTsv> {
  const iterator = content[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const whole = (async function* () {
    yield first.value;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  })();
  if (firstByte(first.value) === openBrace) yield* decodeJson(whole, context);
  else yield* decodeTsv(whole, context);
}

function firstByte(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && (bytes[at] === 32 || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 9)) at++;
  return bytes[at] ?? 0;
}

function detect(name: string, head: Uint8Array): Detection {
  if (firstByte(head) === openBrace) return detectJson(name, head);
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16_384)).toString('latin1');
  if (/^(?:#[^\n]{0,300}\r?\n){0,3}#separator /.test(text)) return 'certain';
  if (/^(?:#[^\n]{0,300}\r?\n){0,20}#fields\S/m.test(text)) return 'certain';
  const end = text.indexOf('\n');
  const line = text.slice(0, end < 0 ? undefined : end).replace(/\r$/, '');
  if (headerlessFields(line) !== undefined) return 'certain';
  // A log whose beginning is missing: its name and its first cell, a time, tell; decoding says what is wrong.
  return logOfName(name) !== undefined && /^\d{9,10}\.\d{6}\t/.test(line) ? 'likely' : undefined;
}

function detectJson(name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16_384)).toString('utf8').trimStart();
  const line = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  const has = (key: string): boolean => line.includes(`"${key}"`);
  if (!has('ts')) return undefined;
  if (has('_path') || has('id.orig_h') || (has('uid') && has('id'))) return 'certain';
  return logOfName(name) !== undefined || has('fuid') || has('conn_state') ? 'likely' : undefined;
}
