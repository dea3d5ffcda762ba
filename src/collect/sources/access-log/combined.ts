import { daysSince1970, microsPerDay, microsPerMinute, microsPerSecond, type Micros } from '../../../base/time.ts';
import { monthNumber } from '../../yearless-clock.ts';

/** A line of the common log format and its extensions, cut into its parts. */
export interface AccessLine {
  readonly virtualHost: string | undefined;
  readonly client: string;
  readonly user: string | undefined;
  readonly time: Micros;
  readonly request: string;
  readonly status: string;
  readonly bytes: string;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
  /** What stands behind, as it is; before it the proxies between us and the client, where the log names them in its place. */
  readonly rest: string;
}

/** A user may have blanks; a quote in quotes has a backslash before it. */
const form =
  /^(?:(?<virtual>[\w.*:[\]-]{1,255}) )?(?<client>[\w.:%-]{1,255})(?<proxies>(?:, ?[\w.:%-]{1,255}){1,16})? (?<ident>\S{1,64}) (?<user>[^[\]]{1,256}) \[(?<day>\d{1,2})\/(?<month>[A-Z][a-z]{2})\/(?<year>\d{4}):(?<clock>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,6}))? (?<zone>[-+]\d{4})\] "(?<request>(?:[^"\\]|\\.)*)" (?<status>\d{3}|-) (?<bytes>\d{1,15}|-)(?: "(?<referrer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)")?(?<rest> .*)?$/s;

/** The parts of a line; undefined for any other. */
export function readCombined(line: string): AccessLine | undefined {
  const parts = form.exec(line)?.groups;
  if (parts === undefined) return undefined;
  const time = timeOf(parts);
  if (time === undefined) return undefined;
  return {
    virtualHost: known(parts['virtual']),
    client: parts['client'] ?? '',
    user: known(parts['user']),
    time,
    request: unescape(parts['request'] ?? ''),
    status: parts['status'] ?? '',
    bytes: parts['bytes'] ?? '',
    referrer: known(parts['referrer']),
    userAgent: known(parts['agent']),
    rest: `${parts['proxies']?.slice(1) ?? ''}${parts['rest'] ?? ''}`.trim(),
  };
}

function timeOf(parts: Readonly<Record<string, string | undefined>>): Micros | undefined {
  const month = monthNumber(parts['month'] ?? '');
  const [hours = 0, minutes = 0, seconds = 0] = (parts['clock'] ?? '').split(':').map(Number);
  const day = Number(parts['day']);
  if (month === undefined || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const zone = parts['zone'] ?? '+0000';
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone.startsWith('-') ? -1 : 1);
  const days = daysSince1970(Number(parts['year']), month) + day - 1;
  const fraction = Number((parts['fraction'] ?? '').padEnd(6, '0'));
  return (
    days * microsPerDay +
    (hours * 3600 + minutes * 60 + seconds) * microsPerSecond +
    fraction -
    offset * microsPerMinute
  );
}

/** `-` stands for none. */
function known(text: string | undefined): string | undefined {
  return text === undefined || text === '-' || text === '' ? undefined : unescape(text);
}

/** `\"` and `\\` of Apache, `\x22` of nginx and Apache. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\(?:x(?<hex>[\da-fA-F]{2})|(?<sign>["\\]))/g, (whole, hex?: string, sign?: string) =>
      hex === undefined ? (sign ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .toWellFormed();
}
