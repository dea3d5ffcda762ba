import categories from '../data/syscall-categories.json' with { type: 'json' };
import { errorName } from '../../../linux/names.ts';
import { eventFlag, type EventType } from '../format/event-table.ts';
import { argumentsText, parameterText } from '../params/text.ts';
import type { ScapRecord } from '../record.ts';
import { descriptorType } from '../state/descriptor.ts';
import { openFlag } from '../state/apply/files.ts';
import { descriptorOf } from './descriptor-fields.ts';
import { flag, indexOf, number, text, type Field, type FieldSource } from './field.ts';

const syscallCategories = new Map(
  Object.entries(categories).flatMap(([category, names]) => names.split(' ').map((name) => [name, category] as const)),
);

/** Nanoseconds since 1970. */
export function timeOf(record: ScapRecord): bigint {
  return (BigInt(record.timeHigh) << 32n) | BigInt(record.timeLow);
}

/** What the call returned: its result, or the descriptor that it made. NaN when the event has neither. */
function result(record: ScapRecord): number {
  const index = resultIndex(record);
  return index < 0 ? Number.NaN : record.int(index);
}

function resultIndex(record: ScapRecord): number {
  const { type } = record;
  const first = type.parameters[0]?.name;
  if (first === 'res') return record.parameterCount > 0 ? 0 : -1;
  const makesDescriptor = !type.isEnter && (type.flags & eventFlag['creates-fd']) !== 0;
  return makesDescriptor && first === 'fd' && record.parameterCount > 0 ? 0 : -1;
}

function resultText(record: ScapRecord): string | undefined {
  const value = result(record);
  if (Number.isNaN(value)) return undefined;
  return value >= 0 ? 'SUCCESS' : (errorName(-value) ?? String(value));
}

/** Calls on descriptors are named after what the descriptor is. */
function category(record: ScapRecord): string {
  const own = record.type.id < 2 ? (syscallCategories.get(record.name) ?? 'other') : record.type.category;
  return own.startsWith('io-') ? descriptorCategory(record) : own;
}

function descriptorCategory(record: ScapRecord): string {
  const { descriptor } = record;
  if (descriptor === undefined) return 'unknown';
  if (descriptor.isFile || descriptor.type === descriptorType.directory) return 'file';
  if (descriptor.isInternet) return 'net';
  return interprocess.has(descriptor.type) ? 'ipc' : 'unknown';
}
const interprocess: ReadonlySet<number> = new Set([
  descriptorType.pipe,
  descriptorType.unix,
  descriptorType.event,
  descriptorType.signal,
  descriptorType.inotify,
]);

function isTransfer({ category: name }: EventType): boolean {
  return name.startsWith('io-');
}

/** Not the bookkeeping of the capture, nor the switching of threads. */
function isCall({ name, flags, category: group }: EventType): boolean {
  return name !== 'switch' && group !== 'internal' && (flags & eventFlag['skip-state']) === 0;
}

/** Bytes that a call read or wrote. */
function bufferLength(record: ScapRecord): number | undefined {
  if (record.descriptor === undefined || record.type.isEnter || !isTransfer(record.type)) return undefined;
  const value = record.int(0);
  return value >= 0 ? value : undefined;
}

const has =
  (mask: number) =>
  ({ type }: ScapRecord): boolean =>
    (type.flags & mask) !== 0;

/** Position of the flags of a call that opened a file. The permissions follow them. */
const openFlagsAt: Readonly<Record<string, number>> = {
  SYSCALL_OPEN_X: 2,
  SYSCALL_OPENAT_E: 2,
  SYSCALL_OPENAT_2_X: 3,
  SYSCALL_OPENAT2_X: 3,
  SYSCALL_OPEN_BY_HANDLE_AT_X: 2,
};
const executable = 0o111;

function opens(record: ScapRecord, bits: number): boolean {
  const index = openFlagsAt[record.type.key];
  return index !== undefined && (record.uint(index) & bits) !== 0;
}

/** A file was created that may be executed. */
function opensExecutable(record: ScapRecord): boolean {
  const { key } = record.type;
  if (key === 'SYSCALL_CREAT_X') return (record.uint(2) & executable) !== 0;
  const index = openFlagsAt[key];
  if (index === undefined || key === 'SYSCALL_OPEN_BY_HANDLE_AT_X') return false;
  const isCreated = (record.uint(index) & (openFlag.create | openFlag.temporary)) !== 0;
  return isCreated && (record.uint(index + 1) & executable) !== 0;
}

/** A parameter by name or position, as what it stands for where that says more. */
function argument(name: string): Field {
  const position = indexOf(name);
  return text((record) => {
    const index = position ?? record.indexOf(name);
    if (index < 0 || index >= record.parameterCount) return undefined;
    const { raw, resolved } = parameterText(record, index, record.system);
    return resolved === '' ? raw : resolved;
  });
}

