import { microsPerSecond, parseIsoMicros, type Micros } from '../../../base/time.ts';
import { monthNumber } from '../../yearless-clock.ts';

/** A line cut into its parts. */
export interface SyslogLine {
  /** Facility and severity in one number; null where the line has none. */
  readonly priority: number | null;
  /** A whole time, or the parts of one without a year. */
  readonly time: Micros | { readonly month: number; readonly day: number; readonly clock: Micros };
  readonly host: string | null;
  readonly program: string | null;
  readonly pid: string | null;
  readonly text: string;
  /** RFC 5424 only. */
  readonly messageId?: string;
  readonly structured?: string;
}

const priorityStart = /^(?:\d{1,6} )?<(?<priority>\d{1,3})>/;
const bsdTime =
  /^(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?:(?<year>(?:19|20)\d\d) )?(?<clock>\d\d:\d\d:\d\d(?:\.\d{1,6})?):? /;
const isoTime = /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) /;
/** A host (which a file of one program may lack), and a program with or without its id. */
const hostAndTag =
  /^(?:(?<host>[^\s:[\]]{1,255}|\[?[\da-fA-F:.]{3,45}\]?) )?(?<program>[\w./@()+-]{1,128})(?:\[(?<pid>[\w.-]{1,32})\])?: ?/;
const hostOnly = /^(?<host>[^\s:[\]]{1,255}) /;

/** Line ends of the sender, as rsyslog writes control characters out: `#015` for the carriage return of a device, `#012`, `#000`. */
const escapedEnd = /(?:#0(?:00|12|15)){1,4}$/;

/** RFC 5424: version, time, host, program, process, message id and structured data. */
const newForm =
  /^1 (?<time>\S{1,40}) (?<host>\S{1,255}) (?<program>\S{1,48}) (?<pid>\S{1,128}) (?<id>\S{1,32}) (?<rest>[-[].*)$/s;
const structuredData =
  /^(?<data>-|(?:\[[^\s=\]"]{1,32}(?: [^\s=\]"]{1,32}="(?:\\.|[^"\\\]]){0,4096}"){0,64}\]){1,32})(?: \uFEFF?(?<text>.*))?$/s;

/** The parts of a line; undefined for one that begins with no time of syslog. */
export function readHead(line: string): SyslogLine | undefined {
  const start = priorityStart.exec(line);
  const priority = start === null ? null : Number(start.groups?.['priority']);
  const rest = line.slice(start?.[0].length ?? 0).replace(escapedEnd, '');
  if (priority !== null && priority > 191) return undefined;
  return readNew(rest, priority) ?? readOld(rest, priority);
}

function readNew(rest: string, priority: number | null): SyslogLine | undefined {
  const parts = priority === null ? undefined : newForm.exec(rest)?.groups;
  if (parts === undefined) return undefined;
  const { time = '', host, program, pid, id = '-', rest: last = '' } = parts;
  const data = structuredData.exec(last)?.groups;
  const micros = time === '-' ? 0 : parseIsoMicros(time);
  if (micros === undefined || data === undefined) return undefined;
  return {
    priority,
    time: micros,
    host: orNull(host),
    program: orNull(program),
    pid: orNull(pid),
    // rsyslog's own template for this form writes its message with the blank that stood behind the tag of the old one.
    text: (data['text'] ?? '').replace(/^ /, ''),
    ...(id === '-' ? {} : { messageId: id }),
    ...(data['data'] === '-' ? {} : { structured: data['data'] ?? '' }),
  };
}

function readOld(rest: string, priority: number | null): SyslogLine | undefined {
  const stamp = timeAt(rest);
  if (stamp === undefined) return undefined;
  const after = rest.slice(stamp.length);
  const tag = hostAndTag.exec(after);
  if (tag !== null) {
    const { host, program, pid } = tag.groups ?? {};
    const text = after.slice(tag[0].length);
    return { priority, time: stamp.time, host: host ?? null, program: program ?? null, pid: pid ?? null, text };
  }
  const host = hostOnly.exec(after);
  const text = after.slice(host?.[0].length ?? 0);
  return { priority, time: stamp.time, host: host?.groups?.['host'] ?? null, program: null, pid: null, text };
}

function timeAt(text: string): { readonly time: SyslogLine['time']; readonly length: number } | undefined {
  const iso = isoTime.exec(text);
  if (iso !== null) {
    const time = parseIsoMicros(iso.groups?.['time'] ?? '');
    return time === undefined ? undefined : { time, length: iso[0].length };
  }
  const old = bsdTime.exec(text);
  if (old === null) return undefined;
  const { month: name = '', day: dayText, clock: clockText = '', year } = old.groups ?? {};
  const month = monthNumber(name);
  const day = Number(dayText);
  const clock = clockOf(clockText);
  if (month === undefined || day < 1 || day > 31 || clock === undefined) return undefined;
  const whole = year === undefined ? undefined : parseIsoMicros(`${year}-${pad(month)}-${pad(day)}T${clockText}Z`);
  return { time: whole ?? { month, day, clock }, length: old[0].length };
}

/** `10:00:00.5` as microseconds of the day. */
function clockOf(text: string): Micros | undefined {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  if (hours > 23 || minutes > 59 || seconds >= 61) return undefined;
  return Math.round((hours * 3600 + minutes * 60 + seconds) * microsPerSecond);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

/** `-` stands for none. */
function orNull(text: string | undefined): string | null {
  return text === undefined || text === '-' ? null : text;
}
