import type { actorColumns, commonColumns, RowOf } from '../../../../events/kind.ts';
import type { ScapRecord } from '../record.ts';
import { unsetId, type Thread } from '../state/thread.ts';
import { terminalName } from './terminal.ts';

/** Columns that all events about a process share. */
export type ActorRow = RowOf<typeof commonColumns> & RowOf<typeof actorColumns>;

/** Microseconds since 1970. The two halves of the nanoseconds are divided without going past 2^53. */
function microsOf(record: ScapRecord): number {
  const rest = record.timeHigh * 296 + record.timeLow;
  return record.timeHigh * 4_294_967 + Math.floor(rest / 1000);
}

/** Fills in when and where it was. */
export function applyMoment(row: ActorRow, record: ScapRecord): void {
  row.time = microsOf(record);
  row.event_dataset = 'scap.syscall';
  row.host_name = orNull(record.system.hostName);
  row.evidence_at = record.number;
}

/** Fills in when and where it was, and who did it, as far as the state tells. */
export function applyActor(row: ActorRow, record: ScapRecord): void {
  const { thread, system } = record;
  applyMoment(row, record);
  if (thread === undefined) return;
  row.process_pid = thread.pid;
  row.process_name = known(thread.name);
  row.process_executable = executableOf(thread);
  row.process_command_line = known(thread.commandLine);
  row.process_working_directory = directoryOf(record, thread);
  row.process_tty = terminalName(thread.tty);
  row.user_id = idOf(thread.uid);
  row.user_name = orNull(system.accounts.user(thread.container, thread.uid)?.name);
  row.login_id = idOf(thread.loginUid);
  row.login_name = orNull(system.accounts.user(thread.container, thread.loginUid)?.name);
  row.container_id = orNull(thread.container);
  const container = system.containers.get(thread.container);
  row.container_name = container?.name ?? null;
  row.container_image_name = container?.image ?? null;
  applyParent(row, record, thread);
}

function applyParent(row: ActorRow, { system }: ScapRecord, thread: Thread): void {
  const main = system.threads.main(thread) ?? thread;
  row.process_parent_pid = main.parent < 0 ? null : main.parent;
  const parent = system.threads.parentOf(main);
  if (parent === undefined) return;
  row.process_parent_name = known(parent.name);
  row.process_parent_executable = executableOf(parent);
  row.process_parent_command_line = known(parent.commandLine);
}

/** Older captures do not tell the path; what the program was called by is one when it is absolute. */
function executableOf({ path, exe }: Thread): string | null {
  if (path.startsWith('/')) return path;
  return exe.startsWith('/') ? exe : null;
}

function directoryOf({ system }: ScapRecord, thread: Thread): string | null {
  const directory = system.threads.directoryOf(thread);
  if (!directory.startsWith('/')) return null;
  return directory === '/' ? directory : directory.replace(/\/$/, '');
}

function idOf(id: number): number {
  return id === unsetId ? -1 : id;
}

function known(text: string): string | null {
  return text === '' || text === '<NA>' ? null : text;
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
