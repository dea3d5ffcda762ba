import { canonicalIp } from '../../../base/ip.ts';
import type { Micros } from '../../../base/time.ts';
import { newEvent, type EventRow, type KindId, type VakthundEvent } from '../../../events/event.ts';
import type { JsonObject } from '../../json-value.ts';
import { finishActor } from '../../linux/program-names.ts';
import { isObject } from '../../mapping/paths.ts';
import { secondsOf } from '../../mapping/convert.ts';
import { windowsEventOf } from './windows-event.ts';

export interface RowContext {
  readonly artifact: string;
  readonly host: string | null;
  readonly time: Micros;
  /** Column that the time was read from; undefined when it is that of the collection. */
  readonly timeKey: string | undefined;
}

/** A column of ours, and the columns of a row that fill it: the first that has a fitting value. */
type As = 'text' | 'lower' | 'integer' | 'ip' | 'sha256';
type Columns = Readonly<Record<string, readonly [as: As, ...keys: readonly string[]]>>;

const process: Columns = {
  process_pid: ['integer', 'Pid'],
  process_parent_pid: ['integer', 'Ppid', 'PPid'],
  process_name: ['text', 'Name', 'CommandName'],
  process_executable: ['text', 'Exe', 'BinaryPath'],
  process_command_line: ['text', 'CommandLine', 'Cmdline'],
  user_name: ['text', 'Username', 'User'],
};
const startedProcess: Columns = { ...process, process_hash_sha256: ['sha256', 'Hash.SHA256'] };
const task: Columns = {
  task_command: ['text', 'Command'],
  task_arguments: ['text', 'Arguments'],
  task_user: ['text', 'UserId'],
};
const service: Columns = {
  task_name: ['text', 'Name'],
  task_command: ['text', 'PathName'],
  task_user: ['text', 'UserAccount'],
  task_trigger: ['text', 'StartMode'],
};
const connection: Columns = {
  process_pid: ['integer', 'Pid'],
  process_name: ['text', 'Name', 'ProcName'],
  process_executable: ['text', 'Path'],
  process_command_line: ['text', 'CommandLine'],
  user_name: ['text', 'Username'],
  network_transport: ['lower', 'Type'],
  source_ip: ['ip', 'Laddr.IP', 'Laddr', 'SrcIP'],
  source_port: ['integer', 'Laddr.Port', 'Lport', 'SrcPort'],
  destination_ip: ['ip', 'Raddr.IP', 'Raddr', 'DestIP'],
  destination_port: ['integer', 'Raddr.Port', 'Rport', 'DestPort'],
};
const login: Columns = {
  process_pid: ['integer', 'login_PID'],
  target_user_name: ['text', 'login_User'],
  process_tty: ['text', 'login_Terminal'],
  source_ip: ['ip', 'login_IpAddr', 'login_Host'],
  source_host: ['text', 'login_Host'],
};

/** The events of a row; a session that has ended gives its log-out too. */
export function eventsOfRow(row: JsonObject, context: RowContext): VakthundEvent[] {
  if (row['login_time'] !== undefined && row['login_User'] !== undefined) return sessionOf(row, context);
  const hasTime = context.timeKey !== undefined;
  if (hasTime && row['Pid'] !== undefined && row['Ppid'] !== undefined) {
    return [filled('process', row, context, startedProcess, { event_action: 'exec' })];
  }
  const isConnection = ['Laddr', 'Laddr.IP', 'SrcIP'].some((key) => row[key] !== undefined);
  // A connection was there when it was collected.
  if (context.time > 0 && isConnection) {
    return [filled('socket', row, context, connection, { event_action: socketAction(row) })];
  }
  if (hasTime) {
    const planned = plannedOf(row, context);
    if (planned !== undefined) return [planned];
  }
  const windows = windowsEventOf(row, context.time);
  if (windows !== undefined) return [{ ...windows, host_name: windows.host_name ?? context.host }];
  const columns = row['Pid'] === undefined ? {} : process;
  return [
    filled('log', row, context, columns, {
      log_name: context.artifact,
      message: messageOf(row),
      log_level: levelOf(row),
    }),
  ];
}

