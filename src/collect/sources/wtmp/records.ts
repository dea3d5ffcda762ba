import { canonicalIp, formatIp } from '../../../base/ip.ts';
import { microsPerSecond } from '../../../base/time.ts';
import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { lastlog, type Layout } from './layout.ts';

/** User of the last log-in by terminal. */
export type Terminals = Map<string, string>;

/** Terminals that are remembered; a machine has some thousands at most. */
const maxTerminals = 4096;
const types = [
  'empty',
  'run-level',
  'boot',
  'new-time',
  'old-time',
  'init',
  'login-process',
  'user',
  'dead',
  'accounting',
];
const userProcess = 7;
const deadProcess = 8;
const loginProcess = 6;

/** The event of a record of wtmp, btmp or utmp; undefined for one that is empty. */
export function eventOfRecord(record: Buffer, layout: Layout, terminals: Terminals): VakthundEvent | undefined {
  const type = record.readUInt16LE(0);
  const line = textAt(record, layout.line, 32);
  const user = textAt(record, 44, 32);
  const isFailure = line === 'ssh:notty' || (type === loginProcess && user !== '' && user !== 'LOGIN');
  if (type === 0 && record.readUInt32LE(layout.time) === 0) return undefined;
  const time = timeAt(record, layout);
  const pid = record.readInt32LE(4);
  const fields = JSON.stringify({ type: types[type] ?? type, ...idOf(record), ...exitOf(record) });
  const isSession = isFailure || type === userProcess || type === deadProcess;
  if (!isSession) return systemEvent(record, { type, time, fields, line, user });
  const event = newEvent('user_session');
  event.time = time;
  event.event_dataset = 'wtmp';
  event.event_action = type === deadProcess && !isFailure ? 'logout' : 'login';
  event.event_outcome = isFailure ? 'failure' : 'success';
  event.target_user_name = user === '' ? (terminals.get(line) ?? null) : user;
  event.process_pid = pid;
  event.process_tty = line || null;
  event.session_id = String(record.readInt32LE(layout.session));
  setOrigin(event, textAt(record, layout.host, 256), addressAt(record, layout.address));
  event.fields = fields;
  if (event.event_action === 'logout') terminals.delete(line);
  else if (!isFailure && terminals.size < maxTerminals) terminals.set(line, user);
  return event;
}

/** The last log-in of a user; undefined for one who never did. */
export function eventOfLastlog(record: Buffer, uid: number): VakthundEvent | undefined {
  const seconds = record.readInt32LE(lastlog.time);
  if (seconds === 0) return undefined;
  const event = newEvent('user_session');
  event.time = seconds * microsPerSecond;
  event.event_dataset = 'lastlog';
  event.event_action = 'login';
  event.event_outcome = 'success';
  event.target_user_id = String(uid);
  event.process_tty = textAt(record, lastlog.line, 32) || null;
  setOrigin(event, textAt(record, lastlog.host, 256), undefined);
  return event;
}

interface SystemRecord {
  readonly type: number;
  readonly time: number;
  readonly fields: string;
  readonly line: string;
  readonly user: string;
}

/** Boots, run levels and changes of the clock. */
function systemEvent(record: Buffer, { type, time, fields, line, user }: SystemRecord): VakthundEvent {
  const event = newEvent('log');
  event.time = time;
  event.event_dataset = 'wtmp';
  event.log_name = types[type] ?? String(type);
  // The host of a boot is the version of the kernel.
  event.message = [user, line, textAt(record, 76, 256)].filter((part) => part !== '').join(' ') || null;
  event.process_pid = record.readInt32LE(4);
  event.fields = fields;
  return event;
}

function setOrigin(event: EventOf<'user_session'>, host: string, address: string | undefined): void {
  event.source_ip = address ?? canonicalIp(host) ?? null;
  event.source_host = host === '' || canonicalIp(host) !== undefined ? null : host;
}

function idOf(record: Buffer): { id?: string } {
  const id = textAt(record, 40, 4);
  return id === '' ? {} : { id };
}

/** How a process ended, where that is told. */
function exitOf(record: Buffer): { exit?: { termination: number; status: number } } {
  const [termination, status] = [record.readInt16LE(332), record.readInt16LE(334)];
  return termination === 0 && status === 0 ? {} : { exit: { termination, status } };
}

function timeAt(record: Buffer, layout: Layout): number {
  const seconds = layout.isWide ? Number(record.readBigInt64LE(layout.time)) : record.readUInt32LE(layout.time);
  const micros = record.readUInt32LE(layout.time + (layout.isWide ? 8 : 4));
  const time = seconds * microsPerSecond + (micros < microsPerSecond ? micros : 0);
  return Number.isSafeInteger(time) ? time : 0;
}

/** An IPv4 address stands in the first four bytes, with zeros behind; all zeros are none. */
function addressAt(record: Buffer, at: number): string | undefined {
  const bytes = record.subarray(at, at + 16);
  if (bytes.every((byte) => byte === 0)) return undefined;
  if (bytes.subarray(4).every((byte) => byte === 0)) return bytes.subarray(0, 4).join('.');
  return canonicalIp(formatIp(BigInt(`0x${bytes.toString('hex')}`)));
}

/** Text up to the first NUL. */
function textAt(record: Buffer, from: number, length: number): string {
  const field = record.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}
