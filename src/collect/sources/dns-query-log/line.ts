import { microsPerSecond, parseIsoMicros, type Micros } from '../../../base/time.ts';
import { monthNumber } from '../../yearless-clock.ts';

/** A line cut into its parts. */
export interface DnsLogLine {
  readonly program: 'dnsmasq' | 'named' | 'unbound';
  readonly pid: number | null;
  /** A whole time, or one without a year. */
  readonly time: Micros | { readonly month: number; readonly day: number; readonly clock: Micros };
  readonly level: string | null;
  readonly text: string;
  readonly isQuestion: boolean;
}

const dnsmasq =
  /^(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d) dnsmasq(?:-\w{1,10})?\[(?<pid>\d{1,10})\]: (?<text>.*)$/s;
const bind =
  /^(?:(?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d\.\d{3})|(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?)) (?<text>(?:[\w-]{1,40}: )?(?:(?<level>info|notice|warning|error|critical|debug(?: \d{1,3})?): )?(?:client |received |zone |managed|network |all zones|running|listening |shutting ).*)$/s;
/** Seconds, or with `log-time-ascii` a time without a year, or with its zone. */
const unbound =
  /^(?:\[(?<epoch>\d{9,11})\]|(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d)|(?<iso>\d{4}-\d\d-\d\dT\S{8,24})) unbound\[(?<pid>\d{1,10}):[\da-f]{1,4}\] (?<level>\w{1,12}): (?<text>.*)$/s;

/** The parts of a line of one of the servers; undefined for any other. */
export function readLine(line: string): DnsLogLine | undefined {
  return readDnsmasqLine(line) ?? readBindLine(line) ?? readUnboundLine(line);
}

function readDnsmasqLine(line: string): DnsLogLine | undefined {
  const parts = dnsmasq.exec(line)?.groups;
  const time = parts === undefined ? undefined : yearlessTime(parts);
  if (parts === undefined || time === undefined) return undefined;
  const { text = '' } = parts;
  return {
    program: 'dnsmasq',
    pid: Number(parts['pid']),
    time,
    level: null,
    text,
    isQuestion: text.includes('query['),
  };
}

function yearlessTime(parts: Readonly<Record<string, string>>): DnsLogLine['time'] | undefined {
  const month = monthNumber(parts['month'] ?? '');
  if (month === undefined) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = (parts['clock'] ?? '').split(':').map(Number);
  return { month, day: Number(parts['day']), clock: (hours * 3600 + minutes * 60 + seconds) * microsPerSecond };
}

function readBindLine(line: string): DnsLogLine | undefined {
  const parts = bind.exec(line)?.groups;
  if (parts === undefined) return undefined;
  const { day, year, clock, iso, level = null, text = '' } = parts;
  const month = monthNumber(parts['month'] ?? '');
  const written = iso ?? `${year}-${String(month).padStart(2, '0')}-${day}T${clock}Z`;
  const time = parseIsoMicros(written);
  if (time === undefined) return undefined;
  const isQuestion = text.includes(': query: ');
  return { program: 'named', pid: null, time, level, text: withoutHead(text), isQuestion };
}

/** Without the category and the level before it. */
function withoutHead(text: string): string {
  const at = text.indexOf('client ');
  return at > 0 && at < 60 ? text.slice(at) : text;
}

function readUnboundLine(line: string): DnsLogLine | undefined {
  const parts = unbound.exec(line)?.groups;
  if (parts === undefined) return undefined;
  const { epoch, iso, pid, level = null, text = '' } = parts;
  const time = epoch === undefined ? undefined : Number(epoch) * microsPerSecond;
  const written = time ?? (iso === undefined ? yearlessTime(parts) : parseIsoMicros(iso));
  if (written === undefined) return undefined;
  const isQuestion = / (?:IN|CH|ANY)(?: |$)/.test(text);
  return { program: 'unbound', pid: Number(pid), time: written, level, text, isQuestion };
}
