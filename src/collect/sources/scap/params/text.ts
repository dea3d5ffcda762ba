import { errorName, signalName } from '../../../linux/names.ts';
import { syscallName, type Parameter } from '../format/event-table.ts';
import type { ScapRecord } from '../record.ts';
import { joinPath } from '../state/paths.ts';
import type { SystemState } from '../state/system.ts';
import { transport, typeLetter, type Descriptor } from '../state/descriptor.ts';
import { bitNames, generalText, numberText, valueName } from './numbers.ts';
import { addressOf, tupleOf } from './sockets.ts';

/** How a parameter is written: as it came, and what it stands for (empty when that says nothing more). */
export interface ParameterText {
  raw: string;
  resolved: string;
}

const currentDirectory = -100;
const unset = 0xffff_ffff;

type Writer = (
  record: ScapRecord,
  index: number,
  parameter: Parameter,
  text: ParameterText,
  system: SystemState,
) => void;

const writeNumber: Writer = (record, index, parameter, text) => {
  text.raw = numberText(record, index, parameter);
};

const writeText: Writer = (record, index, _parameter, text) => {
  text.raw = record.text(index) ?? '';
};

const writeBits: Writer = (record, index, { names }, text) => {
  const value = record.uint(index);
  text.raw = String(value);
  if (names !== undefined) text.resolved = bitNames(names, value);
};

const writeValue: Writer = (record, index, { names }, text) => {
  const value = record.uint(index);
  text.raw = String(value);
  if (names !== undefined) text.resolved = valueName(names, value);
};

const writeMode: Writer = (record, index, parameter, text) => {
  text.raw = numberText(record, index, parameter);
  if (parameter.names !== undefined) text.resolved = bitNames(parameter.names, record.uint(index));
};

const writeDescriptor: Writer = (record, index, _parameter, text, system) => {
  const fd = record.int(index);
  text.raw = String(fd);
  const { thread } = record;
  if (thread === undefined) return;
  if (fd >= 0) {
    const descriptor = system.threads.tableOf(thread).get(fd);
    if (descriptor !== undefined) text.resolved = `<${lettersOf(descriptor)}>${printable(descriptor.name)}`;
  } else if (fd === currentDirectory) text.resolved = 'AT_FDCWD';
  else text.resolved = errorName(-fd) ?? '';
};

const protocolLetters: Readonly<Record<number, string>> = {
  [transport.tcp]: 't',
  [transport.udp]: 'u',
  [transport.icmp]: 'i',
  [transport.raw]: 'r',
};

function lettersOf(descriptor: Descriptor): string {
  const protocol = descriptor.isInternet ? (protocolLetters[descriptor.shownTransport] ?? '') : '';
  return typeLetter(descriptor.type) + protocol;
}

const writeError: Writer = (record, index, parameter, text) => {
  const value = record.int(index);
  text.raw = value < 0 ? String(value) : numberText(record, index, parameter);
  if (value < 0) text.resolved = errorName(-value) ?? '';
};

const writeProcess: Writer = (record, index, _parameter, text, system) => {
  const tid = record.int(index);
  text.raw = String(tid);
  text.resolved = system.threads.get(tid)?.name ?? '';
};

const writePath: Writer = (record, index, parameter, text, system) => {
  const path = record.text(index) ?? '';
  text.raw = printable(path);
  const { thread } = record;
  if (thread === undefined || path === '' || path === '<NA>' || path.startsWith('/')) return;
  text.resolved = printable(joinPath(directoryFor(record, parameter, system), path));
};

/** Empty when the directory was never seen: the path stays relative. */
function directoryFor(record: ScapRecord, { directory }: Parameter, { threads }: SystemState): string {
  const { thread } = record;
  if (thread === undefined) return '';
  const fd = directory < 0 ? currentDirectory : record.int(directory);
  if (fd === currentDirectory) return threads.directoryOf(thread);
  const name = threads.tableOf(thread).get(fd)?.name;
  return name === undefined || name === '' ? '' : `${name}/`;
}

const writeBytes: Writer = (record, index, _parameter, text) => {
  text.raw = dotted(record.data(index));
};

const writeAddress: Writer = (record, index, _parameter, text) => {
  text.raw = printable(addressOf(record, index));
};

const writeTuple: Writer = (record, index, _parameter, text) => {
  text.raw = printable(tupleOf(record, index));
};

const writeSignal: Writer = (record, index, _parameter, text) => {
  const signal = record.uint(index);
  text.raw = String(signal);
  text.resolved = signalName(signal) ?? '';
};

const writeSignals: Writer = (record, index, _parameter, text) => {
  const mask = record.uint(index);
  const signals = Array.from({ length: 31 }, (_none, bit) => bit + 1).filter(
    (signal) => (mask & (1 << (signal - 1))) !== 0,
  );
  text.raw = signals.map(signalName).join(' ');
};

const writeDuration: Writer = (record, index, _parameter, text) => {
  const value = record.big(index);
  if (value === 0xffff_ffff_ffff_ffffn) {
    text.raw = 'none';
    return;
  }
  text.raw = value.toString();
  text.resolved = `${generalText(Number(value) / 1e9)}s`;
};

/** Times are written in UTC: the zone of the machine that recorded them is not known. */
const writeTime: Writer = (record, index, _parameter, text) => {
  const value = record.big(index);
  const seconds = new Date(Number(value / 1_000_000_000n) * 1000);
  const isPossible = !Number.isNaN(seconds.getTime());
  const [day, clock] = isPossible ? seconds.toISOString().slice(0, 19).split('T') : ['?', '?'];
  text.raw = `${day} ${clock}.${(value % 1_000_000_000n).toString().padStart(9, '0')} +0000`;
};

