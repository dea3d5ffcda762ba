import { canonicalIp } from '../base/ip.ts';
import { parseIsoMicros, type Micros } from '../base/time.ts';
import { newEvent, type EventRow, type VakthundEvent } from '../events/event.ts';
import { secondsOf } from './mapping/convert.ts';
import { isObject } from './mapping/paths.ts';
import { monthNumber } from './yearless-clock.ts';

type Row = Readonly<Record<string, unknown>>;

/** Names that a time goes by, the surest first; compared without case and signs. */
const timeNames = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'datetime',
  'eventtime',
  'createdat',
  'starttime',
  'date',
  'utctime',
  'timecreated',
  'timegenerated',
  'logtime',
  'epoch',
  'unixtime',
  't',
];
/** Our columns, and the names that other programs have for them. */
const columnNames: Readonly<Record<string, readonly string[]>> = {
  host_name: ['host', 'hostname', 'host.name', 'computer', 'node', 'agent.hostname', 'source_host'],
  log_level: ['level', 'severity', 'loglevel', 'log.level', 'priority'],
  log_name: ['logger', 'log_name', 'program', 'app', 'service', 'logger_name', 'component'],
  message: ['message', 'msg', 'text', 'log', 'event.original'],
  user_name: ['user', 'username', 'user.name', 'user_name', 'account'],
  source_ip: ['src_ip', 'source_ip', 'srcip', 'source.ip', 'client_ip', 'clientip', 'remote_addr', 'ip', 'src'],
  destination_ip: ['dst_ip', 'dest_ip', 'destination_ip', 'dstip', 'destination.ip', 'server_ip', 'dst'],
  source_port: ['src_port', 'source_port', 'srcport', 'source.port', 'sport'],
  destination_port: ['dst_port', 'dest_port', 'destination_port', 'dstport', 'destination.port', 'dport'],
  process_pid: ['pid', 'process.pid', 'process_id'],
  process_name: ['process', 'process.name', 'process_name', 'comm'],
  process_command_line: ['cmdline', 'command_line', 'process.command_line', 'commandline'],
  container_id: ['container_id', 'container.id'],
  container_name: ['container_name', 'container.name'],
};
const byName: ReadonlyMap<string, string> = new Map(
  Object.entries(columnNames).flatMap(([column, names]) =>
    names.map((name): [string, string] => [plainName(name), column]),
  ),
);
const timeRanks: ReadonlyMap<string, number> = new Map(timeNames.map((name, index) => [plainName(name), index]));

/** `Src-IP`, `src_ip` and `srcIp` are the same name. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '');
}

/** Whether one of the names is that of a time. */
export function hasTimeName(names: Iterable<string>): boolean {
  for (const name of names) if (timeRanks.has(plainName(name))) return true;
  return false;
}

/** Whether a record says when it happened. */
export function hasTime(record: Row): boolean {
  return timeKeyOf(flatten(record)) !== undefined;
}

/**
 * A record of no known format as a log record: time, host, message, ends and user where it names them as most programs do.
 * All other values stay in `fields` under their own names. `hasTime` tells whether a time was found.
 */
export function genericEvent(
  record: Row,
  dataset: string,
): { readonly event: VakthundEvent; readonly hasTime: boolean } {
  const event = newEvent('log') as EventRow;
  event['event_dataset'] = dataset;
  const flat = flatten(record);
  const timeKey = timeKeyOf(flat);
  if (timeKey !== undefined) event['time'] = microsOf(flat.get(timeKey)) ?? 0;
  const used = new Set<string>();
  for (const [name, value] of flat) {
    const column = byName.get(plainName(name));
    if (column === undefined || event[column] !== null) continue;
    const converted = convert(column, value);
    if (converted === undefined) continue;
    event[column] = converted;
    used.add(name);
  }
  event['fields'] = leftover(record, flat, used, timeKey);
  return { event: event as unknown as VakthundEvent, hasTime: timeKey !== undefined };
}

/** Values one level deep by dotted names: `host.name`. Deeper ones stay as they are. */
function flatten(record: Row): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(record)) {
    if (!isObject(value)) flat.set(name, value);
    else for (const [inner, one] of Object.entries(value)) if (!isObject(one)) flat.set(`${name}.${inner}`, one);
  }
  return flat;
}

function timeKeyOf(flat: ReadonlyMap<string, unknown>): string | undefined {
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const [name, value] of flat) {
    const rank = timeRanks.get(plainName(name));
    if (rank === undefined || rank >= bestRank || microsOf(value) === undefined) continue;
    best = name;
    bestRank = rank;
  }
  return best;
}

const accessTime =
  /^(?<day>\d{1,2})\/(?<month>[A-Za-z]{3})\/(?<year>\d{4})[: ](?<clock>\d\d:\d\d:\d\d) ?(?<zone>[-+]\d{4})?$/;
/** 1990: a smaller number is no time of a log. */
const firstSeconds = 631_152_000;

/** What a value says as a time; undefined when it says none, or one that no clock shows. */
function microsOf(value: unknown): Micros | undefined {
  const micros = anyMicros(value);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** ISO 8601, seconds, milliseconds, microseconds or nanoseconds since 1970, or the form of Apache. */
function anyMicros(value: unknown): Micros | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  const number = typeof text === 'string' && /^\d{9,19}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
  if (typeof number === 'number') return numberMicros(number);
  if (typeof text !== 'string') return undefined;
  const iso =
    parseIsoMicros(text.replace(/ UTC$| ?Z$/, 'Z')) ??
    parseIsoMicros(text.replace(/^(\S+) (\S+) ([-+]\d\d:?\d\d)$/, '$1 $2$3'));
  if (iso !== undefined) return iso;
  const parts = accessTime.exec(text)?.groups;
  const month = parts === undefined ? undefined : monthNumber(parts['month'] ?? '');
  if (parts === undefined || month === undefined) return undefined;
  const day = (parts['day'] ?? '').padStart(2, '0');
  return parseIsoMicros(
    `${parts['year']}-${String(month).padStart(2, '0')}-${day}T${parts['clock']}${parts['zone'] ?? 'Z'}`,
  );
}

function numberMicros(number: number): Micros | undefined {
  if (number < firstSeconds) return undefined;
  if (number >= 1e17) return Math.floor(number / 1000);
  if (number >= 1e14) return Math.floor(number);
  return secondsOf(number >= 1e11 ? number / 1000 : number);
}

function convert(column: string, value: unknown): string | number | undefined {
  if (column.endsWith('_port') || column.endsWith('_pid')) {
    const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
  }
  if (column === 'log_level' && typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return column.endsWith('_ip') ? canonicalIp(value) : value;
}

function leftover(
  record: Row,
  flat: ReadonlyMap<string, unknown>,
  used: ReadonlySet<string>,
  timeKey: string | undefined,
): string | null {
  const isTaken = (name: string): boolean => flat.has(name) && (used.has(name) || name === timeKey);
  const kept = Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    if (value === null || value === '' || value === undefined || isTaken(name)) return [];
    if (!isObject(value)) return [[name, value]];
    const inner = Object.entries(value).filter(([one]) => !isTaken(`${name}.${one}`));
    return inner.length === 0 ? [] : [[name, Object.fromEntries(inner)]];
  });
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
}
