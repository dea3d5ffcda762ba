import { canonicalIp } from '../base/ip.ts';
import type { Micros } from '../base/time.ts';
import { newEvent, type EventRow, type VakthundEvent } from '../events/event.ts';
import { isObject } from './mapping/paths.ts';
import { isClock, writtenMicros, type DateOrder } from './written-time.ts';

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
  'created',
  'published',
  'asctime',
  'when',
  'day',
];
/** What the name of a time ends with where it is none of those. */
const timeEnd = /(?:time|timestamp|timestamp(?:utc|ms|ns)|date|(?:time|date)utc|_at)$/i;
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
  for (const name of names) if (rankOf(name) !== undefined) return true;
  return false;
}

/** Whether a record says when it happened. */
export function hasTime(record: Row): boolean {
  return timeOf(flatten(record)) !== undefined;
}

/**
 * A record of no known format as a log record: time, host, message, ends and user where it names them as most programs do.
 * All other values stay in `fields` under their own names. `hasTime` tells whether a time was found. `order` is that of dates which do not
 * tell it.
 */
export function genericEvent(
  record: Row,
  dataset: string,
  order?: DateOrder,
): { readonly event: VakthundEvent; readonly hasTime: boolean } {
  const event = newEvent('log') as EventRow;
  event['event_dataset'] = dataset;
  const flat = flatten(record);
  const time = timeOf(flat, order);
  if (time !== undefined) event['time'] = time.micros;
  const used = new Set<string>(time?.names);
  for (const [name, value] of flat) {
    const column = byName.get(plainName(name));
    if (column === undefined || event[column] !== null) continue;
    const converted = convert(column, value);
    if (converted === undefined) continue;
    event[column] = converted;
    used.add(name);
  }
  event['fields'] = leftover(record, flat, used);
  return { event: event as unknown as VakthundEvent, hasTime: time !== undefined };
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

interface FoundTime {
  readonly micros: Micros;
  /** Names of the values that it was read from. */
  readonly names: readonly string[];
}

/** The time in the value with the surest name. A day alone is taken where nothing says more, with a clock that stands apart. */
function timeOf(flat: ReadonlyMap<string, unknown>, order?: DateOrder): FoundTime | undefined {
  const ranked = [...flat]
    .flatMap(([name, value]) => {
      const rank = rankOf(name);
      return rank === undefined ? [] : [{ name, value, rank }];
    })
    .sort((a, b) => a.rank - b.rank);
  let day: { readonly name: string; readonly text: string } | undefined;
  for (const { name, value, rank } of ranked) {
    if (typeof value === 'string' && isDay(value, order)) {
      day ??= { name, text: value };
      continue;
    }
    // A number is a time only by a name that says so.
    const micros = rank >= endRank && typeof value !== 'string' ? undefined : writtenMicros(value, order);
    if (micros !== undefined) return { micros, names: [name] };
  }
  if (day === undefined) return undefined;
  const clock = ranked.find(({ value }) => typeof value === 'string' && isClock(value));
  const together = clock === undefined ? undefined : writtenMicros(`${day.text} ${String(clock.value)}`, order);
  if (clock !== undefined && together !== undefined) return { micros: together, names: [day.name, clock.name] };
  const micros = writtenMicros(day.text, order);
  return micros === undefined ? undefined : { micros, names: [day.name] };
}

/** A date without a clock. */
function isDay(text: string, order: DateOrder | undefined): boolean {
  return !text.includes(':') && /\D/.test(text) && writtenMicros(text, order) !== undefined;
}

/** Names inside of others (`event.time`) come after those of the record itself, names that only end as one come last. */
const innerRank = 100;
const endRank = 200;

function rankOf(name: string): number | undefined {
  const own = timeRanks.get(plainName(name));
  if (own !== undefined) return own;
  const path = name.replace(/\.\$date$/, '');
  const inner = timeRanks.get(plainName(path.slice(path.lastIndexOf('.') + 1)));
  if (inner !== undefined) return innerRank + inner;
  return timeEnd.test(name) ? endRank : undefined;
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

function leftover(record: Row, flat: ReadonlyMap<string, unknown>, used: ReadonlySet<string>): string | null {
  const isTaken = (name: string): boolean => flat.has(name) && used.has(name);
  const kept = Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    if (value === null || value === '' || value === undefined || isTaken(name)) return [];
    if (!isObject(value)) return [[name, value]];
    const inner = Object.entries(value).filter(([one]) => !isTaken(`${name}.${one}`));
    return inner.length === 0 ? [] : [[name, Object.fromEntries(inner)]];
  });
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
}