const writeSyscall: Writer = (record, index, _parameter, text) => {
  const code = record.uint(index);
  text.raw = String(code);
  text.resolved = syscallName(code) ?? '';
};

function accountWriter(lookUp: (system: SystemState, container: string, id: number) => string | undefined): Writer {
  return (record, index, _parameter, text, system) => {
    const id = record.uint(index);
    if (id === unset) {
      text.raw = '-1';
      text.resolved = '<NONE>';
      return;
    }
    text.raw = String(id | 0);
    const name = lookUp(system, record.thread?.container ?? '', id);
    text.resolved = name === undefined || name === '' ? '<NA>' : name;
  };
}

/** Descriptors that are waited for: number, letter of the type and events in hexadecimal. */
const writeDescriptors: Writer = (record, index, _parameter, text, system) => {
  const { thread } = record;
  const count = record.lengthOf(index) < 2 ? 0 : record.view.getUint16(record.offsetOf(index), record.littleEndian);
  const parts: string[] = [];
  for (let entry = 0; entry < count && 2 + (entry + 1) * 10 <= record.lengthOf(index); entry++) {
    const at = record.offsetOf(index) + 2 + entry * 10;
    const fd = Number(record.view.getBigInt64(at, record.littleEndian));
    const events = record.view.getInt16(at + 8, record.littleEndian) >>> 0;
    const descriptor = thread === undefined ? undefined : system.threads.tableOf(thread).get(fd);
    parts.push(`${fd}:${descriptor === undefined ? '?' : typeLetter(descriptor.type)}${events.toString(16)}`);
  }
  text.raw = parts.join(' ');
};

/** A value whose type is said by its first byte, in the order of the format's own tables. */
const dynamicTypes: Readonly<Record<string, readonly string[]>> = {
  setsockopt: ['BYTEBUF', 'ERRNO', 'UINT32', 'UINT64', 'RELTIME'],
  getsockopt: ['BYTEBUF', 'ERRNO', 'UINT32', 'UINT64', 'RELTIME'],
  ptrace: ['UINT64', 'SIGTYPE'],
  bpf: ['FD', 'ERRNO'],
};

const writeDynamic: Writer = (record, index, parameter, text, system) => {
  const type = dynamicTypes[record.type.name]?.[record.byteAt(index, 0)] ?? 'BYTEBUF';
  record.narrow(index, 1, () => {
    writers[type]?.(record, index, { ...parameter, type }, text, system);
  });
};

const writers: Readonly<Record<string, Writer | undefined>> = {
  ...Object.fromEntries(
    [
      'INT8',
      'INT16',
      'INT32',
      'INT64',
      'UINT8',
      'UINT16',
      'UINT32',
      'UINT64',
      'PORT',
      'L4PROTO',
      'SOCKFAMILY',
      'BOOL',
    ].map((type) => [type, writeNumber] as const),
  ),
  ...Object.fromEntries(['FLAGS8', 'FLAGS16', 'FLAGS32'].map((type) => [type, writeBits] as const)),
  ...Object.fromEntries(['ENUMFLAGS8', 'ENUMFLAGS16', 'ENUMFLAGS32'].map((type) => [type, writeValue] as const)),
  SIGSET: writeSignals,
  IPV4ADDR: writeNumber,
  CHARBUF: writeText,
  BYTEBUF: writeBytes,
  FSPATH: writePath,
  FSRELPATH: writePath,
  FD: writeDescriptor,
  FD32: writeDescriptor,
  ERRNO: writeError,
  PID: writeProcess,
  PID32: writeProcess,
  MODE: writeMode,
  SIGTYPE: writeSignal,
  RELTIME: writeDuration,
  ABSTIME: writeTime,
  SYSCALLID: writeSyscall,
  SOCKADDR: writeAddress,
  SOCKTUPLE: writeTuple,
  FDLIST: writeDescriptors,
  DYN: writeDynamic,
  UID: accountWriter((system, container, id) => system.accounts.user(container, id)?.name),
  GID: accountWriter((system, container, id) => system.accounts.group(container, id)),
};

/** Types that may be empty and are then written as nothing. */
const emptyTypes = new Set(['BYTEBUF', 'FDLIST']);
const shared: ParameterText = { raw: '', resolved: '' };

/** Writes one parameter as sysdig does. The result is one object that the next call changes. */
export function parameterText(record: ScapRecord, index: number, system: SystemState): ParameterText {
  const parameter = record.type.parameters[index];
  shared.raw = '';
  shared.resolved = '';
  if (parameter === undefined) return shared;
  if (record.lengthOf(index) === 0) {
    shared.raw = emptyTypes.has(parameter.type) ? '' : 'NULL';
    return shared;
  }
  writers[parameter.type]?.(record, index, parameter, shared, system);
  return shared;
}

/** `res=-2(ENOENT) name=/etc/x `: all parameters, a blank after each. Calls without an event of their own show none. */
export function argumentsText(record: ScapRecord, system: SystemState): string {
  if (record.type.id < 2) return '';
  let all = '';
  for (let index = 0; index < record.parameterCount; index++) {
    const name = record.type.parameters[index]?.name ?? '';
    const { raw, resolved } = parameterText(record, index, system);
    all += resolved === '' ? `${name}=${raw} ` : `${name}=${raw}(${resolved}) `;
  }
  return all;
}

/** Bytes as text; a dot stands for what is not printable ASCII. */
function dotted(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^ -~]/g, '.');
}

/** Text without control characters. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return /[\u0000-\u001f\u007f]/.test(text) ? text.replace(/[\u0000-\u001f\u007f]/g, '') : text;
}
