import { signalName } from '../../linux/names.ts';
import { actorFields, putActor, standingFields } from '../../linux/process/actor.ts';
import type { ConnectorEvent } from '../../linux/process/connector-event.ts';
import { unknownProgram } from '../../linux/process/program.ts';
import type { KnownProcess } from '../../linux/process/process-table.ts';
import type { UserNames } from '../../linux/user-names.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { Micros } from '../../../base/time.ts';

export interface RowContext {
  readonly hostName: string;
  readonly users: UserNames;
  micros(monotonicNs: bigint): Micros;
}

/** What a process was before the event. */
export interface Before {
  readonly effectiveUser: number | undefined;
  readonly name: string | undefined;
}

/** The event as a row; undefined for what is only taken down: forks, sessions, groups, names of threads. */
export function rowOf(
  event: ConnectorEvent,
  known: KnownProcess,
  before: Before,
  context: RowContext,
): EventOf<'process'> | undefined {
  switch (event.what) {
    case 'exec':
      return execRow(event, known, context);
    case 'exit':
      return known.hasExecuted || known.startedNs === undefined ? exitRow(event, known, context) : undefined;
    case 'uid': {
      const row = actorRow('setuid', event, known, context);
      row.is_privileged_change =
        before.effectiveUser === undefined ? null : event.effective === 0 && before.effectiveUser !== 0;
      put(row, { user_before: before.effectiveUser, real_user: event.real, ...actorFields(known) });
      return row;
    }
    case 'comm': {
      if (before.name === event.comm) return undefined;
      const row = actorRow('prctl', event, known, context);
      put(row, { name_before: before.name });
      return row;
    }
    case 'coredump':
      return actorRow('coredump', event, known, context);
    case 'fork':
    case 'gid':
    case 'listening':
    case 'ptrace':
    case 'session':
      return undefined;
  }
}

/** A process that begins to trace another: told of the one that traces. */
export function traceRow(
  event: ConnectorEvent,
  tracer: KnownProcess,
  target: KnownProcess | undefined,
  context: RowContext,
): EventOf<'process'> {
  const row = actorRow('ptrace', event, tracer, context);
  row.target_pid = event.pid;
  row.target_name = target?.name ?? null;
  put(row, actorFields(tracer));
  return row;
}

function execRow(event: ConnectorEvent, known: KnownProcess, context: RowContext): EventOf<'process'> {
  const row = actorRow('exec', event, known, context);
  const { program, realUser, effectiveUser, container } = known;
  row.event_outcome = 'success';
  row.process_args = program.args ?? null;
  row.process_hash_sha256 = program.hash ?? null;
  row.is_privileged_change =
    realUser === undefined || effectiveUser === undefined ? null : effectiveUser === 0 && realUser !== 0;
  const unread = container === undefined ? [...program.unread, 'container'] : program.unread;
  put(row, {
    ...fileFields(known),
    real_user: realUser === effectiveUser ? undefined : realUser,
    are_args_cut: program.isArgsCut ? true : undefined,
    stdin: program.input,
    env: program.loader?.values,
    is_env_cut: program.loader?.isCut === true ? true : undefined,
    is_not_hashed: program.file !== undefined && program.hash === undefined ? true : undefined,
    unread: unread.length === 0 ? undefined : unread,
    ...standingFields(known),
    ...actorFields(known),
  });
  return row;
}

/** Takes out of a row of an exec what turned out to be of the program after it. */
export function withdraw(row: EventOf<'process'>): void {
  row.process_name = null;
  row.process_executable = null;
  row.process_command_line = null;
  row.process_args = null;
  row.process_hash_sha256 = null;
  row.process_working_directory = null;
  const { ancestors } = JSON.parse(row.fields ?? '{}') as { readonly ancestors?: unknown };
  put(row, { unread: unknownProgram().unread, ancestors });
}

function fileFields({ program: { file } }: KnownProcess): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  const major = ((file.device >> 8n) & 0xfffn) | ((file.device >> 32n) & 0xffff_f000n);
  const minor = (file.device & 0xffn) | ((file.device >> 12n) & 0xffff_ff00n);
  return {
    executable_inode: String(file.inode),
    executable_device: `${major}:${minor}`,
    executable_modified_ns: String(file.modifiedNs),
    executable_changed_ns: String(file.changedNs),
  };
}

function exitRow(
  event: ConnectorEvent & { what: 'exit' },
  known: KnownProcess,
  context: RowContext,
): EventOf<'process'> {
  const row = actorRow('exit', event, known, context);
  row.process_exit_code = (event.code >>> 8) & 0xff;
  const signal = event.code & 0x7f;
  const { startedNs } = known;
  put(row, {
    signal: signal === 0 ? undefined : (signalName(signal) ?? String(signal)),
    duration_us: startedNs === undefined ? undefined : Number((event.monotonicNs - startedNs) / 1000n),
  });
  return row;
}

function actorRow(action: string, event: ConnectorEvent, known: KnownProcess, context: RowContext): EventOf<'process'> {
  const row = newEvent('process');
  row.time = context.micros(event.monotonicNs);
  row.event_dataset = 'linux.process';
  row.sensor = 'process-events';
  row.host_name = context.hostName;
  row.event_action = action;
  putActor(row, known, context.users);
  return row;
}

/** Members without a value are left out. */
function put(row: EventOf<'process'>, fields: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(fields);
  row.fields = text === '{}' ? null : text;
}