const textTypes: ReadonlySet<string> = new Set(['CHARBUF', 'FSPATH', 'FSRELPATH']);
const byteTypes: ReadonlySet<string> = new Set(['BYTEBUF', 'SOCKADDR', 'SOCKTUPLE', 'FDLIST', 'DYN']);

/** A parameter as it came: a number, a text or bytes. */
function rawArgument(name: string): Field {
  const get = (record: ScapRecord): string | number | bigint | Uint8Array | undefined => {
    const index = record.indexOf(name);
    const type = record.type.parameters[index]?.type;
    if (index < 0 || type === undefined || record.lengthOf(index) === 0) return undefined;
    if (textTypes.has(type)) return record.text(index);
    if (byteTypes.has(type)) return record.data(index);
    return type.startsWith('UINT64') ? record.big(index) : record.int(index);
  };
  return { type: 'any', get };
}

const buffer: Field = {
  type: 'any',
  get: (record) => {
    const index = record.indexOf('data');
    return index < 0 ? undefined : record.data(index);
  },
};

const withName =
  (make: (name: string) => Field): FieldSource =>
  (name) =>
    name === undefined ? undefined : make(name);

const clock = (record: ScapRecord): string => isoTime(record).slice(11, 29);

function isoTime(record: ScapRecord): string {
  const time = timeOf(record);
  const millis = Number(time / 1_000_000n);
  const seconds = new Date(Math.min(millis, 8.64e15)).toISOString().slice(0, 19);
  return `${seconds}.${(time % 1_000_000_000n).toString().padStart(9, '0')}+0000`;
}

export const eventFields: Readonly<Record<string, FieldSource>> = {
  'evt.num': number((record) => record.number),
  'evt.time': text(clock),
  'evt.time.s': text((record) => clock(record).slice(0, 8)),
  'evt.time.iso8601': text(isoTime),
  'evt.datetime': text((record) => isoTime(record).slice(0, 29).replace('T', ' ')),
  'evt.datetime.s': text((record) => isoTime(record).slice(0, 19).replace('T', ' ')),
  'evt.rawtime': number(timeOf),
  'evt.rawtime.s': number((record) => timeOf(record) / 1_000_000_000n),
  'evt.rawtime.ns': number((record) => timeOf(record) % 1_000_000_000n),
  'evt.hostname': text(({ system }) => (system.hostName === '' ? undefined : system.hostName)),
  'evt.source': text(() => 'syscall'),
  'evt.is_async': flag(({ type }) => type.kind === 'metaevent'),
  'evt.dir': text(({ type }) => (type.isEnter ? '>' : '<')),
  'evt.type': text((record) => record.name),
  'syscall.type': text((record) => (isCall(record.type) ? record.name : undefined)),
  'evt.category': text(category),
  'evt.cpu': number(({ cpu }) => cpu),
  'evt.args': text((record) => argumentsText(record, record.system)),
  'evt.info': text((record) => argumentsText(record, record.system)),
  'evt.arg': withName(argument),
  'evt.rawarg': withName(rawArgument),
  'evt.buffer': buffer,
  'evt.buflen': number(bufferLength),
  'evt.res': text(resultText),
  'evt.rawres': number((record) => {
    const value = result(record);
    return Number.isNaN(value) ? undefined : value;
  }),
  'evt.failed': flag((record) => result(record) < 0),
  'evt.is_io': flag(has(eventFlag.reads | eventFlag.writes)),
  'evt.is_io_read': flag(has(eventFlag.reads)),
  'evt.is_io_write': flag(has(eventFlag.writes)),
  'evt.io_dir': text(({ type }) => {
    if ((type.flags & eventFlag.writes) !== 0) return 'write';
    return (type.flags & eventFlag.reads) !== 0 ? 'read' : undefined;
  }),
  'evt.is_wait': flag(has(eventFlag.waits)),
  'evt.is_syslog': flag(
    (record) => has(eventFlag.writes)(record) && descriptorOf(record)?.name.includes('/dev/log') === true,
  ),
  'evt.count': number(() => 1),
  'evt.count.error': number((record) => (result(record) < 0 ? 1 : undefined)),
  'evt.count.exit': number(({ type }) => (type.isEnter ? undefined : 1)),
  'evt.is_open_read': flag((record) => opens(record, openFlag.read)),
  'evt.is_open_write': flag((record) => opens(record, openFlag.write)),
  'evt.is_open_create': flag((record) => opens(record, openFlag.created)),
  'evt.is_open_exec': flag(opensExecutable),
};
