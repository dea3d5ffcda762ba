import { quote } from '../../../base/problem.ts';
import { firstRecordKeys } from '../../json-keys.ts';
import { decodeJsonLines, type JsonDecoder } from '../../json-lines.ts';
import { addField, eventOfEntry } from '../../linux/journal/entry.ts';
import { messageKinds } from '../../linux/messages/interpret.ts';
import { defineSource } from '../../source.ts';

export const source = defineSource({
  id: 'journald-json',
  title: 'systemd journal as JSON',
  description:
    'What `journalctl -o json` and `-o json-pretty` write. The events are those of the `journald` source: log-ins, sudo, ' +
    'accounts, commands of cron, and log records for all other messages. Fields that are no text come as lists of bytes, ' +
    'and those that journalctl found too long are missing.',
  references: ['https://systemd.io/JOURNAL_EXPORT_FORMATS/'],
  guide: ['B03', 'B10'],
  emits: messageKinds,
  detect: (_name, head) =>
    firstRecordKeys(head).some((keys) => keys.has('__REALTIME_TIMESTAMP') || keys.has('__CURSOR'))
      ? 'certain'
      : undefined,
  decode: (content, context) => decodeJsonLines(content, context, () => decoder),
});

const decoder: JsonDecoder = {
  record(value, line, problems) {
    const fields = new Map<string, string | string[]>();
    for (const [name, one] of Object.entries(value)) for (const text of textsOf(one)) addField(fields, name, text);
    const time = fields.get('__REALTIME_TIMESTAMP');
    const micros = typeof time === 'string' && /^\d{1,16}$/.test(time) ? Number(time) : undefined;
    if (micros === undefined) {
      const message = `an entry has no time: ${quote(JSON.stringify(value))}`;
      problems.add({ code: 'bad-record', at: { line }, message });
    }
    return eventOfEntry(fields, micros ?? 0);
  },
};

/** Text, a list of bytes, or a list of either for a field that stands several times. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return value === null ? [] : [JSON.stringify(value)];
  const isBytes = value.length > 0 && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (isBytes) return [Buffer.from(value as number[]).toString('utf8')];
  return value.flatMap((entry) =>
    Array.isArray(entry) && entry.some(Array.isArray) ? [JSON.stringify(entry)] : textsOf(entry),
  );
}
