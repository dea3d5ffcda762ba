import type { JsonObject } from '../../json-value.ts';
import { decodeJsonLines } from '../../json-lines.ts';
import { hasTime, hasTimeName } from '../../generic-record.ts';
import { firstRecordKeys } from '../../json-keys.ts';
import { isObject } from '../../mapping/paths.ts';
import { defineSource, type Detection } from '../../source.ts';
import { genericDecoder } from './decode.ts';

export const source = defineSource({
  id: 'jsonl',
  title: 'Other JSON logs',
  description:
    'JSON objects one after another or in a list that no other source knows, when they have a time: each is a log record. Time, host, ' +
    'level, message, user, addresses, ports and process are found by the names that most programs have for them; everything ' +
    'else stays in `fields`.',
  references: ['https://jsonlines.org/', 'https://www.elastic.co/guide/en/ecs/current/index.html'],
  guide: ['B04'],
  emits: ['log'],
  detect,
  decode: (content, context) => decodeJsonLines(content, context, () => genericDecoder()),
});

/** Lines that are looked at. */
const maxLines = 5;

/** A configuration or a document of JSON is no log: a record stands on one line or in a list of them, and has a time. */
function detect(_name: string, head: Uint8Array): Detection {
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (/^\s*\[\s*\{/.test(text)) return isTimedList(text, head) ? 'possible' : undefined;
  const isCut = head.length >= headBytes;
  const lines = text.split(/\r?\n/, maxLines + 1);
  // The last line is perhaps not whole.
  const whole = isCut && lines.length <= maxLines ? lines.slice(0, -1) : lines.slice(0, maxLines);
  const records = whole.filter((line) => line.trim() !== '').map(recordOf);
  const timed = records.filter((record) => record !== undefined && hasTime(record));
  // One large object is a document.
  const isDocument = records.length === 1 && text.length > maxLoneRecord;
  const isLog = timed.length > records.length / 2 && timed[0] === records[0];
  return isLog && !isDocument ? 'possible' : undefined;
}

/** Whether the first records of a list have times. Of a list that is longer than what is looked at only the names of values are told. */
function isTimedList(text: string, head: Uint8Array): boolean {
  try {
    const list = JSON.parse(text) as unknown[];
    return list.slice(0, maxLines).every((record) => isObject(record) && hasTime(record));
  } catch {
    return head.length >= headBytes && firstRecordKeys(head).every(hasTimeName);
  }
}

const maxLoneRecord = 16_384;
/** As much of a content as `detect` sees. */
const headBytes = 65_536;

function recordOf(line: string): JsonObject | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
}
