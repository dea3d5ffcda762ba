import { parseIsoMicros } from '../../../base/time.ts';
import { newEvent } from '../../../events/event.ts';
import type { LineDecoder } from '../../text-lines.ts';

/** A level, a date with or without its year, a clock, a thread, a place in the source, and the text. */
const lineForm =
  /^(?<level>[IWEF])(?<year>\d{4})?(?<month>\d\d)(?<day>\d\d) (?<clock>\d\d:\d\d:\d\d\.\d{6}) {1,10}(?<thread>\d{1,10}) (?<place>[\w.+-]{1,200}:\d{1,9})\] ?(?<message>.*)$/su;
const createdAt = /^Log file created at: (?<year>\d{4})\/(?<month>\d\d)\//;
const machine = /^Running on machine: (?<host>\S{1,255})$/;
const otherHeader = /^(?:Application fingerprint|Running duration|Log line format)\b/;
const levels: Readonly<Record<string, string>> = { I: 'info', W: 'warning', E: 'error', F: 'fatal' };

/** What the header says, and the month of the last line: a smaller one begins a new year. */
interface Header {
  year: number;
  month: number;
  host: string | null;
}

export function statusDecoder(state: string | undefined): LineDecoder {
  const header = headerFrom(state);
  return {
    state: () => JSON.stringify(header),
    line(text) {
      const parts = lineForm.exec(text)?.groups;
      if (parts === undefined) return readHeader(text, header) ? [] : 'a line is not in the form of glog';
      const month = Number(parts['month']);
      if (parts['year'] !== undefined) header.year = Number(parts['year']);
      else if (month < header.month && header.month - month > 6) header.year++;
      header.month = month;
      const date = `${String(header.year).padStart(4, '0')}-${parts['month']}-${parts['day']}`;
      const time = parseIsoMicros(`${date}T${parts['clock']}Z`);
      if (time === undefined) return 'a line has no valid time';
      const event = newEvent('log');
      event.time = time;
      event.event_dataset = 'osquery.status';
      event.host_name = header.host;
      event.log_name = 'status';
      event.log_level = levels[parts['level'] ?? ''] ?? null;
      event.message = parts['message'] ?? null;
      event.fields = JSON.stringify({ thread: Number(parts['thread']), place: parts['place'] });
      return event;
    },
  };
}

function readHeader(text: string, header: Header): boolean {
  const created = createdAt.exec(text)?.groups;
  if (created !== undefined) {
    header.year = Number(created['year']);
    header.month = Number(created['month']);
    return true;
  }
  const host = machine.exec(text)?.groups?.['host'];
  if (host !== undefined) header.host = host;
  return host !== undefined || otherHeader.test(text);
}

/** A state comes from our own checkpoint; one that is damaged counts as none. */
function headerFrom(state: string | undefined): Header {
  const none: Header = { year: 1970, month: 1, host: null };
  if (state === undefined) return none;
  try {
    return { ...none, ...(JSON.parse(state) as Partial<Header>) };
  } catch {
    return none;
  }
}
