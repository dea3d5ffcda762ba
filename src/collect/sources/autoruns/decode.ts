import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import { newEvent, type EventRow, type VakthundEvent } from '../../../events/event.ts';
import { rowOf, splitCsv } from '../../csv.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { writtenMicros } from '../../written-time.ts';
import { registryPath } from '../../windows/paths.ts';

type Row = Readonly<Record<string, string>>;

interface Header {
  readonly separator: string;
  readonly names: readonly string[];
}

/** The header of autorunsc; undefined for any other line. */
export function headerOf(line: string): Header | undefined {
  for (const separator of [',', '\t']) {
    const names = splitCsv(line.replace(/^\uFEFF/, '').trimEnd(), separator);
    const isHeader = names?.[0] === 'Time' && names[1] === 'Entry Location' && names.includes('Launch String');
    if (isHeader) return { separator, names };
  }
  return undefined;
}

/** Lines before the header are the banner of the program. */
export function autorunsDecoder(): LineDecoder {
  let header: Header | undefined;
  return {
    line(text, line, problems) {
      if (header === undefined) {
        header = headerOf(text);
        return [];
      }
      const fields = splitCsv(text, header.separator);
      const row = fields === undefined ? undefined : rowOf(header.names, fields);
      if (row === undefined) return 'a line has not the columns of its header';
      // A place with nothing in it has a line of its own.
      if ((row['Entry'] ?? '') === '' && (row['Image Path'] ?? '') === '') return [];
      const { Time: time = '' } = row;
      // What is not on the disk has no time.
      if (time !== '' && timeOf(time) === undefined) {
        problems.add({ code: 'bad-record', at: { line }, message: 'an entry has no time that is known' });
      }
      return eventOf(row);
    },
  };
}

const taskTypes: ReadonlyMap<string, string> = new Map([
  ['Tasks', 'task'],
  ['Services', 'service'],
  ['Drivers', 'service'],
  ['WMI', 'subscription'],
]);
const registryRoot = /^HK(?:LM|CU|CR|U|EY_)/;

function eventOf(row: Row): VakthundEvent {
  const type = taskTypes.get(row['Category'] ?? '');
  const location = row['Entry Location'] ?? '';
  if (type !== undefined) return taskOf(row, type);
  return registryRoot.test(location) ? registryOf(row, location) : logOf(row);
}

function taskOf(row: Row, type: string): VakthundEvent {
  const event = newEvent('scheduled_task');
  event.event_action = row['Enabled'] === 'disabled' ? 'disabled' : 'enabled';
  event.task_type = type;
  event.task_name = known(row['Entry']);
  event.task_command = known(row['Launch String']) ?? known(row['Image Path']);
  return finish(event as unknown as EventRow, row, ['Entry', 'Launch String']);
}

function registryOf(row: Row, location: string): VakthundEvent {
  const event = newEvent('registry');
  const { hive, key } = registryPath(location, false);
  event.event_action = 'changed';
  event.registry_path = `${location}\\${row['Entry'] ?? ''}`;
  event.registry_hive = hive;
  event.registry_key = key;
  event.registry_value = known(row['Entry']);
  event.registry_data = known(row['Launch String']) ?? known(row['Image Path']);
  return finish(event as unknown as EventRow, row, ['Entry', 'Launch String', 'Entry Location']);
}

function logOf(row: Row): VakthundEvent {
  const event = newEvent('log');
  event.log_name = known(row['Category']);
  event.message = [row['Entry Location'], row['Entry'], row['Launch String']].filter((part) => part !== '').join(' ');
  return finish(event as unknown as EventRow, row, ['Entry', 'Launch String', 'Entry Location']);
}

function finish(event: EventRow, row: Row, taken: readonly string[]): VakthundEvent {
  event['time'] = timeOf(row['Time'] ?? '') ?? 0;
  event['event_dataset'] = 'autoruns';
  const kept = Object.entries(row).filter(([name, value]) => value !== '' && !taken.includes(name));
  event['fields'] = JSON.stringify(Object.fromEntries(kept));
  return event as unknown as VakthundEvent;
}

function known(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

const compact = /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)-(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/;

/**
 * `20260301-100000` (UTC, with `-t`), or local time as the machine's country writes it, which is taken as UTC: `3/1/2026 10:00 AM`,
 * `01.03.2026 10:00`.
 */
function timeOf(text: string): Micros | undefined {
  const parts = compact.exec(text)?.groups;
  // The program writes dates with slashes as Windows does in the United States, whatever the clock.
  if (parts === undefined) return writtenMicros(text, 'month-first');
  const { year, month, day, hour, minute, second } = parts;
  return parseIsoMicros(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