/** A scheduled task of Windows at the last change of its file, or a service when it was made. */
function plannedOf(row: JsonObject, context: RowContext): VakthundEvent | undefined {
  const { OSPath: path, Command: command, PathName: program, StartMode: mode } = row;
  const name =
    typeof path === 'string' ? /\\System32\\Tasks(?<name>\\.{1,1000})$/i.exec(path)?.groups?.['name'] : undefined;
  if (name !== undefined && typeof command === 'string') {
    const constants = { event_action: 'updated', task_type: 'task', task_name: name };
    return filled('scheduled_task', row, context, task, constants);
  }
  if (typeof program !== 'string' || typeof mode !== 'string') return undefined;
  return filled('scheduled_task', row, context, service, { event_action: 'created', task_type: 'service' });
}

function sessionOf(row: JsonObject, context: RowContext): VakthundEvent[] {
  const action = (name: string) => ({ event_action: name, event_outcome: 'success' });
  const logout = secondsOf(row['logout_time']);
  const start = filled('user_session', row, context, login, action('login'));
  if (logout === undefined || logout <= 0) return [start];
  return [start, filled('user_session', row, { ...context, time: logout }, login, action('logout'))];
}

/** An event with the columns that the row fills; the row itself stays in `fields` but for what they hold. */
function filled(
  kind: KindId,
  row: JsonObject,
  context: RowContext,
  columns: Columns,
  constants: object,
): VakthundEvent {
  const event = newEvent(kind) as unknown as EventRow;
  event['time'] = context.time;
  event['event_dataset'] = `velociraptor.${context.artifact}`;
  event['host_name'] = hostOf(row) ?? context.host;
  const used = new Set<string>();
  for (const [column, [as, ...keys]] of Object.entries(columns)) {
    const key = keys.find((one) => convert(valueAt(row, one), as) !== undefined);
    if (key === undefined) continue;
    event[column] = convert(valueAt(row, key), as) ?? null;
    if (Object.hasOwn(row, key)) used.add(key);
  }
  Object.assign(event, constants);
  finishActor(event);
  if (kind === 'user_session' && event['source_host'] === event['source_ip']) event['source_host'] = null;
  for (const key of ['message', 'level']) if (kind === 'log' && typeof row[key] === 'string') used.add(key);
  const kept = Object.entries(row).filter(([key, value]) => !used.has(key) && value !== null && value !== '');
  event['fields'] = kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
  return event as unknown as VakthundEvent;
}

/** `Laddr.IP` is a key of its own, or a part of `Laddr`. */
function valueAt(row: JsonObject, path: string): unknown {
  if (row[path] !== undefined) return row[path];
  const [first = '', second] = path.split('.');
  const outer = row[first];
  return second !== undefined && isObject(outer) ? outer[second] : undefined;
}

function convert(value: unknown, as: As): string | number | undefined {
  if (as === 'integer') return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  if (as === 'ip') return canonicalIp(value);
  if (as === 'sha256') return /^[\da-f]{64}$/i.test(value) ? value.toLowerCase() : undefined;
  return as === 'lower' ? value.toLowerCase() : value;
}

/** Rows of hunts and of client information name the host. */
function hostOf(row: JsonObject): string | undefined {
  for (const key of ['Fqdn', 'Hostname', 'Computer', 'ClientHostname']) {
    const value = row[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function socketAction(row: JsonObject): string {
  const { Status: status } = row;
  return typeof status === 'string' && /^listen/i.test(status) ? 'listen' : 'connect';
}

function messageOf({ message }: JsonObject): string | null {
  return typeof message === 'string' ? message.trimEnd() : null;
}

function levelOf({ level }: JsonObject): string | null {
  return typeof level === 'string' ? level.toLowerCase() : null;
}
