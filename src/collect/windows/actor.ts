import type { EventReader } from './event-reader.ts';
import { baseName } from './paths.ts';

/** Columns of `actorColumns` that Windows events fill. */
interface ActorColumns {
  process_pid: number | null;
  process_name: string | null;
  process_executable: string | null;
  process_command_line: string | null;
  process_parent_pid: number | null;
  process_parent_name: string | null;
  process_parent_executable: string | null;
  process_parent_command_line: string | null;
  process_working_directory: string | null;
  user_name: string | null;
  session_id: string | null;
}

export function setProcess(event: ActorColumns, pid: number | null, executable: string | null): void {
  event.process_pid = pid;
  event.process_executable = executable;
  event.process_name = executable === null ? null : baseName(executable);
}

export function setParent(event: ActorColumns, pid: number | null, executable: string | null): void {
  event.process_parent_pid = pid;
  event.process_parent_executable = executable;
  event.process_parent_name = executable === null ? null : baseName(executable);
}

/** The process that did it, as Sysmon writes it in most of its events. */
export function setSysmonActor(event: ActorColumns, reader: EventReader): void {
  setProcess(event, reader.integer('ProcessId'), reader.text('Image'));
  event.user_name = reader.text('User');
}

/** The account that did it, as the Security log writes it in all of its events. */
export function setSubject(event: ActorColumns, reader: EventReader): void {
  event.user_name = reader.account('SubjectUserName', 'SubjectDomainName');
  event.session_id = reader.text('SubjectLogonId');
}
